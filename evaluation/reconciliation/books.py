"""What the checks of one year and layer share: which commitments are looked at, and their names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from evaluation.figures.computation import Computation
from grants.models import Commitment, FundingSplit


@dataclass(frozen=True, slots=True)
class Award:
    ref: str
    title: str
    pence: int

    @property
    def where(self) -> str:
        return f"{self.ref} {self.title}"

    @property
    def page(self) -> tuple[str, str]:
        return ("grants:detail", self.ref)


class Books:
    """One reading. Looked at are the commitments past draft that touch the year, whole: an award of eighteen months is
    compared with its splits of both years. One that was ended before it was awarded took no money and is left.
    """

    def __init__(self, computation: Computation) -> None:
        scope = self.scope = computation.scope
        self.year = scope.year.start
        self.layer = scope.layer
        self.computation = computation

    @cached_property
    def touching(self) -> QuerySet[Commitment]:
        """Every commitment that touches the year, drafts too, for use inside a query."""
        year = self.scope.year
        in_year = FundingSplit.objects.filter(commitment=OuterRef("pk"), year=self.year)
        touches = Q(starts_on__lte=year.ends_on, ends_on__gte=year.starts_on) | Exists(in_year)
        return Commitment.objects.in_layer(self.layer).filter(touches).order_by()

    @cached_property
    def within(self) -> QuerySet[Commitment]:
        """The commitments looked at, for use inside a query."""
        never_awarded = Q(status=Commitment.Status.TERMINATED, awarded_on__isnull=True)
        return self.touching.exclude(status=Commitment.Status.DRAFT).exclude(never_awarded)

    @cached_property
    def awards(self) -> dict[int, Award]:
        """By the commitment's id, in the order of references."""
        rows = self.within.order_by("ref").values_list("pk", "ref", "title", "award_pence")
        return {pk: Award(ref, title, pence) for pk, ref, title, pence in rows}

    def summed(self, rows: QuerySet, column: str = "amount_pence") -> dict[int, int]:
        """Pence of the rows of each commitment looked at."""
        found = rows.filter(commitment__in=self.within.values("pk")).order_by()
        return dict(found.values_list("commitment_id").annotate(Sum(column)))


def grouped(rows: Iterable[tuple[object, int | None]]) -> dict[str, int]:
    """Sums by the text of their key; what has no key stands under "none"."""
    found: dict[str, int] = {}
    for key, pence in rows:
        name = "none" if key in (None, "") else str(key)
        found[name] = found.get(name, 0) + (pence or 0)
    return found
