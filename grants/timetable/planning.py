"""Which returns a grant's schedule asks for, with their dates: pure rules, no row is written."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from grants.models import Commitment, ReportingQuarter
from grants.timetable import calendar
from vru.lib.periods import Quarter

Schedule = Commitment.Schedule
# How many consecutive quarters of a financial year one return covers.
QUARTERS_COVERED = {Schedule.QUARTERLY: 1, Schedule.HALF_YEARLY: 2, Schedule.YEARLY: 4}


@dataclass(frozen=True, slots=True)
class PlannedReturn:
    """The return filed under ``period``. ``why`` says what asks for it, where that is not the end of the quarter."""

    period: Quarter
    opens_on: datetime.date
    due_on: datetime.date
    why: str = ""


def planned_returns(commitment: Commitment) -> list[PlannedReturn]:
    """In order of time. Only grants send returns; an irregular schedule has none by rule. At most two queries."""
    if commitment.kind != Commitment.Kind.GRANT:
        return []
    schedule = Schedule(commitment.schedule)
    if schedule == Schedule.MILESTONES:
        return _by_milestones(commitment)
    covered = QUARTERS_COVERED.get(schedule)
    return _by_quarters(commitment, covered) if covered else []


def quarters_touched(starts_on: datetime.date, ends_on: datetime.date) -> list[Quarter]:
    """Every quarter with at least one day between the two, both included."""
    found, period = [], Quarter.of(starts_on)
    while period.starts_on <= ends_on:
        found.append(period)
        period = period.next()
    return found


def _by_quarters(commitment: Commitment, covered: int) -> list[PlannedReturn]:
    """A return at the end of each stretch of ``covered`` quarters; the last one early, when the grant ends before."""
    ends: dict[tuple[int, int], Quarter] = {}
    for period in quarters_touched(commitment.starts_on, commitment.ends_on):
        ends[period.year, (period.number - 1) // covered] = period
    stated = {
        (row.year, row.number): row
        for row in ReportingQuarter.objects.filter(year__in={period.year for period in ends.values()})
    }
    return [_of_quarter(commitment, period, stated.get((period.year, period.number))) for period in ends.values()]


def _of_quarter(commitment: Commitment, period: Quarter, stated: ReportingQuarter | None) -> PlannedReturn:
    """The quarter's own dates where it is set up and the grant has no rule of its own."""
    opens_on = stated.opens_on if stated else calendar.opens_on(period.ends_on)
    if stated is not None and commitment.due_days is None:
        return PlannedReturn(period, opens_on, stated.due_on)
    return PlannedReturn(period, opens_on, calendar.due_on(period.ends_on, commitment.due_days))


def _by_milestones(commitment: Commitment) -> list[PlannedReturn]:
    """One return for the quarter of each milestone that asks for one; of two in a quarter, the later counts."""
    found: dict[Quarter, PlannedReturn] = {}
    asking = commitment.milestones.filter(
        needs_return=True, due_on__range=(commitment.starts_on, commitment.ends_on)
    ).order_by("due_on", "number")
    for milestone in asking:
        found[Quarter.of(milestone.due_on)] = PlannedReturn(
            Quarter.of(milestone.due_on),
            calendar.opens_on(milestone.due_on),
            calendar.due_on(milestone.due_on, commitment.due_days),
            f"Milestone {milestone.number}: {milestone.title}",
        )
    return list(found.values())
