"""Which payment a line of the ledger is: by reference, then by supplier, amount and day, then by supplier and amount.

A payment is matched to one line at most, and a line to one payment.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from grants.imports.ledger_position import matched_elsewhere
from grants.imports.ledger_reading import Line
from grants.models import LedgerLine, Payment, PaymentRun, PaymentRunLine
from vru.lib.periods import FinancialYear

# A payment file is posted within days; a month covers the year's end and a late journal.
WINDOW = datetime.timedelta(days=31)
Outcome, On = LedgerLine.Outcome, LedgerLine.MatchedOn


@dataclass(frozen=True, slots=True)
class Ours:
    """A payment of ours as the ledger may know it. ``references`` and ``supplier`` are folded to compare."""

    pk: int
    paid_on: datetime.date
    amount_pence: int
    references: frozenset[str]
    supplier: str


@dataclass(frozen=True, slots=True)
class Match:
    line: Line
    outcome: LedgerLine.Outcome
    payment: Ours | None = None
    on: str = ""

    @property
    def difference_pence(self) -> int:
        return self.line.amount_pence - self.payment.amount_pence if self.payment else 0


def folded(text: str) -> str:
    """References as systems mangle them: capitals, spaces and leading noughts do not count."""
    return "".join(text.split()).casefold()


def our_reference(ref: str, number: int) -> str:
    """What the payment file gives the finance system as the reference of a payment."""
    return f"{ref}-{number:02d}"


def candidates(year: int, layer: str, *, leaving: int | None = None) -> list[Ours]:
    """Payments made in the year, or within a month of it, that no other ledger holds. ``leaving`` is a ledger that the
    new file replaces: what it is matched to is free.
    """
    period = FinancialYear(year)
    paid = Payment.objects.filter(
        status=Payment.Status.PAID,
        commitment__programme__layer=layer,
        paid_on__range=(period.starts_on - WINDOW, period.ends_on + WINDOW),
    )
    taken = LedgerLine.objects.filter(ledger__superseded_at__isnull=True, payment__isnull=False).exclude(ledger=leaving)
    paid = paid.exclude(pk__in=taken.values("payment")) if leaving else paid.filter(~matched_elsewhere())
    return _as_ours(paid)


def _as_ours(payments: QuerySet[Payment]) -> list[Ours]:
    lines = PaymentRunLine.objects.filter(payment__in=payments.order_by().values("pk"), released_at__isnull=True)
    lines = lines.exclude(run__status=PaymentRun.Status.CANCELLED).order_by("pk")
    runs = {pk: rest for pk, *rest in lines.values_list("payment_id", "finance_reference", "supplier_reference")}
    rows = payments.order_by("paid_on", "commitment__ref", "number").values_list(
        "pk", "paid_on", "amount_pence", "number", "commitment__ref", "commitment__organisation__supplier_reference"
    )
    found = []
    for pk, paid_on, pence, number, ref, supplier in rows:
        assert paid_on is not None  # A payment that was made has its day: the database sees to it.
        finance, of_run = runs.get(pk, ("", ""))
        references = frozenset(filter(None, (folded(finance), folded(our_reference(ref, number)))))
        found.append(Ours(pk, paid_on, pence, references, folded(of_run or supplier)))
    return found


def match(lines: Sequence[Line], payments: Iterable[Ours]) -> list[Match]:
    """One match a line, in the lines' order. The same lines and payments always give the same matches."""
    matching = _Matching(lines, list(payments))
    matching.by_reference()
    matching.by_supplier(On.DATED, WINDOW)
    matching.by_supplier(On.SUPPLIER, None)
    return matching.result()


class _Matching:
    def __init__(self, lines: Sequence[Line], payments: list[Ours]) -> None:
        self.lines, self.payments = lines, payments
        self.found: dict[int, Match] = {}
        self.taken: set[int] = set()

    def result(self) -> list[Match]:
        return [self.found.get(at) or Match(line, Outcome.UNMATCHED) for at, line in enumerate(self.lines)]

    def _take(self, at: int, payment: Ours, on: str) -> None:
        line = self.lines[at]
        outcome = Outcome.MATCHED if line.amount_pence == payment.amount_pence else Outcome.DIFFERENT
        self.found[at] = Match(line, outcome, payment, on)
        self.taken.add(payment.pk)

    def by_reference(self) -> None:
        """The same reference; the same amount first, so that a credit note never takes its payment's place."""
        by_reference: dict[str, list[Ours]] = defaultdict(list)
        for payment in self.payments:
            for reference in payment.references:
                by_reference[reference].append(payment)
        for exact in (True, False):
            for at, line in enumerate(self.lines):
                if at in self.found:
                    continue
                for payment in by_reference.get(folded(line.reference), ()):
                    same = payment.amount_pence == line.amount_pence
                    alike = (payment.amount_pence < 0) == (line.amount_pence < 0)
                    if payment.pk not in self.taken and (same if exact else alike):
                        self._take(at, payment, On.REFERENCE)
                        break

    def by_supplier(self, on: str, window: datetime.timedelta | None) -> None:
        """The same supplier and amount, earliest with earliest; both sides are walked once."""
        waiting = [at for at, line in enumerate(self.lines) if at not in self.found and line.supplier_reference]
        lines = _grouped(waiting, lambda at: (folded(self.lines[at].supplier_reference), self.lines[at].amount_pence))
        free = [payment for payment in self.payments if payment.pk not in self.taken and payment.supplier]
        ours = _grouped(free, lambda payment: (payment.supplier, payment.amount_pence))
        for key, places in lines.items():
            queue = sorted(ours.get(key, ()), key=lambda payment: (payment.paid_on, payment.pk))
            ahead = 0
            for at in sorted(places, key=lambda place: (self.lines[place].posted_on, place)):
                day = self.lines[at].posted_on
                while window is not None and ahead < len(queue) and queue[ahead].paid_on < day - window:
                    ahead += 1
                if ahead < len(queue) and (window is None or queue[ahead].paid_on <= day + window):
                    self._take(at, queue[ahead], on)
                    ahead += 1


def _grouped(items: Iterable, key: Callable[..., Hashable]) -> dict[Hashable, list]:
    found: dict[Hashable, list] = defaultdict(list)
    for item in items:
        found[key(item)].append(item)
    return found
