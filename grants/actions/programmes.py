"""A programme's status where its grants have a say: none of it ends while its money is still promised."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from grants.models import Commitment
from programmes.actions.programmes import change_status
from programmes.errors import ProgrammeRefused
from programmes.models import Programme
from vru.accounts.models import User

OVER = (Commitment.Status.COMPLETED, Commitment.Status.RECONCILED, Commitment.Status.TERMINATED)
ENDINGS = frozenset({Programme.Status.CLOSED, Programme.Status.CANCELLED})


@transaction.atomic
def change_programme_status(*, programme: Programme, to: Programme.Status, by: User, reason: str = "") -> Programme:
    """``change_status``, refused for closing and cancelling while a grant or contract inside it is not over.

    Raises ``ProgrammeRefused`` and ``TransitionRefused``.
    """
    if to in ENDINGS:
        # The row is locked before the grants are looked at: one set up meanwhile waits, and finds the programme over.
        Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
        refusal = ending_refusal(programme)
        if refusal:
            raise ProgrammeRefused(refusal)
    return change_status(programme=programme, to=to, by=by, reason=reason)


def ending_refusal(programme: Programme) -> str:
    """Why the programme cannot be closed or cancelled today; empty when nothing is in the way."""
    inside = Q(programme=programme) | Q(programme__parent=programme)
    going_on = Commitment.objects.filter(inside).exclude(status__in=OVER).order_by("ref")
    count = going_on.count()
    if not count:
        return ""
    named = ", ".join(going_on.values_list("ref", flat=True)[:3])
    many = "1 grant or contract is" if count == 1 else f"{count} grants and contracts are"
    more = " and others" if count > 3 else ""
    return f"{many} not completed or ended: {named}{more}. Complete or end each of them first."
