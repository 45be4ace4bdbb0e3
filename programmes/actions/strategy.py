"""How far the strategy's commitments and the workplan's actions have come, and which programmes answer them."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from programmes.actions.checks import LONGEST_REASON, check_editor, cleaned
from programmes.errors import ProgrammeRefused
from programmes.models import Programme, StrategyCommitment, WorkplanAction
from programmes.models.strategy import PromiseStatus
from vru.accounts.models import AuditEvent, User

Promise = StrategyCommitment | WorkplanAction
# The strategy's file is read again now and then: what was recorded under this name stays as people left it.
PROGRESS_RECORDED = "progress recorded"


@dataclass(frozen=True, slots=True)
class Progress:
    """Who owns the promise, by when, how far it is, and the programmes that answer it."""

    owner: str
    due_on: datetime.date | None
    status: PromiseStatus
    programmes: Collection[Programme]


@transaction.atomic
def record_progress(*, promise: Promise, progress: Progress, by: User, reason: str = "") -> Promise:
    """Write down how far a promise has come. Its words belong to the strategy and are not changed here.

    Raises ``ProgrammeRefused`` when a promise is stopped, or its due date moves, without a reason.
    """
    check_editor(by)
    locked: Promise = type(promise).objects.select_for_update(of=("self",)).get(pk=promise.pk)
    why = cleaned(reason, "The reason", longest=LONGEST_REASON)
    if progress.status == PromiseStatus.STOPPED and locked.status != PromiseStatus.STOPPED and not why:
        raise ProgrammeRefused("Say why it is stopped.")
    if locked.due_on is not None and locked.due_on != progress.due_on and not why:
        raise ProgrammeRefused("Say why the due date changes.")
    owner = cleaned(progress.owner, "The owner", longest=200)
    before = _state(locked)
    locked.owner, locked.due_on, locked.status = owner, progress.due_on, progress.status
    locked.save(update_fields=["owner", "due_on", "status"])
    locked.programmes.set(progress.programmes)
    after = _state(locked)
    if before != after:
        AuditEvent.record(PROGRESS_RECORDED, locked, by=by, reason=why, before=before, after=after)
    return locked


def _state(promise: Promise) -> dict[str, object]:
    return {
        "owner": promise.owner,
        "due_on": promise.due_on.isoformat() if promise.due_on else None,
        "status": str(promise.status),
        "programmes": list(promise.programmes.order_by("ref").values_list("ref", flat=True)),
    }
