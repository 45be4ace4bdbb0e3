"""How far an award is from being closed: what is missing, and what was paid and not spent. Reads only."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum

from grants.models import Commitment, MonitoringReturn, Payment, SpendLine
from grants.money.paid import given_up, net_paid, open_recovery
from vru.lib.money import Money

_R = MonitoringReturn.Status
SETTLED = [_R.APPROVED, _R.LOCKED, _R.WAIVED]
CLOSABLE = [Commitment.Status.ACTIVE, Commitment.Status.TERMINATED]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that closing asks for; ``done`` or what is missing, in a sentence."""

    title: str
    done: bool
    text: str


@dataclass(frozen=True, slots=True)
class Closing:
    """In pence. ``spent`` is approved in returns; where none are asked for, what was paid counts as spent."""

    award: int
    paid: int
    spent: int
    to_recover: int
    given_up: int
    steps: tuple[Step, ...]

    @property
    def unspent(self) -> int:
        """Paid and not spent; never negative: what a grantee spends above its award is its own."""
        return max(0, self.paid - self.spent)

    @property
    def to_ask_back(self) -> int:
        """Unspent money that no debt asks for yet."""
        return max(0, self.unspent - self.to_recover - self.given_up)

    @property
    def missing(self) -> list[str]:
        return [step.text for step in self.steps if not step.done]


def closing_of(commitment: Commitment) -> Closing:
    """A fixed number of queries, whatever the award has."""
    ids = [commitment.pk]
    paid = net_paid(ids).get(commitment.pk, 0)
    returns = list(commitment.returns.select_related("quarter"))
    asked = [item for item in returns if item.status != _R.WAIVED]
    spent = _spent(commitment) if asked else max(0, paid)
    return Closing(
        award=commitment.award_pence,
        paid=paid,
        spent=spent,
        to_recover=open_recovery(ids).get(commitment.pk, 0),
        given_up=given_up(ids).get(commitment.pk, 0),
        steps=(_status(commitment), _returns(returns), _payments(commitment), _milestones(commitment)),
    )


def _spent(commitment: Commitment) -> int:
    approved = SpendLine.objects.filter(
        revision__monitoring_return__commitment=commitment,
        revision__approved_at__isnull=False,
        revision__superseded_at__isnull=True,
    )
    return int(approved.aggregate(total=Sum("actual_pence"))["total"] or 0)


def _status(commitment: Commitment) -> Step:
    done = commitment.status in CLOSABLE
    words = f"The award is {commitment.get_status_display().lower()}"
    return Step("The award", done, f"{words}." if done else f"{words}, so it cannot be closed.")


def _returns(returns: list[MonitoringReturn]) -> Step:
    open_ones = [item for item in returns if item.status not in SETTLED]
    if not open_ones:
        return Step("Returns", True, "Every return is approved or waived." if returns else "No returns are asked for.")
    quarters = ", ".join(str(item.quarter) for item in open_ones)
    return Step("Returns", False, f"Returns that are not approved yet: {quarters}. Approve or waive them.")


def _payments(commitment: Commitment) -> Step:
    waiting = commitment.payments.filter(status=Payment.Status.PLANNED)
    rows = list(waiting.filter(is_credit_note=False).order_by("number").values_list("number", "amount_pence"))
    if not rows:
        return Step("Payments", True, "Every payment is made or cancelled.")
    total = Money(sum(pence for _, pence in rows))
    numbers = ", ".join(str(number) for number, _ in rows)
    return Step("Payments", False, f"Payments not made yet: {numbers}, {total} in all. Make or cancel them.")


def _milestones(commitment: Commitment) -> Step:
    open_ones = commitment.milestones.filter(reports__isnull=True).order_by("number").values_list("number", flat=True)
    if not open_ones:
        return Step("Milestones", True, "Every milestone was reported, or there are none.")
    numbers = ", ".join(str(number) for number in open_ones)
    return Step("Milestones", True, f"Nobody reported on milestone {numbers}. That does not stop the closing.")
