"""Closing an award: what was paid and spent is written down, unspent money is asked back, another person reconciles."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from grants.actions.agreements import check_offerer
from grants.actions.awards import change_status
from grants.actions.recovery import open_debt
from grants.actions.schedule import lock_commitment
from grants.actions.texts import check_text
from grants.errors import ActionRefused
from grants.models import Commitment, GrantClosing, RecoveryDebt
from grants.money.closing import closing_of
from vru.accounts.models import AuditEvent, Role, User
from vru.lib.money import Money

Status = Commitment.Status
LONGEST_NOTE = 2000


@transaction.atomic
def close_award(*, commitment: Commitment, by: User, note: str = "") -> GrantClosing:
    """Write down how the award ended. Unspent money that no debt asks for opens one; a second press changes nothing.

    An active award becomes completed; a terminated one stays so. Raises ``ActionRefused`` while something is missing.
    """
    check_offerer(by, commitment, "close an award")
    locked = lock_commitment(commitment)
    kept = GrantClosing.objects.filter(commitment=locked).first()
    if kept is not None:
        return kept
    check_text(note.strip(), "The note", LONGEST_NOTE)
    state = closing_of(locked)
    if state.missing:
        raise ActionRefused(f"This award cannot be closed yet. {' '.join(state.missing)}")
    if state.to_ask_back:
        open_debt(
            commitment=locked,
            cause=RecoveryDebt.Cause.UNSPENT,
            amount_pence=state.to_ask_back,
            by=by,
            note=f"Left unspent at closing: paid {Money(state.paid)}, spent {Money(state.spent)}.",
        )
    closing = GrantClosing.objects.create(
        commitment=locked,
        award_pence=state.award,
        paid_pence=state.paid,
        spent_pence=state.spent,
        unspent_pence=state.unspent,
        note=note.strip(),
        closed_by=by,
        closed_at=timezone.now(),
    )
    if locked.status == Status.ACTIVE:
        change_status(commitment=locked, to=Status.COMPLETED, by=by, reason=note.strip()[:300])
    details = {"paid_pence": state.paid, "spent_pence": state.spent, "unspent_pence": state.unspent}
    AuditEvent.record("award closed", locked, by=by, reason=note.strip(), **details)
    return closing


@transaction.atomic
def reconcile_award(*, commitment: Commitment, by: User) -> GrantClosing:
    """A finance officer, not the person who closed it, finds it in order. A second press changes nothing.

    Raises ``ActionRefused`` while money is still to come back, and when the figures are no longer those of the closing.
    """
    if not by.has_role(Role.FINANCE_OFFICER):
        raise ActionRefused("Only a finance officer can reconcile an award.")
    locked = lock_commitment(commitment)
    closing = GrantClosing.objects.select_for_update(of=("self",)).filter(commitment=locked).first()
    if closing is None:
        raise ActionRefused("Close the award first.")
    if closing.reconciled_at is not None:
        return closing
    if closing.closed_by_id == by.pk:
        raise ActionRefused("You closed this award, so somebody else must reconcile it.")
    if by.acts_for(locked.organisation_id):
        raise ActionRefused("You act for this organisation, so somebody else must reconcile its award.")
    state = closing_of(locked)
    if state.to_recover:
        raise ActionRefused(f"{Money(state.to_recover)} is still to come back. Recover it, or write it off.")
    if state.unspent > state.given_up:
        raise ActionRefused(
            f"{Money(state.unspent - state.given_up)} was paid and neither spent nor recovered. Open a debt for it."
        )
    if state.spent != closing.spent_pence and locked.returns.exists():
        raise ActionRefused(
            f"Approved spend is {Money(state.spent)} now and was {Money(closing.spent_pence)} at closing. Look at the "
            "corrections of its returns first."
        )
    closing.reconciled_by, closing.reconciled_at = by, timezone.now()
    closing.save(update_fields=["reconciled_by", "reconciled_at"])
    change_status(commitment=locked, to=Status.RECONCILED, by=by)
    AuditEvent.record("award reconciled", locked, by=by, closed_by=closing.closed_by.name)
    return closing
