"""Spend for each new person."""

from __future__ import annotations

from decimal import Decimal

from evaluation.figures import figure as show
from evaluation.figures.computation import Computation
from evaluation.figures.families.reach import headline
from evaluation.figures.families.slices import BY_PLAN, QUARTERLY, WHOLE
from evaluation.figures.families.spend import spent
from evaluation.figures.family import RolledFamily, Slice, Worked, ratio, rolled
from evaluation.figures.rollup import Part, Parts, Total
from grants.models import Measure


def _finish(_: Computation, __: dict[str, str], total: Total) -> Worked:
    return ratio(Decimal(total.value).scaleb(-2), Decimal(total.denominator), show.GBP)


@rolled(
    "unit_cost",
    title="Spend for each new person",
    unit=show.GBP,
    parameters=QUARTERLY,
    slices=(*WHOLE, *BY_PLAN, ("organisation",), ("quarter",)),
    finish=_finish,
    from_returns=True,
)
def unit_cost(computation: Computation, names: Slice) -> Parts:
    """What was spent for each person newly supported. Not applicable where nobody was.

    Numerator: actual spend of approved returns that state both spend and new people.
    Denominator: new people of the same returns.
    Exclusions: returns that state one and not the other, such as grants that are not asked how many they reach.
    Unit: pounds sterling a person.
    Source: spend lines and headline cells of approved revisions of quarterly returns.
    """
    if "unit cost" not in computation.kept:
        people = {(part.owner.pk, part.quarter): part for part in headline(computation, Measure.NEW).rows}
        costed = {(row.owner.pk, row.quarter) for row in spent(computation)}
        money = [Part(r.owner, r.quarter, r.actual) for r in spent(computation) if (r.owner.pk, r.quarter) in people]
        heads = [Part(p.owner, p.quarter, 0, p.value) for spot, p in people.items() if spot in costed]
        computation.kept["unit cost"] = Parts(money + heads)
    return computation.kept["unit cost"]


FAMILIES: tuple[RolledFamily, ...] = (unit_cost,)
