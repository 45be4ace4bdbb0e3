"""Moving a programme along its life."""

from __future__ import annotations

from django.db import transaction

from programmes.errors import ProgrammeRefused
from programmes.models import PROGRAMME_STATES, Programme
from vru.accounts.models import AuditEvent, Role, User

NEEDS_A_REASON = frozenset({Programme.Status.PAUSED, Programme.Status.CANCELLED, Programme.Status.CLOSED})
MAY_CHANGE = (Role.PROGRAMME_MANAGER, Role.DIRECTOR)


@transaction.atomic
def change_status(*, programme: Programme, to: Programme.Status, by: User, reason: str = "") -> Programme:
    """Move a programme along its state table and say who did it and why.

    Raises ``TransitionRefused`` for a step the table does not have; ``ProgrammeRefused`` for a person who may not, for
    pausing, cancelling or closing without a reason, and for approving one without a main objective.
    """
    if not by.has_role(*MAY_CHANGE):
        raise ProgrammeRefused("Only a programme manager or the director can change a programme's status.")
    locked = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    PROGRAMME_STATES.check(Programme.Status(locked.status), to)
    if to in NEEDS_A_REASON and not reason.strip():
        raise ProgrammeRefused(f"Say why the programme is {to.label.lower()}.")
    if to == Programme.Status.APPROVED and locked.primary_objective_id is None:
        raise ProgrammeRefused("Choose the programme's main objective first: totals by objective use it.")
    was, locked.status = locked.status, to
    locked.save(update_fields=["status"])
    AuditEvent.record(f"programme {to.label.lower()}", locked, by=by, reason=reason.strip(), before=was, after=to.value)
    return locked
