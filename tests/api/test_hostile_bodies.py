"""What no honest system sends: each gets a 4xx with a sentence, never a 500, and nothing is saved."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grants.models import SectionDraft
from tests.api.callers import Caller
from tests.cast import World

BODIES = {
    "nothing": b"",
    "not JSON": b"reach.new=1",
    "half": b'{"values": {"reach.new": 1',
    "a list": b"[]",
    "a text": b'"values"',
    "null": b"null",
    "a number": b"1",
    "no values": b"{}",
    "values is a list": b'{"values": []}',
    "values is null": b'{"values": null}',
    "not UTF-8": b'{"values": {"reach.new": "\xff\xfe"}}',
    "UTF-16": '{"values": {"reach.new": 1}}'.encode("utf-16"),
    "byte order mark": b'\xef\xbb\xbf{"values": {}}',
    "NUL": b'{"values": {"reach.new": "1\\u0000"}}',
    "NUL in a name": b'{"values": {"reach\\u0000": "1"}}',
    "half a character": b'{"values": {"reach.new": "\\ud83c"}}',
    "half a character in a name": b'{"values": {"\\ud83c": "1"}}',
    "given twice": b'{"values": {"reach.new": 1, "reach.new": 2}}',
    "unknown name": b'{"values": {}, "version": {}}',
    "not a number": b'{"values": {"reach.new": NaN}}',
    "infinite": b'{"values": {"reach.new": -Infinity}}',
    "beyond every number": b'{"values": {"reach.new": 1e99999999999999999999999}}',
    "deep lists": b'{"values": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "deep objects": b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    "eleven deep": b'{"values": {"reach.new": ' + b"[" * 9 + b"]" * 9 + b"}}",
    "too large": b'{"values": {"reach.new": "' + b"9" * (2 * 1024 * 1024) + b'"}}',
    "a text too long to keep": b'{"values": {"answer.what-went-well": "' + b"x" * 200_001 + b'"}}',
    "many names": b'{"values": {' + b",".join(b'"n%d": 1' % n for n in range(20_000)) + b"}}",
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_cannot_be_read_is_refused_with_a_sentence(world: World, name: str) -> None:
    response = Caller(world).call("PUT", "draft", raw=BODIES[name])
    assert response.status_code == (413 if name == "too large" else 400)
    problem = response.json()
    assert response["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "errors"} <= set(problem)
    assert problem["detail"].endswith((".", "…"))
    assert len(response.content) < 30_000
    assert not SectionDraft.objects.exists()


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x", ""])
def test_another_kind_of_body_is_415(world: World, kind: str) -> None:
    response = Caller(world).call("PUT", "draft", raw=b'{"values": {}}', **{"content-type": kind})
    assert response.status_code == 415
    assert response.json()["type"] == "urn:vru:problem:not-json"


@pytest.mark.parametrize("method", ["DELETE", "POST", "OPTIONS", "TRACE"])
def test_another_method_is_405(world: World, method: str) -> None:
    response = Caller(world).call(method, "draft")
    assert response.status_code == 405
    assert response.json()["type"] == "urn:vru:problem:method-not-allowed"


def test_another_language_of_answers_is_406(world: World) -> None:
    response = Caller(world).get("draft", Accept="text/html")
    assert response.status_code == 406
    assert response.json()["type"] == "urn:vru:problem:not-acceptable-format"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=20), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["reach.new", "age.10-14", "answer.what-went-well", "spend.labour.actual", "no.such"])


@pytest.mark.slow
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.fixed_dictionaries({"values": st.dictionaries(NAMES | st.text(max_size=9), JSON, max_size=3) | JSON}))
def test_whatever_json_is_sent_the_answer_is_ours(world: World, settings: Any, body: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
    caller = Caller(world, secret=world.__dict__.setdefault("secret", None) or _secret(world))
    response = caller.call("PATCH", "draft", body)
    assert response.status_code in {200, 400, 409}
    assert isinstance(response.json(), dict)


def _secret(world: World) -> str:
    world.__dict__["secret"] = Caller(world).secret
    return world.__dict__["secret"]
