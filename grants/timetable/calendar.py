"""The dates of returns by rule: when a quarter's return opens, when it is due, and how far it may be moved."""

from __future__ import annotations

import datetime

from django.conf import settings

from grants.models import ReportingQuarter
from vru.lib.periods import Quarter, next_working_day


def due_on(period_ends_on: datetime.date, days: int | None = None) -> datetime.date:
    """So many days after a period's last day (the unit's rule when ``days`` is None), moved on to a working day."""
    after = settings.RETURN_DUE_DAYS if days is None else days
    return next_working_day(period_ends_on + datetime.timedelta(days=after))


def opens_on(period_ends_on: datetime.date) -> datetime.date:
    """The day on which a return of a period can first be filled in: shortly before the period is over."""
    return period_ends_on - datetime.timedelta(days=settings.RETURN_OPENS_DAYS_BEFORE_END)


def reporting_quarter(period: Quarter) -> ReportingQuarter:
    """The quarter's row, made with its dates by rule when it is missing. Two callers at once find the same row."""
    row, _ = ReportingQuarter.objects.get_or_create(
        year=period.year,
        number=period.number,
        defaults={"opens_on": opens_on(period.ends_on), "due_on": due_on(period.ends_on)},
    )
    return row


def latest_extension(due: datetime.date, today: datetime.date) -> datetime.date:
    """The last day that an extension may name: counted from the day due, or from today once that has passed."""
    return max(due, today) + datetime.timedelta(days=settings.RETURN_EXTENSION_MOST_DAYS)


def usual_extension(due: datetime.date, today: datetime.date) -> datetime.date:
    """The working day that one click moves a return to."""
    return next_working_day(max(due, today) + datetime.timedelta(days=settings.RETURN_EXTENSION_DAYS))
