"""Payment runs: made by one person, proposed, approved by another. No payment stands in two live runs.

Whoever writes locks the run first, then the commitments in order of their id; making a run locks the layouts instead,
so that runs are made one after the other.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from grants.actions.impartial import check_impartial
from grants.actions.texts import check_reason
from grants.errors import ActionRefused
from grants.models import PAYMENT_RUN_STATES, Commitment, ExportLayout, Payment, PaymentRun, PaymentRunLine
from grants.money.paid import in_runs, net_paid
from grants.money.payment_file import layout_problem
from grants.money.readiness import PLAN_WITH, reasons
from vru.accounts.models import AuditEvent, User
from vru.accounts.permissions import APPROVERS_OF_MONEY, KEEPERS_OF_MONEY
from vru.lib.layers import Layer
from vru.lib.money import Money
from vru.lib.periods import long_date

Status = PaymentRun.Status
# Held back by what changed since the run was made; so many are named, the rest counted.
MOST_NAMED = 3


def due_payments(layer: str, pay_on: datetime.date) -> list[Payment]:
    """Payments of a layer that can leave by a day, soonest first: what a run of everything would hold. One query."""
    clear = Payment.objects.in_layer(layer).clear().filter(due_on__lte=pay_on)
    return list(clear.select_related(*PLAN_WITH))


@transaction.atomic
def make_run(
    *,
    layer: str,
    pay_on: datetime.date,
    layout: ExportLayout,
    by: User,
    payments: Collection[Payment] | None = None,
) -> PaymentRun:
    """A draft run of everything that can leave by ``pay_on``, or of the payments chosen.

    Two people at once come one after the other: the second finds the payments taken. Raises ``ActionRefused`` when
    nothing is ready, and when one that was chosen cannot be paid, with the reason. The same choice by the same person
    again gives the draft that holds it already.
    """
    check_maker(by)
    if layer == Layer.PUBLISHED:
        raise ActionRefused("Published records say what others paid. Nothing is paid from here for them.")
    locked_layouts = list(ExportLayout.objects.select_for_update().order_by("pk"))
    chosen_layout = next((each for each in locked_layouts if each.pk == layout.pk), layout)
    problem = layout_problem(chosen_layout)
    if problem:
        raise ActionRefused(f"The layout “{chosen_layout.title}” cannot be used. {problem}")
    if payments is not None:
        made = _made_already(payments, by)
        if made is not None:
            return made
    wanted = due_payments(layer, pay_on) if payments is None else list(payments)
    lock_commitments({payment.commitment_id for payment in wanted})
    found = _takeable(wanted, chosen=payments is not None, layer=layer)
    if not found:
        raise ActionRefused(f"Nothing is ready to be paid by {long_date(pay_on)} that is not in a run already.")
    now = timezone.now()
    run = PaymentRun.objects.create(
        ref=_next_ref(pay_on), layer=layer, pay_on=pay_on, layout=chosen_layout, made_by=by, made_at=now
    )
    try:
        with transaction.atomic():
            PaymentRunLine.objects.bulk_create(_line(run, payment) for payment in found)
    except IntegrityError as error:
        raise ActionRefused("Somebody put one of these payments in another run just now. Look again.") from error
    total = sum(payment.amount_pence for payment in found)
    AuditEvent.record("payment run made", run, by=by, payments=len(found), total_pence=total)
    return run


@transaction.atomic
def take_out(*, line: PaymentRunLine, by: User, reason: str = "") -> PaymentRunLine:
    """Release one payment from its run, to be paid another time. Only what is not paid; a second press changes nothing.

    In a draft only its maker does it; later any finance officer, with the reason.
    """
    check_maker(by)
    run = lock_run(line.run)
    row = run.lines.select_related("payment__commitment").get(pk=line.pk)
    if row.released_at is not None:
        return row
    if run.status in (Status.PAID, Status.CANCELLED) or row.payment.status == Payment.Status.PAID:
        raise ActionRefused("It is paid, or its run is over. Money that was paid comes back by a credit note.")
    if run.status == Status.APPROVED and row.payment.is_credit_note:
        raise ActionRefused(
            "Without this credit note more would leave than was approved. Cancel the run, and make another one."
        )
    if run.status == Status.DRAFT:
        _check_own(run, by)
    else:
        reason = check_reason(reason, "Say why the payment is taken out: the run was proposed with it.")
    lock_commitments({row.payment.commitment_id})
    row.released_at, row.released_because = timezone.now(), reason.strip()
    row.save(update_fields=["released_at", "released_because"])
    AuditEvent.record(
        "payment taken out of run",
        run,
        by=by,
        reason=reason,
        payment=f"{row.facts.get('grant')}/{row.facts.get('number')}",
        amount_pence=row.amount_pence,
    )
    return row


@transaction.atomic
def propose_run(*, run: PaymentRun, by: User) -> PaymentRun:
    """Ask for approval. Only who made the run, so that whoever approves it has not put it together."""
    check_maker(by)
    locked = lock_run(run)
    if locked.status == Status.PROPOSED:
        return locked
    _check_own(locked, by)
    _check_step(locked, Status.PROPOSED)
    if not locked.lines.live().exists():
        raise ActionRefused("The run is empty. Cancel it, or make another one.")
    return _move(locked, Status.PROPOSED, by, "payment run proposed")


@transaction.atomic
def send_back(*, run: PaymentRun, by: User, reason: str) -> PaymentRun:
    """Give a proposed run back to its maker, with what to mend."""
    check_approver(by)
    why = check_reason(reason, "Say what is to be mended: the maker reads it.")
    locked = lock_run(run)
    if locked.status == Status.DRAFT:
        return locked
    _check_step(locked, Status.DRAFT)
    return _move(locked, Status.DRAFT, by, "payment run sent back", reason=why)


@transaction.atomic
def approve_run(*, run: PaymentRun, by: User, seen_pence: int | None = None) -> PaymentRun:
    """Approve what another person proposed. Every payment is looked at again: what no longer may leave stops the run.

    ``seen_pence`` is the total that the approver saw; another one now is refused. A second press changes nothing.
    """
    check_approver(by)
    locked = lock_run(run)
    if locked.made_by_id == by.pk:
        raise ActionRefused("You made this run, so somebody else must approve it.")
    if locked.status in (Status.APPROVED, Status.EXPORTED, Status.PAID):
        return locked
    _check_step(locked, Status.APPROVED)
    lines = lock_lines(locked)
    total = sum(line.amount_pence for line in lines)
    if seen_pence is not None and seen_pence != total:
        raise ActionRefused(f"The run is {Money(total)} now. It changed while you read it: look again.")
    check_impartial(by, {line.payment.commitment.organisation_id for line in lines}, "approve money to it")
    check_can_leave(lines)
    locked.approved_by, locked.approved_at = by, timezone.now()
    return _move(
        locked,
        Status.APPROVED,
        by,
        "payment run approved",
        fields=("approved_by", "approved_at"),
        payments=len(lines),
        total_pence=total,
    )


@transaction.atomic
def cancel_run(*, run: PaymentRun, by: User, reason: str) -> PaymentRun:
    """Give a run up: its payments are free again. A run of which anything is paid is not cancelled."""
    if not by.has_role(*KEEPERS_OF_MONEY, *APPROVERS_OF_MONEY):
        raise ActionRefused("Only a finance officer or the director can cancel a payment run.")
    locked = lock_run(run)
    if locked.status == Status.CANCELLED:
        return locked
    why = check_reason(reason, "Say why the run is cancelled: the reason is kept.")
    _check_step(locked, Status.CANCELLED)
    lines = lock_lines(locked)
    if any(line.payment.status == Payment.Status.PAID for line in lines):
        raise ActionRefused("Some of the run is paid. Take the payments that did not go out of it instead.")
    now = timezone.now()
    locked.lines.live().update(released_at=now, released_because=f"The run was cancelled: {why}"[:300])
    locked.cancelled_by, locked.cancelled_at, locked.cancelled_because = by, now, why
    fields = ("cancelled_by", "cancelled_at", "cancelled_because")
    return _move(locked, Status.CANCELLED, by, "payment run cancelled", reason=why, fields=fields)


def check_maker(by: User) -> None:
    if not by.has_role(*KEEPERS_OF_MONEY):
        raise ActionRefused("Only a finance officer can do this with a payment run.")


def check_approver(by: User) -> None:
    if not by.has_role(*APPROVERS_OF_MONEY):
        raise ActionRefused("Only a finance officer or the director can approve a payment run.")


def lock_run(run: PaymentRun) -> PaymentRun:
    return PaymentRun.objects.select_for_update(of=("self",)).select_related("layout", "made_by").get(pk=run.pk)


def lock_commitments(ids: Iterable[int]) -> list[Commitment]:
    return list(Commitment.objects.select_for_update().filter(pk__in=set(ids)).order_by("pk"))


def lock_lines(run: PaymentRun) -> list[PaymentRunLine]:
    """The live lines of a locked run, with payment and commitment read after every commitment was locked."""
    ids = run.lines.live().values_list("payment__commitment_id", flat=True)
    lock_commitments(ids)
    return list(run.lines.live().select_related("payment__commitment"))


def check_can_leave(lines: Collection[PaymentRunLine]) -> None:
    """Raises ``ActionRefused`` naming what of a run may not leave any more. The commitments are locked."""
    ids = [line.payment_id for line in lines]
    stood = {
        payment.pk: payment
        for payment in Payment.objects.with_clearance().filter(pk__in=ids).select_related(*PLAN_WITH)
    }
    commitments = {payment.commitment_id for payment in stood.values()}
    paid, running = net_paid(commitments), in_runs(commitments)
    held = []
    for line in lines:
        payment = stood[line.payment_id]
        why = reasons(payment)
        grant = payment.commitment
        if not payment.is_credit_note and paid.get(grant.pk, 0) + running.get(grant.pk, 0) > grant.award_pence:
            why.append("held: with it more would be paid than the award")
        if payment.amount_pence != line.amount_pence:
            why.append("its amount is not what stands in the run")
        if why:
            held.append(f"{grant.ref} payment {payment.number} ({'; '.join(why)})")
    if held:
        more = f" and {len(held) - MOST_NAMED} more" if len(held) > MOST_NAMED else ""
        listed = ", ".join(held[:MOST_NAMED])
        raise ActionRefused(f"Not everything in this run may leave: {listed}{more}. Take it out of the run first.")


def move_run(run: PaymentRun, to: PaymentRun.Status, by: User, action: str, **options: Any) -> PaymentRun:
    """One step of a locked run, with its audit event. Raises ``ActionRefused`` when the table does not allow it."""
    _check_step(run, to)
    return _move(run, to, by, action, **options)


def _move(
    run: PaymentRun,
    to: PaymentRun.Status,
    by: User,
    action: str,
    *,
    reason: str = "",
    fields: Collection[str] = (),
    **details: Any,
) -> PaymentRun:
    was, run.status = run.status, to
    run.save(update_fields=["status", *fields])
    AuditEvent.record(action, run, by=by, reason=reason, before=str(was), after=to.value, **details)
    return run


def _check_step(run: PaymentRun, to: PaymentRun.Status) -> None:
    if not PAYMENT_RUN_STATES.can(Status(run.status), to):
        raise ActionRefused(
            f"Run {run.ref} is “{run.get_status_display().lower()}”, so this step is not open to it. Look at it again."
        )


def _check_own(run: PaymentRun, by: User) -> None:
    if run.made_by_id != by.pk:
        raise ActionRefused(f"{run.made_by.name} is making this run. You can cancel it, or approve it once proposed.")


def _made_already(payments: Collection[Payment], by: User) -> PaymentRun | None:
    """The person's own draft that holds exactly these payments: a second press of the button."""
    ids = {payment.pk for payment in payments}
    line = (
        PaymentRunLine.objects.live()
        .filter(payment__in=ids, run__made_by=by, run__status=Status.DRAFT)
        .select_related("run__layout", "run__made_by")
        .first()
    )
    if line is None:
        return None
    held = set(line.run.lines.live().values_list("payment_id", flat=True))
    return line.run if held == ids else None


