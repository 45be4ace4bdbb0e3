"""Money awarded: what is promised to grantees and suppliers, which is neither budget nor spend."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Sum

from evaluation.figures import figure as show
from evaluation.figures.computation import Computation
from evaluation.figures.families.areas import over_areas
from evaluation.figures.families.slices import BY_WHO, WHO, WHOLE
from evaluation.figures.family import RolledFamily, Slice, money, rolled
from evaluation.figures.rollup import Part, Parts
from grants.models import Commitment, FundingSplit


def _splits(computation: Computation) -> Parts:
    if "awards" not in computation.kept:
        awarded = Commitment.objects.awarded().filter(computation.awarded)
        rows = (
            FundingSplit.objects.filter(year=computation.scope.year.start, commitment__in=awarded)
            .order_by()
            .values_list("commitment_id", "source__slug")
            .annotate(pence=Sum("amount_pence"))
            .order_by("commitment_id", "source__slug")
        )
        computation.kept["awards"] = Parts(
            [Part(computation.owner(pk), "", pence, extra=(source,)) for pk, source, pence in rows], extra=("source",)
        )
    return computation.kept["awards"]


def _by_area(computation: Computation) -> Parts:
    """The year's award of each commitment over its areas, in proportion to its area shares and to the penny."""
    if "awards by area" not in computation.kept:
        of_year: dict[int, int] = defaultdict(int)
        for part in _splits(computation).rows:
            of_year[part.owner.pk] += part.value
        parts = [
            Part(computation.owner(pk), "", amount, extra=(code,))
            for pk, pence in of_year.items()
            for code, amount in over_areas(computation, pk, pence)
        ]
        computation.kept["awards by area"] = Parts(parts, extra=("borough",))
    return computation.kept["awards by area"]


@rolled(
    "award.total",
    title="Awarded",
    unit=show.GBP,
    parameters=(*WHO, "source", "borough"),
    slices=(*WHOLE, *BY_WHO, ("source",), ("borough",), ("objective", "source")),
    finish=money,
    additive=True,
)
def award(computation: Computation, names: Slice) -> Parts:
    """The year's part of what was awarded: grants, contracts and unit costs.

    Numerator: the year's funding splits of commitments accepted and awarded by the day. By borough, each commitment's
        part of the year is divided in proportion to its area shares, to the penny; work that is not apportioned stands
        under the code of the whole area. A commitment without shares stands under "none".
    Denominator: none.
    Exclusions: drafts and offers; other years of a longer award; what was spent.
    Unit: pounds sterling.
    Source: funding splits and area shares of commitments, as they stand now.
    """
    return _by_area(computation) if "borough" in names else _splits(computation)


FAMILIES: tuple[RolledFamily, ...] = (award,)
