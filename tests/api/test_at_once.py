"""Requests that arrive together: one return is sent, one answer is given, no save is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from grants.models import Revision
from tests.api.callers import Caller
from tests.cast import World
from tests.grants.test_return_actions import fill_in
from vru.accounts.models import IdempotentRequest

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _database_that_waits(transactional_db: None) -> None:
    """Threads need a database that makes one wait for another, which one in this process's memory does not."""
    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        pytest.fail("Threads cannot share a database in this process's memory. Run this test with: make test.")


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each call answered, all of them begun together."""
    together = threading.Barrier(len(calls))
    answers: list[Any] = []

    def run(call: Callable[[], Any]) -> None:
        together.wait()
        try:
            answers.append(call())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_the_same_request_arriving_at_once_sends_one_return_and_gets_one_answer(world: World) -> None:
    fill_in(world)
    caller = Caller(world)
    answers = at_once(*[caller.submit] * 4)
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.content for answer in answers}) == 1
    assert sorted(answer["Idempotency-Replayed"] for answer in answers) == ["false", "true", "true", "true"]
    assert Revision.objects.count() == IdempotentRequest.objects.count() == 1


def test_two_keys_arriving_at_once_send_one_return(world: World) -> None:
    fill_in(world)
    caller = Caller(world)
    answers = at_once(lambda: caller.submit("one"), lambda: caller.submit("two"))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert Revision.objects.count() == IdempotentRequest.objects.count() == 1


def test_saves_arriving_at_once_lose_nothing(world: World) -> None:
    caller = Caller(world)
    caller.save({"reach.new": 1})
    answers = at_once(*(lambda n=n: caller.save({"reach.new": n}, versions={"C": 1}) for n in (2, 3, 4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    won = next(answer for answer in answers if answer.status_code == 200)
    assert caller.get("draft").json()["values"] == won.json()["values"]


def test_the_first_use_of_a_key_by_many_requests_is_noted_without_an_error(world: World) -> None:
    caller = Caller(world)
    assert [answer.status_code for answer in at_once(*[caller.get] * 4)] == [200] * 4
