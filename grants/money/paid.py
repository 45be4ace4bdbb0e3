"""What was paid, what is to come back, and what may still be paid. Reads only; one query for each of the three.

All in pence, by the commitment's id; a commitment that a mapping leaves out has nought.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F, QuerySet, Sum

from grants.models import Commitment, Payment, PaymentRun, PaymentRunLine, RecoveryDebt

Ids = Collection[int]
# A payment in one of these runs is as good as paid: it counts before the money leaves.
LIVE_RUNS = [
    PaymentRun.Status.DRAFT,
    PaymentRun.Status.PROPOSED,
    PaymentRun.Status.APPROVED,
    PaymentRun.Status.EXPORTED,
]


def net_paid(commitment_ids: Ids | None = None) -> dict[int, int]:
    """Payments made less credit notes settled, of these commitments or of all."""
    paid = Payment.objects.filter(status=Payment.Status.PAID)
    return _by_commitment(paid if commitment_ids is None else paid.filter(commitment__in=commitment_ids))


def open_recovery(commitment_ids: Ids | None = None) -> dict[int, int]:
    """What open debts still wait for: the debts less the settled credit notes that pay them off."""
    return _left_of_debts([RecoveryDebt.Status.OPEN], commitment_ids)


def given_up(commitment_ids: Ids | None = None) -> dict[int, int]:
    """What was written off. It stays paid above the award for good, so the limit on what is paid counts it."""
    return _left_of_debts([RecoveryDebt.Status.WRITTEN_OFF], commitment_ids)


def above_award(commitment_ids: Ids | None = None) -> dict[int, int]:
    """By how much net paid may stand above the award: what is to come back, and what was given up."""
    return _left_of_debts([RecoveryDebt.Status.OPEN, RecoveryDebt.Status.WRITTEN_OFF], commitment_ids)


def scheduled(commitment_ids: Ids | None = None) -> dict[int, int]:
    """Payments planned and not made. A credit note leaves no room for a payment until it is settled: none is in."""
    waiting = Payment.objects.to_pay().filter(is_credit_note=False)
    return _by_commitment(waiting if commitment_ids is None else waiting.filter(commitment__in=commitment_ids))


def in_runs(commitment_ids: Ids | None = None) -> dict[int, int]:
    """Payments, without credit notes, that stand in a run which is not paid yet."""
    running = Payment.objects.to_pay().filter(
        is_credit_note=False, run_lines__released_at__isnull=True, run_lines__run__status__in=LIVE_RUNS
    )
    return _by_commitment(running if commitment_ids is None else running.filter(commitment__in=commitment_ids))


def sent_before(run: PaymentRun) -> list[PaymentRunLine]:
    """Lines of other runs, taken out after their file was made, of payments that stand in this run. One query.

    The finance system may have paid them by that file: whoever approves this run is told.
    """
    here = run.lines.live().values("payment")
    sent = PaymentRunLine.objects.filter(payment__in=here, released_at__gt=F("run__exported_at")).exclude(run=run)
    return list(sent.select_related("run", "payment__commitment").order_by("run_id", "payment_id", "pk"))


@dataclass(frozen=True, slots=True)
class Paid:
    """One commitment's position, in pence."""

    award: int
    paid: int
    scheduled: int
    in_runs: int
    to_recover: int
    given_up: int

    @property
    def limit(self) -> int:
        """Net paid is never above this: the award, what is to come back, and what was given up."""
        return self.award + self.to_recover + self.given_up

    @property
    def still_payable(self) -> int:
        """What can leave now, runs counted. Never negative: money to come back is no room to pay more."""
        return max(0, self.award - self.paid - self.in_runs)

    @property
    def unscheduled(self) -> int:
        """What of the award no payment is planned for. Negative when more is planned than the award allows."""
        return self.award - self.paid - self.scheduled


def position_of(commitment: Commitment) -> Paid:
    """Five queries. Under the commitment's lock it is what a write may rely on."""
    ids = [commitment.pk]
    return Paid(
        award=commitment.award_pence,
        paid=net_paid(ids).get(commitment.pk, 0),
        scheduled=scheduled(ids).get(commitment.pk, 0),
        in_runs=in_runs(ids).get(commitment.pk, 0),
        to_recover=open_recovery(ids).get(commitment.pk, 0),
        given_up=given_up(ids).get(commitment.pk, 0),
    )


def _by_commitment(payments: QuerySet[Payment]) -> dict[int, int]:
    return dict(payments.order_by().values_list("commitment").annotate(total=Sum("amount_pence")))


def _left_of_debts(statuses: list[RecoveryDebt.Status], commitment_ids: Ids | None) -> dict[int, int]:
    debts = RecoveryDebt.objects.filter(status__in=statuses).with_left()
    if commitment_ids is not None:
        debts = debts.filter(commitment__in=commitment_ids)
    found: dict[int, int] = {}
    for debt in debts.order_by():
        found[debt.commitment_id] = found.get(debt.commitment_id, 0) + debt.left_pence
    return found
