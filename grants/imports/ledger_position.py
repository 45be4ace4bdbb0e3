"""What stands between the ledger and our payments. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Sum

from grants.models import LedgerImport, LedgerLine, Payment
from vru.lib.periods import FinancialYear


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of one outcome: how many, what they come to, and what our payments for them come to. In pence."""

    outcome: str
    label: str
    lines: int
    pence: int
    ours: int

    @property
    def apart(self) -> int:
        return self.pence - self.ours


@dataclass(frozen=True, slots=True)
class Position:
    """The parts always come to the whole ledger; ``total`` is what the file came to when it was read."""

    parts: tuple[Part, ...]
    total: int
    unexplained: int

    @property
    def lines(self) -> int:
        return sum(part.lines for part in self.parts)

    @property
    def summed(self) -> int:
        return sum(part.pence for part in self.parts)

    @property
    def ours(self) -> int:
        return sum(part.ours for part in self.parts)

    @property
    def ties(self) -> bool:
        return self.summed == self.total


def live_ledger(year: int, layer: str) -> LedgerImport | None:
    """The ledger of the year that no later file has replaced."""
    return LedgerImport.objects.filter(year=year, layer=layer, superseded_at__isnull=True).first()


def position_of(ledger: LedgerImport) -> Position:
    """Two queries."""
    rows = (
        ledger.lines.order_by()
        .values_list("outcome")
        .annotate(lines=Count("pk"), pence=Sum("amount_pence"), ours=Sum("payment__amount_pence"))
    )
    found = {outcome: (lines, pence, ours or 0) for outcome, lines, pence, ours in rows}
    parts = tuple(
        Part(outcome.value, str(outcome.label), *found.get(outcome.value, (0, 0, 0))) for outcome in LedgerLine.Outcome
    )
    return Position(parts, ledger.total_pence, to_explain(ledger).count())


def to_explain(ledger: LedgerImport) -> QuerySet[LedgerLine]:
    """Lines that differ or match nothing, and of which nobody has said why."""
    return ledger.lines.exclude(outcome=LedgerLine.Outcome.MATCHED).filter(explanation="")


def matched_elsewhere() -> Exists:
    """For payments: whether any ledger that still counts has a line for it."""
    lines = LedgerLine.objects.filter(payment=OuterRef("pk"), ledger__superseded_at__isnull=True)
    return Exists(lines)


def missing_payments(ledger: LedgerImport) -> QuerySet[Payment]:
    """Our payments of the year, made by the ledger's last day, that no line of any ledger is matched to."""
    last = ledger.lines.order_by().aggregate(last=Max("posted_on"))["last"]
    year = FinancialYear(ledger.year)
    until = min(last, year.ends_on) if last else year.starts_on
    return _unmatched(ledger).filter(paid_on__range=(year.starts_on, until))


def later_payments(ledger: LedgerImport) -> QuerySet[Payment]:
    """Our payments of the year made after the ledger's last day: a later file will hold them."""
    last = ledger.lines.order_by().aggregate(last=Max("posted_on"))["last"]
    year = FinancialYear(ledger.year)
    return _unmatched(ledger).filter(paid_on__gt=last or year.starts_on, paid_on__lte=year.ends_on)


def _unmatched(ledger: LedgerImport) -> QuerySet[Payment]:
    paid = Payment.objects.filter(status=Payment.Status.PAID, commitment__programme__layer=ledger.layer)
    rows = paid.filter(~matched_elsewhere()).select_related("commitment__organisation")
    return rows.order_by("paid_on", "commitment__ref", "number", "pk")


class LineKey(NamedTuple):
    """What makes a line of one file the same line in a later file."""

    reference: str
    supplier_reference: str
    posted_on: str
    amount_pence: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What a later file changed: lines it added, and lines it no longer has."""

    earlier: LedgerImport
    added: tuple[LineKey, ...]
    gone: tuple[LineKey, ...]

    @property
    def added_pence(self) -> int:
        return sum(line.amount_pence for line in self.added)

    @property
    def gone_pence(self) -> int:
        return sum(line.amount_pence for line in self.gone)


def changes_since_earlier(ledger: LedgerImport) -> Difference | None:
    """What ``ledger`` changed against the file it replaced; None when it was the first. Three queries."""
    earlier = (
        LedgerImport.objects.filter(year=ledger.year, layer=ledger.layer, superseded_at__isnull=False)
        .filter(uploaded_at__lte=ledger.uploaded_at)
        .exclude(pk=ledger.pk)
        .order_by("-uploaded_at", "-pk")
        .first()
    )
    if earlier is None:
        return None
    before, after = Counter(keys_of(earlier)), Counter(keys_of(ledger))
    return Difference(earlier, tuple(sorted((after - before).elements())), tuple(sorted((before - after).elements())))


def keys_of(ledger: LedgerImport) -> Iterator[LineKey]:
    rows = ledger.lines.values_list("reference", "supplier_reference", "posted_on", "amount_pence")
    for reference, supplier, posted_on, pence in rows:
        yield LineKey(reference, supplier, posted_on.isoformat(), pence)
