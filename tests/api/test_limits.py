"""How often a key may call, and how often an address may guess."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.callers import Caller, make_key
from tests.cast import World


@pytest.fixture(autouse=True)
def _fresh_counts(settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 3
    settings.API_WRONG_KEYS_PER_MINUTE = 2


def test_a_key_that_calls_too_often_is_told_how_long_to_wait(world: World) -> None:
    caller = Caller(world)
    answers = [caller.get() for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    refused = answers[-1]
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused.json()["type"] == "urn:vru:problem:too-many-requests"


def test_one_key_does_not_use_up_anothers_requests(world: World) -> None:
    busy = Caller(world)
    for _ in range(4):
        busy.get()
    other = Caller(world, secret=make_key(world, by=world.cast.signatory, name="Other"))
    assert other.get().status_code == 200


def test_guessing_keys_is_slowed_by_address_and_a_right_key_still_works(world: World) -> None:
    right = Caller(world)
    wrong = Caller(world, secret="vru_00000000_" + "0" * 64)
    assert [wrong.get().status_code for _ in range(4)] == [401, 401, 429, 429]
    assert int(wrong.get()["Retry-After"]) >= 1
    assert right.get().status_code == 200


def test_an_address_in_a_header_is_not_believed_without_a_trusted_proxy(world: World) -> None:
    wrong = Caller(world, secret="vru_00000000_" + "0" * 64)
    codes = [wrong.get(X_Forwarded_For=f"192.0.2.{number}").status_code for number in range(4)]
    assert codes == [401, 401, 429, 429]