def _takeable(wanted: Collection[Payment], *, chosen: bool, layer: str) -> list[Payment]:
    """Under the locks: those that are clear now and fit their awards. Raises for one that was chosen and does not."""
    ids = [payment.pk for payment in wanted]
    now = Payment.objects.to_pay().with_clearance().in_layer(layer).filter(pk__in=ids).select_related(*PLAN_WITH)
    stood = list(now)
    commitments = {payment.commitment_id for payment in stood}
    paid, running = net_paid(commitments), in_runs(commitments)
    room = {
        payment.commitment_id: payment.commitment.award_pence
        - paid.get(payment.commitment_id, 0)
        - running.get(payment.commitment_id, 0)
        for payment in stood
    }
    found, held = [], []
    if chosen and len(stood) < len(set(ids)):
        held.append("one of them is paid or cancelled, or belongs to another layer")
    for payment in stood:
        why = ["it stands in another run"] if payment.is_running else reasons(payment)  # type: ignore[attr-defined]
        if not why and not payment.is_credit_note:
            if payment.amount_pence > room[payment.commitment_id]:
                why = ["held: with it more would be paid than the award"]
            else:
                room[payment.commitment_id] -= payment.amount_pence
        if why:
            held.append(f"{payment.commitment.ref} payment {payment.number}: {'; '.join(why)}")
        else:
            found.append(payment)
    if chosen and held:
        raise ActionRefused(f"Not everything chosen can be paid. {'. '.join(held[:MOST_NAMED])}.")
    return found


def _line(run: PaymentRun, payment: Payment) -> PaymentRunLine:
    grant = payment.commitment
    return PaymentRunLine(
        run=run,
        payment=payment,
        amount_pence=payment.amount_pence,
        supplier_reference=grant.organisation.supplier_reference,
        facts={
            "grant": grant.ref,
            "number": payment.number,
            "title": grant.title,
            "programme": grant.programme.ref,
            "organisation": grant.organisation.name,
        },
    )


def _next_ref(pay_on: datetime.date) -> str:
    """RUN-2020-0007: the seventh run of that calendar year. The layouts are locked, so nobody takes it meanwhile."""
    start = f"RUN-{pay_on.year}-"
    taken = PaymentRun.objects.filter(ref__startswith=start).values_list("ref", flat=True)
    numbers = [int(ref.removeprefix(start)) for ref in taken if ref.removeprefix(start).isdigit()]
    return f"{start}{max(numbers, default=0) + 1:04d}"
