"""Payments of a grant: planned, changed and cancelled before they leave, each under the grant's lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from grants.actions.schedule import lock_commitment
from grants.actions.texts import check_reason, check_text
from grants.errors import ActionRefused
from grants.models import Commitment, MonitoringReturn, Payment, PaymentRunLine
from grants.money.paid import position_of
from grants.money.payment_plan import PlannedPayment, with_returns
from grants.timetable import calendar
from vru.accounts.models import AuditEvent, User
from vru.accounts.permissions import PLANNERS_OF_AWARDS
from vru.lib.layers import Layer
from vru.lib.money import Money
from vru.lib.periods import Quarter, long_date

LONGEST_NOTE = 300
Status = Payment.Status
NO_PAYMENTS = {Commitment.Status.RECONCILED, Commitment.Status.TERMINATED}


@transaction.atomic
def schedule_payments(
    *, commitment: Commitment, plan: Sequence[PlannedPayment], by: User, reason: str = ""
) -> list[Payment]:
    """Make the payments to come be this plan, in its order. What is paid, in a run, or a credit note stays as it is.

    Payments keep their numbers: the first planned one takes the first line, and so on; those left over are cancelled.
    The same plan again changes nothing. Raises ``ActionRefused`` when the plan and what was paid come to more than the
    award, and without a reason once anything was scheduled before.
    """
    check_planner(by)
    locked = _open_for_payments(commitment)
    lines = with_returns(plan, locked)
    for line in lines:
        _check_line(locked, line)
    planned = _free_payments(locked)
    wanted = [_values(line) for line in lines]
    if [_held(payment) for payment in planned] == wanted:
        return planned
    if planned and locked.status != Commitment.Status.DRAFT:
        reason = check_reason(reason, "Say why the schedule changes: the reason is kept with the grant.")
    position = position_of(locked)
    free = sum(payment.amount_pence for payment in planned)
    check_room(position.award - position.paid, position.scheduled - free + sum(line.amount_pence for line in lines))
    before = [_told(payment) for payment in planned]
    kept = [_change(payment, values) for payment, values in zip(planned, wanted, strict=False)]
    for payment in planned[len(wanted) :]:
        _set(payment, {"status": Status.CANCELLED})
    kept += [_create(locked, values) for values in wanted[len(planned) :]]
    after = [_told(payment) for payment in kept]
    AuditEvent.record("payments scheduled", locked, by=by, reason=reason, before=before, after=after)
    return kept


@transaction.atomic
def add_payment(*, commitment: Commitment, line: PlannedPayment, by: User) -> Payment:
    """Plan one more payment. Raises ``ActionRefused`` when the award has no room for it."""
    check_planner(by)
    locked = _open_for_payments(commitment)
    line = with_returns([line], locked)[0]
    _check_line(locked, line)
    position = position_of(locked)
    check_room(position.award - position.paid, position.scheduled + line.amount_pence)
    payment = _create(locked, _values(line))
    AuditEvent.record("payment planned", locked, by=by, reason=line.note, after=_told(payment))
    return payment


@transaction.atomic
def change_payment(*, payment: Payment, line: PlannedPayment, by: User, reason: str) -> Payment:
    """Change a planned payment: amount, day, what it waits for, note. In a run it stands still.

    Raises ``ActionRefused`` without a reason, for a payment that is paid, cancelled, in a run or a credit note, and
    when the award has no room.
    """
    check_planner(by)
    locked = _open_for_payments(payment.commitment)
    row = _changeable(locked, payment)
    if row.is_credit_note:
        raise ActionRefused("A credit note is not changed. Cancel it and record another one.")
    line = with_returns([line], locked)[0]
    _check_line(locked, line)
    if _held(row) == _values(line):
        return row
    why = check_reason(reason, "Say why the payment changes: the reason is kept with the grant.")
    position = position_of(locked)
    check_room(position.award - position.paid, position.scheduled - row.amount_pence + line.amount_pence)
    before = _told(row)
    _change(row, _values(line))
    AuditEvent.record("payment changed", locked, by=by, reason=why, before=before, after=_told(row))
    return row


@transaction.atomic
def cancel_payment(*, payment: Payment, by: User, reason: str) -> Payment:
    """Plan a payment no more, with a reason. A second press changes nothing; what is paid needs a credit note."""
    check_planner(by)
    locked = lock_commitment(payment.commitment)
    row = Payment.objects.get(pk=payment.pk)
    if row.status == Status.CANCELLED:
        return row
    why = check_reason(reason, "Say why the payment is cancelled: the reason is kept with the grant.")
    row = _changeable(locked, row)
    before = _told(row)
    _set(row, {"status": Status.CANCELLED})
    AuditEvent.record("payment cancelled", locked, by=by, reason=why, before=before)
    return row


def check_planner(by: User) -> None:
    if not by.has_role(*PLANNERS_OF_AWARDS):
        raise ActionRefused("Only a finance officer, a programme manager or the director can plan payments.")


def check_room(room: int, wanted: int) -> None:
    """Raises ``ActionRefused`` when planned payments come to more than what of the award is not paid. In pence."""
    if wanted > room:
        raise ActionRefused(
            f"The payments to come would be {Money(wanted)}, and {Money(max(0, room))} of the award is not paid yet: "
            f"{Money(wanted - max(0, room))} too much. Make them smaller, or vary the award first."
        )


def _open_for_payments(commitment: Commitment) -> Commitment:
    locked = lock_commitment(commitment)
    if locked.programme.layer == Layer.PUBLISHED:
        raise ActionRefused("This award was read from published documents, so no payment of it is planned here.")
    if locked.status in NO_PAYMENTS:
        raise ActionRefused(f"This grant is {locked.get_status_display().lower()}, so no payment can be planned.")
    return locked


def _check_line(commitment: Commitment, line: PlannedPayment) -> None:
    if line.amount_pence <= 0:
        raise ActionRefused("A payment is more than nothing. Money that comes back is recorded as a credit note.")
    if isinstance(line.waits_for, MonitoringReturn) and line.waits_for.commitment_id != commitment.pk:
        raise ActionRefused("A payment can wait for a return of its own grant only.")
    earliest, latest = commitment.starts_on.replace(day=1, month=1), commitment.ends_on.year + 2
    if line.due_on < earliest or line.due_on.year > latest:
        raise ActionRefused(
            f"{long_date(line.due_on)} is far outside the grant, which runs from {long_date(commitment.starts_on)} to "
            f"{long_date(commitment.ends_on)}. Check the year."
        )
    check_text(line.note, "The note", LONGEST_NOTE)


def _free_payments(commitment: Commitment) -> list[Payment]:
    """Planned, in no run and no credit note: what a new schedule may replace."""
    running = PaymentRunLine.objects.live().filter(payment__commitment=commitment).values("payment")
    free = Payment.objects.filter(commitment=commitment, status=Status.PLANNED)
    return list(free.filter(is_credit_note=False).exclude(pk__in=running).order_by("number"))


def _changeable(commitment: Commitment, payment: Payment) -> Payment:
    row = Payment.objects.get(pk=payment.pk, commitment=commitment)
    if row.status != Status.PLANNED:
        raise ActionRefused(
            f"Payment {row.number} is {row.get_status_display().lower()}, so it stays as it is. "
            "Money that was paid comes back by a credit note."
        )
    line = row.run_lines.live().select_related("run").first()
    if line is not None:
        raise ActionRefused(f"Payment {row.number} stands in run {line.run.ref}. Take it out of the run first.")
    return row


def _values(line: PlannedPayment) -> dict[str, Any]:
    waits = line.waits_for
    quarter = calendar.reporting_quarter(waits) if isinstance(waits, Quarter) else None
    return {
        "amount_pence": line.amount_pence,
        "due_on": line.due_on,
        "waits_for": waits if quarter is None else None,
        "waits_for_quarter": quarter,
        "needs_agreement": line.needs_agreement,
        "note": line.note.strip(),
    }


def _held(payment: Payment) -> dict[str, Any]:
    names = ("amount_pence", "due_on", "waits_for", "waits_for_quarter", "needs_agreement", "note")
    return {name: getattr(payment, name) for name in names}


def _change(payment: Payment, values: Mapping[str, Any]) -> Payment:
    held = _held(payment)
    _set(payment, {name: value for name, value in values.items() if held[name] != value})
    return payment


def _set(payment: Payment, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(payment, name, value)
    if values:
        payment.save(update_fields=list(values))


def next_number(commitment: Commitment) -> int:
    return (commitment.payments.aggregate(last=Max("number"))["last"] or 0) + 1


def _create(commitment: Commitment, values: Mapping[str, Any]) -> Payment:
    return Payment.objects.create(commitment=commitment, number=next_number(commitment), **values)


def _told(payment: Payment) -> dict[str, Any]:
    """A payment as the audit trail keeps it."""
    waits = payment.waits_for.quarter if payment.waits_for else payment.waits_for_quarter
    return {
        "number": payment.number,
        "amount_pence": payment.amount_pence,
        "due_on": payment.due_on.isoformat(),
        "waits_for": str(waits) if waits else "",
        "needs_agreement": payment.needs_agreement,
    }
