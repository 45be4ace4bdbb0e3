"""More time for a return: asked for, decided, or given unasked. One decision, whoever clicks and however often."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from grants.actions.drafts import lock_return
from grants.actions.schedule import check_manager
from grants.actions.texts import check_reason, check_text
from grants.errors import ActionRefused
from grants.messages import tell_extension_asked, tell_extension_decided
from grants.models import MonitoringReturn, ReturnExtension
from grants.models.monitoring_return import WITH_GRANTEE
from grants.timetable import calendar
from vru.accounts.models import AuditEvent, User
from vru.lib.periods import long_date

LONGEST_NOTE = 300
Status = ReturnExtension.Status


def _check_impartial(by: User, item: MonitoringReturn) -> None:
    if by.acts_for(item.commitment.organisation_id):
        raise ActionRefused("You act for this organisation, so somebody else must decide about its time.")


def can_be_extended(item: MonitoringReturn) -> bool:
    """While the return is with the grantee. What is sent, approved or waived needs no time."""
    return item.status in WITH_GRANTEE


def _check_extendable(item: MonitoringReturn, until: datetime.date, today: datetime.date) -> None:
    if not can_be_extended(item):
        status = item.get_status_display().lower()
        raise ActionRefused(f"This return is {status}. Only a return that the grantee is filling in can be extended.")
    if until <= item.due_on:
        raise ActionRefused(f"The return is due on {long_date(item.due_on)}. Choose a later day.")
    if until < today:
        raise ActionRefused("Choose today or a later day.")
    latest = calendar.latest_extension(item.due_on, today)
    if until > latest:
        raise ActionRefused(f"An extension can run until {long_date(latest)} at most. Choose an earlier day.")


@transaction.atomic
def ask_extension(
    *, monitoring_return: MonitoringReturn, until: datetime.date, reason: str, by: User
) -> ReturnExtension:
    """The grantee asks for more time, also once the return is overdue or its quarter closed. A double click asks once.

    Raises ``ActionRefused`` for a day that cannot be granted, without a reason, or while another request waits.
    """
    item = lock_return(monitoring_return)
    organisation = item.commitment.organisation_id
    if not by.acts_for(organisation):
        raise ActionRefused("Only the organisation's own people can ask for more time.")
    why = check_reason(reason, "Say why you need more time.")
    today = timezone.localdate()
    waiting = ReturnExtension.objects.filter(monitoring_return=item, status=Status.ASKED).first()
    if waiting is not None:
        if (waiting.until, waiting.reason) == (until, why):
            return waiting
        raise ActionRefused(
            f"You have asked for time until {long_date(waiting.until)} already. We will answer that first."
        )
    _check_extendable(item, until, today)
    extension = ReturnExtension.objects.create(
        monitoring_return=item, reason=why, due_before=item.due_on, until=until, asked_by=by, asked_at=timezone.now()
    )
    AuditEvent.record("extension asked for", item, by=by, reason=why, until=str(until))
    tell_extension_asked(extension)
    return extension


@transaction.atomic
def grant_extension(
    *, extension: ReturnExtension, by: User, until: datetime.date | None = None, note: str = ""
) -> ReturnExtension:
    """Grant what was asked for, or until another day. The return is due on that day, and open until its end.

    The same decision again changes nothing; raises ``ActionRefused`` when somebody decided otherwise.
    """
    check_manager(by, "decide about an extension")
    item, locked = _locked(extension)
    _check_impartial(by, item)
    day = until or locked.until
    if locked.status == Status.GRANTED and locked.until == day:
        return locked
    _check_undecided(locked)
    _check_extendable(item, day, timezone.localdate())
    asked_for, locked.until = locked.until, day
    _settle(locked, Status.GRANTED, by, note)
    _move_due_day(item, day)
    AuditEvent.record(
        "extension granted", item, by=by, reason=locked.decision_note, asked_for=str(asked_for), until=str(day)
    )
    tell_extension_decided(locked)
    return locked


@transaction.atomic
def refuse_extension(*, extension: ReturnExtension, by: User, note: str) -> ReturnExtension:
    """Say no, with a note that the grantee reads. The day due stays as it is."""
    check_manager(by, "decide about an extension")
    why = check_reason(note, "Say why the extension is refused: the grantee reads it.")
    item, locked = _locked(extension)
    _check_impartial(by, item)
    if locked.status == Status.REFUSED and locked.decision_note == why:
        return locked
    _check_undecided(locked)
    _settle(locked, Status.REFUSED, by, why)
    AuditEvent.record("extension refused", item, by=by, reason=why, asked_for=str(locked.until))
    tell_extension_decided(locked)
    return locked


@transaction.atomic
def give_extension(
    *, monitoring_return: MonitoringReturn, by: User, reason: str, until: datetime.date | None = None
) -> ReturnExtension:
    """Give more time unasked: until ``until``, or as far as one click goes. A request that waits is granted with it.

    A double click gives once: the day that was given a moment ago is no second extension.
    """
    check_manager(by, "give an extension")
    why = check_reason(reason, "Say why more time is given.")
    item = lock_return(monitoring_return)
    _check_impartial(by, item)
    waiting = ReturnExtension.objects.filter(monitoring_return=item, status=Status.ASKED).first()
    today, now = timezone.localdate(), timezone.now()
    given = _just_given(item, by, why, now)
    if given is not None and until in {None, given.until}:
        return given
    day = until or calendar.usual_extension(item.due_on, today)
    if waiting is not None:
        return grant_extension(extension=waiting, by=by, until=day, note=why)
    _check_extendable(item, day, today)
    extension = ReturnExtension.objects.create(
        monitoring_return=item,
        status=Status.GRANTED,
        reason=why,
        due_before=item.due_on,
        until=day,
        asked_by=by,
        asked_at=now,
        decided_by=by,
        decided_at=now,
    )
    _move_due_day(item, day)
    AuditEvent.record("extension given", item, by=by, reason=why, until=str(day))
    tell_extension_decided(extension)
    return extension


# Two presses of a button arrive within seconds; the same reason later the same day is a new decision.
DOUBLE_CLICK = datetime.timedelta(seconds=30)


def _just_given(item: MonitoringReturn, by: User, reason: str, now: datetime.datetime) -> ReturnExtension | None:
    return ReturnExtension.objects.filter(
        Q(reason=reason) | Q(decision_note=reason),
        monitoring_return=item,
        status=Status.GRANTED,
        decided_by=by,
        until=item.due_on,
        decided_at__gte=now - DOUBLE_CLICK,
    ).first()


def _locked(extension: ReturnExtension) -> tuple[MonitoringReturn, ReturnExtension]:
    """The return is locked first: two managers who decide at once come one after the other."""
    item = lock_return(extension.monitoring_return)
    locked = ReturnExtension.objects.select_related("decided_by").get(pk=extension.pk)
    locked.monitoring_return = item
    return item, locked


def _check_undecided(extension: ReturnExtension) -> None:
    if extension.status == Status.ASKED:
        return
    who = extension.decided_by.name if extension.decided_by else "Somebody"
    done = f"granted time until {long_date(extension.until)}" if extension.status == Status.GRANTED else "refused it"
    raise ActionRefused(f"{who} has decided about this request already and {done}.")


def _settle(extension: ReturnExtension, status: ReturnExtension.Status, by: User, note: str) -> None:
    check_text(note.strip(), "The note", LONGEST_NOTE)
    extension.status, extension.decision_note = status, note.strip()
    extension.decided_by, extension.decided_at = by, timezone.now()
    extension.save(update_fields=["status", "decision_note", "until", "decided_by", "decided_at"])


def _move_due_day(item: MonitoringReturn, day: datetime.date) -> None:
    item.due_on = day
    item.save(update_fields=["due_on"])
