"""Locking the returns that a signed report rests on: from then on a correction is a restatement."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet

from grants.models import MonitoringReturn
from vru.accounts.models import AuditEvent, User

Status = MonitoringReturn.Status
AT_ONCE = 500


def to_lock(*, revision_ids: Collection[int], due_before: datetime.date) -> QuerySet[MonitoringReturn]:
    """The returns that ``lock_reported`` would lock."""
    counted = MonitoringReturn.objects.filter(revisions__in=revision_ids)
    return MonitoringReturn.objects.filter(
        pk__in=counted.values("pk"), status=Status.APPROVED, quarter__due_on__lt=due_before
    )


@transaction.atomic
def lock_reported(
    *, revision_ids: Collection[int], due_before: datetime.date, by: User, because: str
) -> list[MonitoringReturn]:
    """Lock each approved return that counts with one of these versions and whose quarter was due before the day.

    A quarter due on the day itself or later stays open: its figures are a forecast. A return that is being corrected
    is left, because its correction is already asked for. Returns those locked now; a second call locks none.
    """
    rows = list(
        to_lock(revision_ids=revision_ids, due_before=due_before)
        .select_for_update(of=("self",))
        .select_related("commitment", "quarter")
        .order_by("pk")
    )
    if not rows:
        return []
    # Returns keep no field-by-field history: their audit events, written below, say who did what and when.
    MonitoringReturn.objects.filter(pk__in=[row.pk for row in rows]).update(status=Status.LOCKED)
    AuditEvent.objects.bulk_create(
        [
            AuditEvent(
                actor=by,
                action="return locked",
                subject_type=row._meta.label_lower,
                subject_id=str(row.pk),
                subject_label=str(row)[:300],
                reason=because,
            )
            for row in rows
        ],
        batch_size=AT_ONCE,
    )
    return rows
