"""Credit notes: money that comes back, flagged as such, naming the payment they correct or the debt they pay off."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from grants.actions.payment_paying import settle
from grants.actions.payments import check_planner, next_number
from grants.actions.recovery import left_of
from grants.actions.schedule import lock_commitment
from grants.actions.texts import check_reason, check_text
from grants.errors import ActionRefused
from grants.models import Commitment, Payment, RecoveryDebt
from grants.money.paid import net_paid
from vru.accounts.models import AuditEvent, User
from vru.accounts.permissions import KEEPERS_OF_MONEY
from vru.lib.money import Money


@transaction.atomic
def record_credit_note(
    *,
    commitment: Commitment,
    amount_pence: int,
    due_on: datetime.date,
    note: str,
    by: User,
    credits: Payment | None = None,
    recovers: RecoveryDebt | None = None,
) -> Payment:
    """Money to come back: ``amount_pence`` is how much, above nought; it is kept as a negative payment.

    It names the paid payment it corrects, the debt it pays off, or both, and never comes to more than either has left.
    It is settled in a payment run, or by ``receive_credit_note`` when the money arrives.
    """
    check_planner(by)
    locked = lock_commitment(commitment)
    why = check_reason(note, "Say what the credit note is for.")
    if amount_pence <= 0:
        raise ActionRefused("Enter how much comes back, in pounds, without a minus.")
    if credits is None and recovers is None:
        raise ActionRefused("Choose the payment that the credit note corrects, or the debt that it pays off.")
    if credits is not None:
        _check_payment(locked, credits, amount_pence)
    if recovers is not None:
        _check_debt(locked, recovers, amount_pence)
    paid = net_paid([locked.pk]).get(locked.pk, 0)
    coming = -_sum(Payment.objects.filter(commitment=locked, is_credit_note=True, status=Payment.Status.PLANNED))
    if amount_pence > paid - coming:
        raise ActionRefused(
            f"{Money(paid)} has been paid and {Money(coming)} is on its way back, so no more than "
            f"{Money(max(0, paid - coming))} can come back."
        )
    row = Payment.objects.create(
        commitment=locked,
        number=next_number(locked),
        amount_pence=-amount_pence,
        is_credit_note=True,
        due_on=due_on,
        credits=credits,
        recovers=recovers,
        note=why,
    )
    AuditEvent.record(
        "credit note recorded",
        locked,
        by=by,
        reason=why,
        number=row.number,
        amount_pence=row.amount_pence,
        credits=credits.number if credits else None,
        recovers=recovers.number if recovers else None,
    )
    return row


@transaction.atomic
def receive_credit_note(*, credit_note: Payment, received_on: datetime.date, by: User, reference: str = "") -> Payment:
    """The money of a credit note has arrived outside a run. A second press changes nothing.

    Raises ``ActionRefused`` for a payment, for one in a run, and for a day to come.
    """
    if not by.has_role(*KEEPERS_OF_MONEY):
        raise ActionRefused("Only a finance officer can record that money has come back.")
    locked = lock_commitment(credit_note.commitment)
    row = Payment.objects.select_related("commitment").get(pk=credit_note.pk, commitment=locked)
    if not row.is_credit_note:
        raise ActionRefused("This is a payment, not a credit note. Payments are made in a payment run.")
    if row.status == Payment.Status.PAID:
        return row
    if row.status == Payment.Status.CANCELLED:
        raise ActionRefused("This credit note was cancelled. Record another one.")
    line = row.run_lines.live().select_related("run").first()
    if line is not None:
        raise ActionRefused(f"This credit note stands in run {line.run.ref} and is settled with it.")
    if received_on > timezone.localdate():
        raise ActionRefused("Money is recorded once it has arrived. Choose today or an earlier day.")
    check_text(reference.strip(), "The reference", 100)
    row.status, row.paid_on = Payment.Status.PAID, received_on
    row.save(update_fields=["status", "paid_on"])
    settle([row], by, f"received, reference {reference.strip()}" if reference.strip() else "received")
    return row


def _check_payment(commitment: Commitment, payment: Payment, amount_pence: int) -> None:
    if payment.commitment_id != commitment.pk or payment.is_credit_note:
        raise ActionRefused("A credit note corrects a payment of its own grant.")
    if payment.status != Payment.Status.PAID:
        raise ActionRefused(f"Payment {payment.number} is not paid: there is nothing to correct. Change or cancel it.")
    credited = -_sum(payment.credit_notes.exclude(status=Payment.Status.CANCELLED))
    if amount_pence > payment.amount_pence - credited:
        raise ActionRefused(
            f"Payment {payment.number} was {Money(payment.amount_pence)} and {Money(credited)} of it is credited "
            f"already: no more than {Money(payment.amount_pence - credited)} is left."
        )


def _check_debt(commitment: Commitment, debt: RecoveryDebt, amount_pence: int) -> None:
    if debt.commitment_id != commitment.pk:
        raise ActionRefused("A credit note pays off a debt of its own grant.")
    if RecoveryDebt.objects.get(pk=debt.pk).status != RecoveryDebt.Status.OPEN:
        raise ActionRefused("This debt is closed: nothing of it is to come back.")
    left = left_of(debt) + _sum(debt.credit_notes.filter(status=Payment.Status.PLANNED))
    if amount_pence > left:
        raise ActionRefused(f"No more than {Money(max(0, left))} of this debt is left to come back.")


def _sum(payments: QuerySet[Payment]) -> int:
    total: int = payments.aggregate(total=Sum("amount_pence", default=0))["total"]
    return total
