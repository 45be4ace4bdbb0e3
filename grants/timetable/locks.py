"""Why a return cannot be changed now, in words: "locked" always says why, and what can be done about it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.conf import settings

from grants.models import MonitoringReturn, ReturnExtension, Revision
from grants.models.monitoring_return import NOT_SENT
from vru.lib.periods import london_day, long_date

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


def staff_lock_of(item: MonitoringReturn, today: datetime.date) -> Lock | None:
    """The same lock as staff should read it: who did what and when, and what they can do. At most two queries."""
    lock = lock_of(item, today)
    for_staff = _STAFF_LOCKS.get(lock.code) if lock else None
    return for_staff(item) if for_staff else lock


def about_to_lock(item: MonitoringReturn, today: datetime.date) -> Lock | None:
    """A return still with the grantee whose time runs out soon: its quarter closes, or its extension ends. At most one
    query, and none for a quarter without a dated cut-off."""
    cut_off = item.quarter.closes_on
    soon = today + datetime.timedelta(days=settings.RETURN_CLOSING_DAYS)
    if item.status not in NOT_SENT or cut_off is None or cut_off > soon:
        return None
    last = max(cut_off, _last_extended_day(item) or cut_off)
    if not today <= last <= soon:
        return None
    return Lock(
        "closing",
        f"This return can be filled in until the end of {long_date(last)}. Then {item.quarter} is closed for it.",
        "Send it by then, or ask for an extension.",
    )


def _closed(item: MonitoringReturn, today: datetime.date) -> Lock | None:
    """A dated cut-off stops what was never sent. What the unit asked for again stays open."""
    return closed_quarter_lock(item, today) if item.status in NOT_SENT else None


def closed_quarter_lock(item: MonitoringReturn, today: datetime.date) -> Lock | None:
    """What the cut-off would stop if the return were unsent, whatever its status. At most one query."""
    cut_off = item.quarter.closes_on
    if cut_off is None or today <= cut_off:
        return None
    extended = _last_extended_day(item)
    if extended is not None and extended >= today:
        return None
    more = f" The extension ended on {long_date(extended)}." if extended is not None and extended > cut_off else ""
    return Lock(
        "quarter-closed",
        f"{item.quarter} closed on {long_date(cut_off)}, and this return had not come in.{more}",
        "Ask for an extension: once it is granted you can fill in the return and send it.",
    )


def _last_extended_day(item: MonitoringReturn) -> datetime.date | None:
    granted = ReturnExtension.objects.filter(monitoring_return=item, status=ReturnExtension.Status.GRANTED)
    return granted.order_by("-until").values_list("until", flat=True).first()


def _scheduled(item: MonitoringReturn) -> Lock:
    return Lock("not-open", f"This return opens on {long_date(item.opens_on)}.", "We will tell you when it opens.")


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


def _staff_scheduled(item: MonitoringReturn) -> Lock:
    return Lock(
        "not-open",
        f"This return opens by itself on {long_date(item.opens_on)} and is due on {long_date(item.due_on)}.",
        "Its dates follow the grant's schedule: change them on the set-up page of the grant's returns.",
    )


def _staff_submitted(item: MonitoringReturn) -> Lock:
    sent = _live(item)
    who = f" by {sent.submitted_by.name} on {_long_moment(sent.submitted_at)}" if sent else ""
    return Lock(
        "sent",
        f"Sent{who}. The grantee cannot change it while it is being reviewed.",
        "Approve it, or send it back with a query: then the grantee can change it again.",
    )


def _staff_approved(item: MonitoringReturn) -> Lock:
    approved = _live(item)
    if approved is None or approved.approved_by is None or approved.approved_at is None:
        reason = "This return is approved, and its figures count."
    else:
        reason = (
            f"Approved by {approved.approved_by.name} on {_long_moment(approved.approved_at)}. Its figures have "
            "counted since, and it is locked."
        )
    return Lock(
        "approved",
        reason,
        "A wrong figure is put right by a correction: reopen the return with a reason. The approved figures count "
        "until the correction is approved, and reports already signed off do not change.",
    )


def _staff_waived(item: MonitoringReturn) -> Lock:
    return Lock(
        "waived",
        f"This return was waived: {item.waived_because}",
        "It is not expected and not counted as missing. Undo the waiver to ask for it after all.",
    )


def _staff_closed(item: MonitoringReturn) -> Lock:
    cut_off = item.quarter.closes_on
    closed = long_date(cut_off) if cut_off else "its cut-off"
    return Lock(
        "quarter-closed",
        f"{item.quarter} closed on {closed}, and this return was not received.",
        "Give an extension to let the grantee send it after all, or waive it with a reason.",
    )


def _live(item: MonitoringReturn) -> Revision | None:
    """The version that the lock is about: the one under review, or the approved one when none is."""
    live = item.revisions.live().select_related("submitted_by", "approved_by")
    return live.order_by("-number").first()


_STATUS_LOCKS = {
    Status.SCHEDULED: _scheduled,
    Status.SUBMITTED: _submitted,
    Status.APPROVED: _approved,
    Status.LOCKED: _approved,
    Status.WAIVED: _waived,
}
_STAFF_LOCKS = {
    "not-open": _staff_scheduled,
    "sent": _staff_submitted,
    "approved": _staff_approved,
    "waived": _staff_waived,
    "quarter-closed": _staff_closed,
}


def _long_moment(moment: datetime.datetime) -> str:
    return long_date(london_day(moment))
