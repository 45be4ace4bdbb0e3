"""A run goes out and is paid: exported once as a file that never changes, then recorded as paid, each payment once."""

from __future__ import annotations

import datetime
import hashlib
import hmac
from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils import timezone

from grants.actions.payment_runs import check_can_leave, check_maker, lock_lines, lock_run, move_run
from grants.actions.recovery import close_if_recovered, open_excess
from grants.actions.texts import check_text
from grants.errors import ActionRefused
from grants.models import Commitment, Payment, PaymentRun, PaymentRunLine
from grants.money.payment_file import as_written, layout_problem, payment_file
from vru.accounts.history import set_together
from vru.accounts.models import AuditEvent, User
from vru.jobs.actions import enqueue
from vru.lib.periods import long_date

TELL_PAID = "payments-paid"
LONGEST_REFERENCE = 100
Status = PaymentRun.Status


@transaction.atomic
def export_run(*, run: PaymentRun, by: User) -> tuple[PaymentRun, bytes]:
    """The file for the finance system. Made again it is the same, byte for byte; its hash is kept with the run.

    Raises ``ActionRefused`` before approval, and when a payment of the run may not leave any more.
    """
    check_maker(by)
    locked = lock_run(run)
    if locked.status in (Status.EXPORTED, Status.PAID):
        return locked, file_of(locked)
    if locked.status != Status.APPROVED:
        raise ActionRefused("Only an approved run is sent to the finance system.")
    problem = layout_problem(locked.layout)
    if problem:
        raise ActionRefused(f"The layout “{locked.layout.title}” cannot be used. {problem}")
    lines = lock_lines(locked)
    if not lines:
        raise ActionRefused("Every payment was taken out of this run. Cancel it.")
    check_can_leave(lines)
    locked.exported_as = as_written(locked.layout)
    content = payment_file(locked, _ever_in_file(locked), locked.exported_as)
    locked.export_sha256 = hashlib.sha256(content).hexdigest()
    locked.exported_by, locked.exported_at = by, timezone.now()
    fields = ("exported_as", "export_sha256", "exported_by", "exported_at")
    moved = move_run(locked, Status.EXPORTED, by, "payment run exported", fields=fields, sha256=locked.export_sha256)
    return moved, content


def file_of(run: PaymentRun) -> bytes:
    """The file of a run that was exported. Raises ``ActionRefused`` when what is stored no longer makes that file."""
    if not run.export_sha256 or run.exported_as is None:
        raise ActionRefused("This run has not been sent to the finance system, so there is no file of it.")
    content = payment_file(run, _ever_in_file(run), run.exported_as)
    if not hmac.compare_digest(hashlib.sha256(content).hexdigest(), run.export_sha256):
        raise ActionRefused(
            "The payments stored for this run are not those that were sent: a record was changed outside this site. "
            "Do not use the file. Tell your administrator."
        )
    return content


@transaction.atomic
def mark_paid(
    *,
    run: PaymentRun,
    paid_on: datetime.date,
    by: User,
    references: Mapping[int, str] | None = None,
    lines: Collection[PaymentRunLine] | None = None,
) -> list[Payment]:
    """Record that payments of an exported run were made, all of them or ``lines``; returns those paid now.

    ``references`` are the finance system's own, by the line's id. What is paid already stays as it was recorded, so a
    second press pays nobody twice. With its last payment the run is paid, debts that its credit notes cover are closed,
    and the grantees are told. Money that went out while an award was reduced is opened as a debt.
    """
    check_maker(by)
    locked = lock_run(run)
    if locked.status == Status.PAID:
        return []
    if locked.status != Status.EXPORTED:
        raise ActionRefused("Only a run that was sent to the finance system can be marked as paid.")
    _check_day(locked, paid_on)
    named = {line_id: text.strip() for line_id, text in (references or {}).items()}
    for text in named.values():
        check_text(text, "A reference", LONGEST_REFERENCE)
    live = lock_lines(locked)
    wanted = {line.pk for line in lines} if lines is not None else {line.pk for line in live}
    if wanted - {line.pk for line in live}:
        raise ActionRefused("One of these payments is not in the run any more. Look at the run again.")
    now_paid = [line for line in live if line.pk in wanted and line.payment.status != Payment.Status.PAID]
    payments = [line.payment for line in now_paid]
    set_together(payments, {"status": Payment.Status.PAID, "paid_on": paid_on}, by=by)
    _keep_references(live, named)
    settle(payments, by, f"run {locked.ref}")
    if all(line.payment.status == Payment.Status.PAID for line in live):
        locked.paid_by, locked.paid_at = by, timezone.now()
        fields = ("paid_by", "paid_at")
        move_run(locked, Status.PAID, by, "payment run paid", fields=fields, paid_on=paid_on.isoformat())
    if payments:
        numbers = sorted(payment.pk for payment in payments)
        enqueue(kind=TELL_PAID, payload={"payments": numbers}, by=by)
    return payments


def settle(payments: Collection[Payment], by: User, how: str) -> None:
    """What follows from payments made and credit notes received: the grants' records, debts closed, excess asked back.

    The commitments are locked by the caller, and the payments saved.
    """
    AuditEvent.objects.bulk_create(
        AuditEvent(
            actor=by,
            action="credit note settled" if payment.is_credit_note else "payment made",
            subject_type=Commitment._meta.label_lower,
            subject_id=str(payment.commitment_id),
            subject_label=str(payment.commitment)[:300],
            details={
                "number": payment.number,
                "amount_pence": payment.amount_pence,
                "paid_on": payment.paid_on.isoformat() if payment.paid_on else "",
                "by": how,
            },
        )
        for payment in payments
    )
    close_if_recovered({payment.recovers_id for payment in payments if payment.recovers_id}, by)
    open_excess({payment.commitment_id for payment in payments if not payment.is_credit_note}, by, how)


def _ever_in_file(run: PaymentRun) -> list[PaymentRunLine]:
    """The lines that went into the file: those live at export, also when one was taken out after it."""
    lines = run.lines.order_by("supplier_reference", "payment_id", "pk")
    since = run.exported_at
    return [line for line in lines if line.released_at is None or (since is not None and line.released_at > since)]


def _check_day(run: PaymentRun, paid_on: datetime.date) -> None:
    if paid_on > timezone.localdate():
        raise ActionRefused("Money is recorded as paid once it has left. Choose today or an earlier day.")
    approved = timezone.localdate(run.approved_at) if run.approved_at else run.pay_on
    if paid_on < approved:
        raise ActionRefused(f"The run was approved on {long_date(approved)}, so it was not paid before that day.")


def _keep_references(lines: Collection[PaymentRunLine], named: Mapping[int, str]) -> None:
    changed = []
    for line in lines:
        text = named.get(line.pk, "")
        if text and text != line.finance_reference:
            line.finance_reference = text
            changed.append(line)
    if changed:
        PaymentRunLine.objects.bulk_update(changed, ["finance_reference"])
