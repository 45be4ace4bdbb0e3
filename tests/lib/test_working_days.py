"""Days moved off weekends and bank holidays, whatever the day."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vru.lib.periods import SATURDAY, english_bank_holidays, next_working_day

days = st.dates(min_value=date(2015, 1, 1), max_value=date(2035, 12, 31))


@given(days)
def test_a_working_day_is_never_at_a_weekend_nor_a_bank_holiday(day: date) -> None:
    found = next_working_day(day)
    assert found.weekday() < SATURDAY
    assert found not in english_bank_holidays()


@given(days)
def test_a_working_day_is_never_earlier_and_at_most_a_long_weekend_later(day: date) -> None:
    assert timedelta(0) <= next_working_day(day) - day <= timedelta(days=4)


@given(days, days)
def test_a_later_day_is_never_moved_before_an_earlier_one(one: date, other: date) -> None:
    first, last = sorted((one, other))
    assert next_working_day(first) <= next_working_day(last)


@given(days)
def test_a_working_day_stays_where_it_is(day: date) -> None:
    found = next_working_day(day)
    assert next_working_day(found) == found
