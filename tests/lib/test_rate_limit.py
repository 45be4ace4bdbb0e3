"""Counting by the minute in the shared cache."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from vru.lib import rate_limit
from vru.lib.rate_limit import seconds_to_wait


def stand_still(monkeypatch: pytest.MonkeyPatch, at: float) -> None:
    monkeypatch.setattr(rate_limit.time, "time", lambda: at)


def test_the_next_one_after_the_limit_waits_until_the_minute_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_still(monkeypatch, 6_000_045.0)
    who = uuid4().hex
    assert [seconds_to_wait("test", who, 3) for _ in range(5)] == [0, 0, 0, 15, 15]


def test_a_new_minute_begins_from_nothing_and_nobody_pays_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    who, other = uuid4().hex, uuid4().hex
    stand_still(monkeypatch, 6_000_045.0)
    assert seconds_to_wait("test", who, 1) == 0
    assert seconds_to_wait("test", who, 1) == 15
    assert seconds_to_wait("test", other, 1) == 0
    stand_still(monkeypatch, 6_000_060.0)
    assert seconds_to_wait("test", who, 1) == 0


def test_requests_that_arrive_together_are_each_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_still(monkeypatch, 6_000_000.0)
    who = uuid4().hex
    with ThreadPoolExecutor(max_workers=8) as pool:
        waits = list(pool.map(lambda _: seconds_to_wait("test", who, 20), range(50)))
    assert waits.count(0) == 20
