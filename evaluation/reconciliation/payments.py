"""Payments against the runs that made them, the awards that allow them, and what is to come back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Q, Sum

from evaluation.reconciliation.books import Books
from evaluation.reconciliation.registry import Pair, Subject, check
from grants.models import GrantClosing, MonitoringReturn, Payment, PaymentRun, PaymentRunLine, RecoveryDebt, Revision
from grants.money.paid import above_award, net_paid

PAYMENTS = Subject.PAYMENTS
PAID = Payment.Status.PAID


@check(
    "payment-run-lines",
    PAYMENTS,
    title="Payments and their lines in runs",
    left="payments that stand in a run",
    right="lines of runs that are neither released nor cancelled",
)
def run_lines(books: Books) -> Iterator[Pair]:
    """A payment that stands in a run stands there once, with its own amount."""
    rows = (
        PaymentRunLine.objects.filter(payment__commitment__in=books.within.values("pk"), released_at__isnull=True)
        .exclude(run__status=PaymentRun.Status.CANCELLED)
        .order_by("payment__commitment__ref", "payment__number", "pk")
    )
    lines: dict[int, int] = defaultdict(int)
    payments: dict[int, tuple[int, int, int]] = {}
    for pk, commitment, number, amount, line in rows.values_list(
        "payment_id", "payment__commitment_id", "payment__number", "payment__amount_pence", "amount_pence"
    ):
        payments[pk] = (commitment, number, amount)
        lines[pk] += line
    for pk, (commitment, number, amount) in payments.items():
        award = books.awards[commitment]
        yield Pair(f"{award.where}, payment {number}", amount, lines[pk], award.page)


@check(
    "payment-runs-paid",
    PAYMENTS,
    title="Runs that were paid",
    left="lines of each run that was paid",
    right="payments of those lines that are marked as paid",
)
def runs_paid(books: Books) -> Iterator[Pair]:
    """What a paid run says it paid is what its payments say was paid."""
    rows = PaymentRunLine.objects.filter(
        run__layer=books.layer,
        run__status=PaymentRun.Status.PAID,
        run__pay_on__range=(books.scope.year.starts_on, books.scope.year.ends_on),
        released_at__isnull=True,
    ).order_by()
    said = dict(rows.values_list("run__ref").annotate(Sum("amount_pence")))
    paid = dict(rows.filter(payment__status=PAID).values_list("run__ref").annotate(Sum("payment__amount_pence")))
    for ref, pence in sorted(said.items()):
        yield Pair(f"Run {ref}", pence, paid.get(ref, 0))


@check(
    "payment-limit",
    PAYMENTS,
    title="Paid above the award",
    left="net paid above the award and what is to come back",
    right="nothing",
)
def limit(books: Books) -> Iterator[Pair]:
    """Payments less credit notes are never above the award, what open debts wait for and what was written off."""
    paid, above = net_paid(), above_award()
    for pk, award in books.awards.items():
        if pk in paid:
            yield Pair(award.where, max(paid[pk] - award.pence - above.get(pk, 0), 0), 0, award.page)


@check(
    "payment-credits",
    PAYMENTS,
    title="Credit notes above their payment",
    left="credit notes beyond the payment they correct",
    right="nothing",
)
def credits(books: Books) -> Iterator[Pair]:
    """The credit notes of a payment are never more than the payment."""
    rows = Payment.objects.filter(commitment__in=books.within.values("pk"), credit_notes__status=PAID)
    columns = ("pk", "commitment_id", "number", "amount_pence")
    for _, commitment, number, amount, credited in (
        rows.order_by("commitment__ref", "number").values_list(*columns).annotate(Sum("credit_notes__amount_pence"))
    ):
        award = books.awards[commitment]
        yield Pair(f"{award.where}, payment {number}", max(-credited - amount, 0), 0, award.page)


@check(
    "debt-recovered",
    PAYMENTS,
    title="Debts and the credit notes that pay them off",
    left="debts that were recovered, and what was recovered beyond any other debt",
    right="credit notes that name the debt",
)
def debts(books: Books) -> Iterator[Pair]:
    """A debt marked as recovered was paid off to the penny, and no debt was paid off more than once."""
    came_back = Sum("credit_notes__amount_pence", filter=Q(credit_notes__status=PAID))
    rows = RecoveryDebt.objects.filter(commitment__in=books.within.values("pk")).order_by("commitment__ref", "number")
    columns = ("commitment_id", "number", "status", "amount_pence")
    for commitment, number, status, amount, back in rows.values_list(*columns).annotate(came_back=came_back):
        award, returned = books.awards[commitment], -(back or 0)
        due = amount if status == RecoveryDebt.Status.RECOVERED else min(returned, amount)
        yield Pair(f"{award.where}, recovery {number}", due, returned, award.page)


@check(
    "closing-position",
    PAYMENTS,
    title="Closed grants, then and now",
    left="award, net paid and spend as kept at closing",
    right="award, net paid and approved spend of today; what came back since is added again",
)
def closings(books: Books) -> Iterator[Pair]:
    """A closed grant stands as it was closed: its award, what was paid and what was spent. Credit notes that pay off a
    debt come in after closing and are added again. Where no return is asked for, what was paid counts as spent.
    """
    rows = list(GrantClosing.objects.filter(commitment__in=books.within.values("pk")).order_by("commitment__ref"))
    if not rows:
        return
    ids = [row.commitment_id for row in rows]
    paid, spent, back = net_paid(ids), _spent(ids), _came_back(rows)
    returns = MonitoringReturn.objects.filter(commitment__in=ids).exclude(status=MonitoringReturn.Status.WAIVED)
    asked = set(returns.values_list("commitment_id", flat=True))
    for row in rows:
        award = books.awards[row.commitment_id]
        yield Pair(f"{award.where}, award at closing", row.award_pence, award.pence, award.page)
        now = paid.get(row.commitment_id, 0) + back.get(row.commitment_id, 0)
        yield Pair(f"{award.where}, paid at closing", row.paid_pence, now, award.page)
        reported = spent.get(row.commitment_id, 0) if row.commitment_id in asked else max(0, now)
        yield Pair(f"{award.where}, spent at closing", row.spent_pence, reported, award.page)


def _spent(ids: list[int]) -> dict[int, int]:
    rows = Revision.objects.live().filter(monitoring_return__commitment__in=ids, approved_at__isnull=False).order_by()
    column = "monitoring_return__commitment_id"
    return {pk: pence or 0 for pk, pence in rows.values_list(column).annotate(Sum("spend_lines__actual_pence"))}


def _came_back(rows: list[GrantClosing]) -> dict[int, int]:
    """What settled credit notes of debts brought back after the grant was closed, in pence above nought."""
    closed = {row.commitment_id: row.closed_at.date() for row in rows}
    found: dict[int, int] = defaultdict(int)
    notes = Payment.objects.filter(commitment__in=list(closed), status=PAID, recovers__isnull=False)
    for pk, paid_on, pence in notes.values_list("commitment_id", "paid_on", "amount_pence"):
        if paid_on is not None and paid_on >= closed[pk]:
            found[pk] -= pence
    return found
