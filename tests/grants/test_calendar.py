"""The dates of returns by rule, and the returns that a grant's schedule asks for."""

from __future__ import annotations

import datetime
import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.models import Commitment, ReportingQuarter
from grants.timetable import calendar
from grants.timetable.planning import PlannedReturn, planned_returns, quarters_touched
from tests.factories import CommitmentFactory, MilestoneFactory, ReportingQuarterFactory
from vru.lib.periods import SATURDAY, Quarter, english_bank_holidays

day = datetime.date
years = st.integers(min_value=2016, max_value=2034)
numbers = st.integers(min_value=1, max_value=4)
Schedule = Commitment.Schedule


@given(years, numbers, st.integers(min_value=0, max_value=90))
def test_a_return_is_due_on_a_working_day_no_earlier_than_the_rule(year: int, number: int, days: int) -> None:
    end = Quarter(year, number).ends_on
    due = calendar.due_on(end, days)
    assert due >= end + datetime.timedelta(days=days)
    assert due.weekday() < SATURDAY
    assert due not in english_bank_holidays()


@given(years, numbers, st.integers(min_value=0, max_value=89))
def test_more_days_never_make_a_return_due_earlier(year: int, number: int, days: int) -> None:
    end = Quarter(year, number).ends_on
    assert calendar.due_on(end, days) <= calendar.due_on(end, days + 1)


def test_the_units_rule_holds_where_a_grant_has_none(settings: Any) -> None:
    settings.RETURN_DUE_DAYS = 30
    assert calendar.due_on(day(2020, 6, 30)) == day(2020, 7, 30)
    settings.RETURN_OPENS_DAYS_BEFORE_END = 10
    assert calendar.opens_on(day(2020, 6, 30)) == day(2020, 6, 20)


def test_an_extension_counts_from_the_later_of_today_and_the_day_due(settings: Any) -> None:
    settings.RETURN_EXTENSION_MOST_DAYS, settings.RETURN_EXTENSION_DAYS = 28, 7
    assert calendar.latest_extension(day(2020, 7, 15), day(2020, 8, 3)) == day(2020, 8, 31)
    # 22 December and a week is the 29th; from the 18th it would be Christmas Day, so it moves past Boxing Day.
    assert calendar.usual_extension(day(2020, 12, 18), day(2020, 12, 1)) == day(2020, 12, 29)


@given(st.dates(day(2018, 1, 1), day(2024, 1, 1)), st.integers(min_value=0, max_value=1500))
def test_every_day_of_a_grant_falls_in_one_quarter_touched(starts_on: datetime.date, length: int) -> None:
    ends_on = starts_on + datetime.timedelta(days=length)
    touched = quarters_touched(starts_on, ends_on)
    assert touched == sorted(set(touched))
    assert touched[0].contains(starts_on)
    assert touched[-1].contains(ends_on)
    assert all(one.next() == other for one, other in itertools.pairwise(touched))


def planned(**fields: Any) -> list[PlannedReturn]:
    return planned_returns(CommitmentFactory(**fields))


def quarters(plans: list[PlannedReturn]) -> list[str]:
    return [str(plan.period) for plan in plans]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("schedule", "wanted"),
    [
        (Schedule.QUARTERLY, ["2020-21 Q1", "2020-21 Q2", "2020-21 Q3", "2020-21 Q4", "2021-22 Q1"]),
        (Schedule.HALF_YEARLY, ["2020-21 Q2", "2020-21 Q4", "2021-22 Q1"]),
        (Schedule.YEARLY, ["2020-21 Q4", "2021-22 Q1"]),
        (Schedule.MILESTONES, []),
        (Schedule.IRREGULAR, []),
        (Schedule.NONE, []),
    ],
)
def test_a_grant_that_ends_early_in_a_quarter_still_reports_on_it(schedule: str, wanted: list[str]) -> None:
    fifteen_months = {"starts_on": day(2020, 5, 18), "ends_on": day(2021, 4, 2)}
    assert quarters(planned(schedule=schedule, **fifteen_months)) == wanted


@pytest.mark.django_db
def test_a_grant_with_its_own_days_ignores_the_quarters_day() -> None:
    ReportingQuarterFactory(year=2020, number=1, due_on=day(2020, 7, 20), opens_on=day(2020, 6, 1))
    one = {"starts_on": day(2020, 4, 1), "ends_on": day(2020, 6, 30)}
    assert planned(**one)[0].due_on == day(2020, 7, 20)
    assert planned(due_days=30, **one)[0].due_on == day(2020, 7, 30)
    assert planned(due_days=30, **one)[0].opens_on == day(2020, 6, 1)


@pytest.mark.django_db
def test_milestones_that_ask_for_a_return_give_one_a_quarter_with_the_later_day() -> None:
    grant = CommitmentFactory(schedule=Schedule.MILESTONES, due_days=10)
    MilestoneFactory(commitment=grant, number=1, due_on=day(2020, 7, 10), needs_return=True)
    MilestoneFactory(commitment=grant, number=2, title="Film shown", due_on=day(2020, 8, 14), needs_return=True)
    MilestoneFactory(commitment=grant, number=3, due_on=day(2020, 12, 1), needs_return=False)
    MilestoneFactory(commitment=grant, number=4, due_on=day(2022, 12, 1), needs_return=True)
    [plan] = planned_returns(grant)
    assert (str(plan.period), plan.due_on, plan.why) == ("2020-21 Q2", day(2020, 8, 24), "Milestone 2: Film shown")
    assert plan.opens_on < day(2020, 8, 14)


@pytest.mark.django_db
def test_contracts_and_unit_costs_send_no_returns() -> None:
    assert planned(kind=Commitment.Kind.CONTRACT) == []


@pytest.mark.django_db
def test_a_quarter_is_made_once_with_its_dates() -> None:
    made = calendar.reporting_quarter(Quarter(2020, 3))
    assert (made.opens_on, made.due_on, made.closes_on) == (day(2020, 12, 17), day(2021, 1, 15), None)
    assert calendar.reporting_quarter(Quarter(2020, 3)) == made
    assert ReportingQuarter.objects.count() == 1
