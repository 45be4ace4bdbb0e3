"""How much of a source's money for a year can still be promised, and the check that nothing promises more.

Offered and awarded commitments count with their splits, and drafts do not; a terminated one counts what it still takes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from grants.errors import ActionRefused
from grants.models import Commitment, FundingSplit
from programmes.models import Allocation, FundingSource, Overcommitment
from vru.lib.money import Money
from vru.lib.periods import FinancialYear

SourceYear = tuple[FundingSource, int]


@dataclass(frozen=True, slots=True)
class Headroom:
    """In pence. ``approved_above`` is what the director allowed to be promised above the allocation.

    ``left`` is negative where more is committed than allocated and approved, as after a restatement.
    """

    allocated: int = 0
    approved_above: int = 0
    committed: int = 0

    @property
    def limit(self) -> int:
        return self.allocated + self.approved_above

    @property
    def left(self) -> int:
        return self.limit - self.committed

    @property
    def is_broken(self) -> bool:
        return self.left < 0

    @property
    def over(self) -> int:
        """Pence committed above the allocation, approved or not; nought where it is not above."""
        return max(self.committed - self.allocated, 0)


def headroom_of(source: FundingSource, year: int, layer: str, *, leaving_out: Commitment | None = None) -> Headroom:
    """The headroom of ``source`` in the year that begins in ``year``, as if ``leaving_out`` took nothing of it."""
    found = _gathered(layer, leaving_out=leaving_out, source=source, year=year)
    return found.get((source.pk, year), Headroom())


def headrooms(layer: str) -> dict[tuple[int, int], Headroom]:
    """Every source (its key) and year with an allocation, an approval or a promise in the layer. Three queries."""
    return _gathered(layer)


def check_headroom(
    commitment: Commitment, splits: Mapping[SourceYear, int], *, already: Mapping[SourceYear, int] | None = None
) -> None:
    """Raises ``ActionRefused`` where ``splits`` (pence by source and year) would promise more than may be promised.

    Locks the sources in the order of their keys, so that of two who promise the last pounds at once one succeeds: call
    it inside the transaction that holds the commitment's lock and then writes. What the commitment takes ``already`` is
    not refused again: a source whose allocation was restated downwards may be reduced step by step.
    """
    wanted = {spot: pence for spot, pence in splits.items() if pence > (already or {}).get(spot, 0)}
    sources = sorted({source.pk for source, _ in wanted})
    locked = FundingSource.objects.select_for_update().filter(pk__in=sources).order_by("pk")
    by_key = {source.pk: source for source in locked}
    for source, year in sorted(wanted, key=lambda spot: (spot[1], spot[0].pk)):
        room = headroom_of(by_key[source.pk], year, commitment.programme.layer, leaving_out=commitment)
        missing = wanted[source, year] - room.left
        if missing > 0:
            raise ActionRefused(_too_much(by_key[source.pk], year, room, missing))


def _too_much(source: FundingSource, year: int, room: Headroom, missing: int) -> str:
    named = f"{source} in {FinancialYear(year)}"
    mend = "Take less from it, or ask finance for an overcommitment that the director approves."
    if not room.limit:
        return f"Nothing is allocated from {named}. {mend}"
    left = f"{Money(room.left)} left to promise" if room.left > 0 else "nothing left to promise"
    return f"There is {left} from {named}, so this is {Money(missing)} too much. {mend}"


def counted_splits(layer: str) -> QuerySet[FundingSplit]:
    """The splits that take money: those of every commitment in the layer that is past draft."""
    return FundingSplit.objects.filter(commitment__programme__layer=layer).exclude(
        commitment__status=Commitment.Status.DRAFT
    )


def _gathered(
    layer: str,
    *,
    leaving_out: Commitment | None = None,
    source: FundingSource | None = None,
    year: int | None = None,
) -> dict[tuple[int, int], Headroom]:
    one = {} if source is None else {"source": source, "year": year}
    splits = counted_splits(layer).filter(**one)
    if leaving_out is not None:
        splits = splits.exclude(commitment=leaving_out)
    columns: tuple[QuerySet[Allocation] | QuerySet[Overcommitment] | QuerySet[FundingSplit], ...] = (
        Allocation.objects.current().filter(layer=layer, **one),
        Overcommitment.objects.in_force().filter(layer=layer, **one),
        splits,
    )
    found: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0] * len(columns))
    for place, rows in enumerate(columns):
        for key, begins, total in rows.order_by().values_list("source_id", "year").annotate(Sum("amount_pence")):
            found[key, begins][place] = total
    return {spot: Headroom(*amounts) for spot, amounts in found.items()}
