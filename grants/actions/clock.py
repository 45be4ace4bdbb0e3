"""What the calendar does to returns by itself: reminders, and locking what is approved once its quarter has closed.

Only the unit's own records move with the calendar. The demonstration's invented year stands still.
"""

from __future__ import annotations

import datetime

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from grants.actions.drafts import lock_return
from grants.actions.review import lock_approved
from grants.messages import remind
from grants.models import MonitoringReturn, ReturnExtension
from vru.accounts.models import AuditEvent
from vru.lib.layers import Layer

Status = MonitoringReturn.Status
# What was never sent. A return that is queried or reopened has come in: its due day is past and met.
AWAITED = [Status.OPEN, Status.DRAFT]
log = structlog.get_logger(__name__)


def reminder_days(due_on: datetime.date) -> list[datetime.date]:
    """The days on which a return that is still awaited is reminded of, in order."""
    before = [due_on - datetime.timedelta(days=days) for days in settings.RETURN_REMINDER_DAYS]
    late = [
        due_on + datetime.timedelta(days=1 + number * settings.RETURN_OVERDUE_EVERY_DAYS)
        for number in range(settings.RETURN_OVERDUE_REMINDERS)
    ]
    return sorted({*before, *late})


def reminder_for(due_on: datetime.date, today: datetime.date, told_on: datetime.date) -> datetime.date | None:
    """The planned day whose reminder applies today, or None.

    Only the latest planned day counts, so a worker that was away sends no backlog; and once a reminder's turn is over
    (the next is due, or after the last one as long again) it is not sent late. ``told_on`` is the day on which the
    grantee last heard of the due day: what was planned up to then would tell them nothing new.
    """
    past = [day for day in reminder_days(due_on) if day <= today]
    if not past or past[-1] <= told_on:
        return None
    stale = past[-1] > due_on and (today - past[-1]).days >= settings.RETURN_OVERDUE_EVERY_DAYS
    return None if stale else past[-1]


def remind_due(*, today: datetime.date) -> int:
    """Remind of every awaited return that has a reminder for today. Returns how many people were told now.

    Safe to repeat and to run twice at once: each return is locked, and each occasion is told once.
    """
    furthest = max(settings.RETURN_REMINDER_DAYS, default=0)
    longest = 1 + settings.RETURN_OVERDUE_EVERY_DAYS * settings.RETURN_OVERDUE_REMINDERS
    awaited = (
        MonitoringReturn.objects.in_layer(Layer.RECORDED)
        .filter(
            status__in=AWAITED,
            opens_on__lte=today,
            due_on__range=(today - datetime.timedelta(days=longest), today + datetime.timedelta(days=furthest)),
        )
        .order_by("due_on", "pk")
    )
    told = 0
    for item in awaited:
        try:
            told += _remind_of(item, today)
        except Exception:  # one return that cannot be told must not silence the rest
            log.exception("reminder_failed", monitoring_return=item.pk)
    return told


@transaction.atomic
def _remind_of(item: MonitoringReturn, today: datetime.date) -> int:
    locked = lock_return(item)
    if locked.status not in AWAITED:
        return 0
    occasion = reminder_for(locked.due_on, today, _told_on(locked))
    return remind(locked, today, occasion=occasion) if occasion else 0


def _told_on(item: MonitoringReturn) -> datetime.date:
    """When the grantee was last told the due day: when the return opened, or when it was given more time."""
    opened = AuditEvent.objects.about(item).filter(action="return opened").order_by("-at").first()
    moved = ReturnExtension.objects.filter(monitoring_return=item, status=ReturnExtension.Status.GRANTED)
    latest = moved.order_by("-decided_at").values_list("decided_at", flat=True).first()
    moments = [moment for moment in (opened.at if opened else None, latest) if moment]
    return max([item.opens_on, *(timezone.localdate(moment) for moment in moments)])


def lock_closed(*, today: datetime.date) -> int:
    """Lock each approved return whose quarter has closed. Returns how many; a second run locks none."""
    approved = MonitoringReturn.objects.in_layer(Layer.RECORDED).filter(
        status=Status.APPROVED, quarter__closes_on__lt=today
    )
    return sum(_lock(item) for item in approved.order_by("pk"))


@transaction.atomic
def _lock(item: MonitoringReturn) -> bool:
    if lock_return(item).status != Status.APPROVED:
        return False
    lock_approved(monitoring_return=item, by=None)
    return True
