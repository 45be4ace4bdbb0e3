"""Why a return cannot be changed now, in words: "locked" always says why, and what can be done about it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from grants.models import MonitoringReturn, ReturnExtension

Status = MonitoringReturn.Status


@dataclass(frozen=True, slots=True)
class Lock:
    """``code`` is stable; ``reason`` and ``next_step`` are whole sentences for the person who is stopped."""

    code: str
    reason: str
    next_step: str


def lock_of(item: MonitoringReturn, today: datetime.date) -> Lock | None:
    """What stops the grantee from changing this return on ``today``; None while it is theirs to fill in.

    At most one query, and none for a return whose quarter is not closed.
    """
    by_status = _STATUS_LOCKS.get(Status(item.status))
    if by_status is not None:
        return by_status(item)
    return _closed(item, today)


def _closed(item: MonitoringReturn, today: datetime.date) -> Lock | None:
    """A dated cut-off stops what was never sent. What the unit asked for again stays open."""
    cut_off = item.quarter.closes_on
    if item.status not in {Status.OPEN, Status.DRAFT} or cut_off is None or today <= cut_off:
        return None
    if ReturnExtension.objects.open_on(today).filter(monitoring_return=item).exists():
        return None
    return Lock(
        "quarter-closed",
        f"{item.quarter} closed on {_long(cut_off)}, and this return had not come in.",
        "Ask for an extension: once it is granted you can fill in the return and send it.",
    )


def _scheduled(item: MonitoringReturn) -> Lock:
    return Lock("not-open", f"This return opens on {_long(item.opens_on)}.", "We will tell you when it opens.")


def _submitted(item: MonitoringReturn) -> Lock:
    return Lock(
        "sent", "This return has been sent and is being checked.", "If something is wrong, tell your programme manager."
    )


def _approved(item: MonitoringReturn) -> Lock:
    return Lock(
        "approved",
        "This return is approved, and its figures count.",
        "If a figure is wrong, ask your programme manager to reopen it for a correction.",
    )


def _waived(item: MonitoringReturn) -> Lock:
    return Lock("waived", f"No return is needed for this quarter: {item.waived_because}", "There is nothing to do.")


_STATUS_LOCKS = {
    Status.SCHEDULED: _scheduled,
    Status.SUBMITTED: _submitted,
    Status.APPROVED: _approved,
    Status.LOCKED: _approved,
    Status.WAIVED: _waived,
}


def _long(day: datetime.date) -> str:
    return f"{day:%-d %B %Y}"
