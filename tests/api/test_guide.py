"""The guide for a grantee's programmer is true: its commands are run in order, and answer what it shows."""

from __future__ import annotations

import json
import re
import shlex
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grants.api import examples
from grants.api.register import bodies
from grants.api.register import examples as register_examples
from grants.api.serializers import DraftBodySerializer, SubmissionBodySerializer, ValidationBodySerializer
from tests.api.callers import Caller
from tests.cast import World

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(json)?\n(.*?)^```", GUIDE, flags=re.MULTILINE | re.DOTALL)


def run(command: str, key: str) -> Any:
    """What the site answers to a curl command. An option the guide does not use yet fails the test."""
    words = shlex.split(command.replace("\\\n", " ").replace("$SITE", "").replace("$KEY", key))
    assert words.pop(0) == "curl"
    method, headers, body, address = "GET", {}, "", ""
    while words:
        word = words.pop(0)
        if word == "-X":
            method = words.pop(0)
        elif word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = words.pop(0)
        else:
            assert word.startswith("/"), f"The test does not know what {word} means."
            address = word
    kind = headers.pop("Content-Type", "")
    return Client().generic(method, address, body.encode(), content_type=kind, headers=headers)


def same(shown: Any, got: Any) -> bool:
    """Whether an answer is the one shown, where "…" stands for anything, and "…/x" for anything that ends in /x."""
    if isinstance(shown, str) and shown.startswith("…"):
        return shown == "…" or str(got).endswith(shown[1:])
    if isinstance(shown, dict) and isinstance(got, dict):
        return set(shown) == set(got) and all(same(value, got[name]) for name, value in shown.items())
    if isinstance(shown, list) and isinstance(got, list):
        return len(shown) == len(got) and all(map(same, shown, got))
    return bool(shown == got)


@pytest.fixture
def guided(world: World) -> World:
    """The grant that the guide speaks of, without an outcome to report."""
    world.grant.indicators.all().delete()
    world.grant.ref, world.grant.title = "YW-014", "Youth workers after school"
    world.grant.save()
    return world


def test_every_command_of_the_guide_answers_what_it_shows(guided: World) -> None:
    key = Caller(guided).secret
    answer, compared, failed = None, 0, []
    for kind, text in BLOCKS:
        if text.startswith("curl"):
            answer = run(text, key)
            if answer.status_code >= 500 or answer.status_code in {400, 401, 403, 404, 415, 422}:
                failed.append(f"{answer.status_code}: {text}")
        elif kind and answer is not None:
            got, answer, compared = answer.json(), None, compared + 1
            if not same(json.loads(text), got):
                failed.append(f"The guide shows\n{text}but the answer is\n{json.dumps(got, indent=2)}")
    assert failed == []
    assert compared == 5
    guided.monitoring_return.refresh_from_db()
    assert guided.monitoring_return.status == "submitted"


def test_the_guide_names_every_refusal_and_no_other() -> None:
    sources = "".join(path.read_text() for path in (ROOT / "grants" / "api").rglob("*.py"))
    table = GUIDE.partition("## What can go wrong")[2]
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)*)`", "".join(re.findall(r"^\| \d.*$", table, re.MULTILINE))))
    named -= {"detail", "errors"}
    assert {name for name in named if f'"{name}"' not in sources} == set()
    raised = set(re.findall(r'(?:ApiProblem\(\s*HTTPStatus\.\w+,\s*|_unprocessable\()"([a-z-]+)"', sources))
    assert raised <= named
    assert len(raised) >= 8


def test_anybody_can_read_the_guide_on_the_site(db: None) -> None:
    text = Client().get(reverse("api-guide")).content.decode()
    assert "<h1" in text
    assert "Idempotency-Key" in text
    assert text.count("<h2 ") == GUIDE.count("\n## ")


@pytest.mark.parametrize(
    ("serializer", "body"),
    [
        (DraftBodySerializer, examples.DRAFT_BODY),
        (DraftBodySerializer, examples.DRAFT_CHANGE_BODY),
        (ValidationBodySerializer, examples.VALIDATION_BODY),
        (SubmissionBodySerializer, examples.SUBMISSION_BODY),
        (SubmissionBodySerializer, examples.NIL_BODY),
        (bodies.ProgrammeAddSerializer, register_examples.PROGRAMME_ADD),
        (bodies.ProgrammeChangeSerializer, register_examples.PROGRAMME_CHANGE),
        (bodies.StatusBodySerializer, register_examples.STATUS),
        (bodies.GrantAddSerializer, register_examples.GRANT_ADD),
        (bodies.GrantChangeSerializer, register_examples.GRANT_CHANGE),
        (bodies.OrganisationAddSerializer, register_examples.ORGANISATION_ADD),
        (bodies.OrganisationChangeSerializer, register_examples.ORGANISATION_CHANGE),
    ],
)
def test_examples_of_requests_can_be_read(serializer: Any, body: Any) -> None:
    from_json = json.loads(json.dumps(body), parse_int=Decimal)
    assert serializer(data=from_json).is_valid(raise_exception=True)
