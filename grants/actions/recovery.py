"""Money to come back: a debt opened, paid off by credit notes, or given up by somebody who may."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from grants.actions.impartial import check_impartial
from grants.actions.schedule import lock_commitment
from grants.actions.texts import check_reason, check_text
from grants.errors import ActionRefused
from grants.models import Commitment, Payment, RecoveryDebt, Variation
from grants.money.paid import above_award, net_paid, open_recovery
from vru.accounts.models import AuditEvent, User
from vru.accounts.permissions import APPROVERS_OF_MONEY, PLANNERS_OF_AWARDS
from vru.lib.money import Money

Cause, Status = RecoveryDebt.Cause, RecoveryDebt.Status


@transaction.atomic
def open_debt(
    *,
    commitment: Commitment,
    cause: RecoveryDebt.Cause,
    amount_pence: int,
    by: User,
    variation: Variation | None = None,
    note: str = "",
) -> RecoveryDebt:
    """Record that money is to come back. Asking twice for the same variation returns the debt opened first.

    Raises ``ActionRefused`` for nothing, for more than was paid and is not on its way back already, and without a note
    where no variation says why.
    """
    if not by.has_role(*PLANNERS_OF_AWARDS):
        raise ActionRefused("Only a finance officer, a programme manager or the director can ask for money back.")
    locked = lock_commitment(commitment)
    if variation is not None:
        opened = locked.recovery_debts.filter(variation=variation).first()
        if opened is not None:
            return opened
    if amount_pence <= 0:
        raise ActionRefused("A debt is more than nothing. Enter what is to come back, in pounds.")
    words = note.strip() if variation is not None else check_reason(note, "Say why the money is to come back.")
    check_text(words, "The note", 2000)
    paid = net_paid([locked.pk]).get(locked.pk, 0)
    asked = open_recovery([locked.pk]).get(locked.pk, 0)
    if amount_pence > paid - asked:
        raise ActionRefused(
            f"{Money(paid)} has been paid and {Money(asked)} of it is to come back already, so no more than "
            f"{Money(max(0, paid - asked))} can be asked for."
        )
    return _create(locked, cause, amount_pence, by, words, variation)


@transaction.atomic
def write_off(*, debt: RecoveryDebt, by: User, reason: str) -> RecoveryDebt:
    """Give up what is left of a debt. What was paid off stays paid off; a second press changes nothing.

    Raises ``ActionRefused`` for the person who opened the debt, without a reason, while a credit note for it is on its
    way, and for a debt that is recovered.
    """
    if not by.has_role(*APPROVERS_OF_MONEY):
        raise ActionRefused("Only a finance officer or the director can write a debt off.")
    why = check_reason(reason, "Say why the money is given up: the reason is kept.")
    locked = lock_commitment(debt.commitment)
    row = RecoveryDebt.objects.get(pk=debt.pk)
    if row.status == Status.WRITTEN_OFF:
        return row
    if row.status == Status.RECOVERED:
        raise ActionRefused("This debt is recovered: there is nothing left to give up.")
    if row.opened_by_id == by.pk:
        raise ActionRefused("You opened this debt, so somebody else must decide to give it up.")
    check_impartial(by, {locked.organisation_id}, "give up its debt")
    if row.credit_notes.filter(status=Payment.Status.PLANNED).exists():
        raise ActionRefused("A credit note for this debt is on its way. Settle it or cancel it first.")
    left = left_of(row)
    _close(row, Status.WRITTEN_OFF, by, why)
    AuditEvent.record("debt written off", locked, by=by, reason=why, number=row.number, written_off_pence=left)
    return row


def close_if_recovered(debt_ids: set[int], by: User) -> list[RecoveryDebt]:
    """Close every one of these open debts that settled credit notes cover. Its commitment is locked by the caller."""
    covered = RecoveryDebt.objects.open().filter(pk__in=debt_ids).with_left().filter(Q(left_pence=0))
    closed = list(covered.select_related("commitment").order_by("pk"))
    for debt in closed:
        _close(debt, Status.RECOVERED, by, "Paid off by credit notes.")
        AuditEvent.record("debt recovered", debt.commitment, by=by, number=debt.number, amount_pence=debt.amount_pence)
    return closed


def open_excess(commitment_ids: set[int], by: User, how: str) -> list[RecoveryDebt]:
    """Ask back what was paid above the award and is asked back by no debt yet. The commitments are locked.

    Money leaves between approval and the record of it; an award reduced meanwhile makes the difference a debt.
    """
    paid, allowed = net_paid(commitment_ids), above_award(commitment_ids)
    awards = dict(Commitment.objects.filter(pk__in=commitment_ids).values_list("pk", "award_pence"))
    excess = {pk: paid.get(pk, 0) - awards[pk] - allowed.get(pk, 0) for pk in sorted(awards)}
    above = Commitment.objects.filter(pk__in=[pk for pk, pence in excess.items() if pence > 0])
    return [
        _create(
            commitment,
            Cause.OVERPAID,
            excess[commitment.pk],
            by,
            f"Paid ({how}) above the award, which was reduced before the payment was recorded.",
        )
        for commitment in above.order_by("pk")
    ]


def _create(
    commitment: Commitment,
    cause: RecoveryDebt.Cause,
    amount_pence: int,
    by: User,
    note: str,
    variation: Variation | None = None,
) -> RecoveryDebt:
    last = commitment.recovery_debts.aggregate(last=Max("number"))["last"] or 0
    debt = RecoveryDebt.objects.create(
        commitment=commitment,
        number=last + 1,
        cause=cause,
        variation=variation,
        amount_pence=amount_pence,
        note=note,
        opened_by=by,
        opened_at=timezone.now(),
    )
    AuditEvent.record(
        "debt opened", commitment, by=by, reason=note, number=debt.number, cause=str(cause), amount_pence=amount_pence
    )
    return debt


def left_of(debt: RecoveryDebt) -> int:
    """What is still to come back of one debt, in pence."""
    return RecoveryDebt.objects.with_left().get(pk=debt.pk).left_pence


def _close(debt: RecoveryDebt, status: RecoveryDebt.Status, by: User, why: str) -> None:
    debt.status, debt.closed_by, debt.closed_at, debt.closed_because = status, by, timezone.now(), why
    debt.save(update_fields=["status", "closed_by", "closed_at", "closed_because"])
