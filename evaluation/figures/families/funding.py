"""What the unit has to spend and what it has set aside: allocations and budget lines."""

from __future__ import annotations

from django.db.models import Sum

from evaluation.figures import figure as show
from evaluation.figures.computation import Computation
from evaluation.figures.family import RolledFamily, Slice, money, rolled
from evaluation.figures.rollup import UNIT_WIDE, Part, Parts
from programmes.models import Allocation, BudgetLine


def place_of(document: str | None, place: str) -> tuple[str, ...]:
    return (f"{document}, {place}" if place else document,) if document else ()


def _allocations(computation: Computation) -> Parts:
    if "allocations" not in computation.kept:
        scope = computation.scope
        rows = (
            Allocation.objects.current()
            .filter(layer=scope.layer, year=scope.year.start)
            .order_by("source__order", "source__slug")
            .values_list("source__slug", "source_document__key", "place", "amount_pence")
        )
        computation.kept["allocations"] = Parts(
            [
                Part(UNIT_WIDE, "", pence, extra=(slug,), sources=place_of(key, place))
                for slug, key, place, pence in rows
            ],
            extra=("source",),
        )
    return computation.kept["allocations"]


@rolled("funding.total", title="Funding", unit=show.GBP, parameters=(), slices=((),), finish=money)
def total(computation: Computation, names: Slice) -> Parts:
    """Everything the unit's funders allocated to it for the year.

    Numerator: the allocation in force of every source for the year, the latest restatement of each.
    Denominator: none.
    Exclusions: allocations that were restated; other years.
    Unit: pounds sterling.
    Source: allocations by funding source and year.
    """
    return _allocations(computation)


@rolled(
    "funding.source",
    title="Funding",
    unit=show.GBP,
    parameters=("source",),
    required=("source",),
    slices=(("source",),),
    finish=money,
    additive=True,
)
def by_source(computation: Computation, names: Slice) -> Parts:
    """What one source allocated to the unit for the year.

    Numerator: the allocation in force of the source for the year.
    Denominator: none.
    Exclusions: allocations that were restated; other years.
    Unit: pounds sterling.
    Source: allocations by funding source and year.
    """
    return _allocations(computation)


def _budget(computation: Computation) -> Parts:
    if "budget" not in computation.kept:
        scope = computation.scope
        fields = ("programme_id", "category__slug", "source__slug", "source_document__key", "place")
        rows = (
            BudgetLine.objects.filter(layer=scope.layer, year=scope.year.start)
            .order_by()
            .values_list(*fields)
            .annotate(pence=Sum("amount_pence"))
            .order_by(*fields)
        )
        computation.kept["budget"] = Parts(
            [
                Part(
                    computation.programme(programme),
                    "",
                    pence,
                    extra=(category, source or "none"),
                    sources=place_of(key, place),
                )
                for programme, category, source, key, place, pence in rows
            ],
            extra=("category", "source"),
        )
    return computation.kept["budget"]


@rolled(
    "budget.total",
    title="Budget",
    unit=show.GBP,
    parameters=("category", "programme", "theme", "objective", "outcome", "source"),
    slices=((), ("programme",), ("theme",), ("objective",), ("outcome",), ("source",)),
    finish=money,
    additive=True,
)
def budget_total(computation: Computation, names: Slice) -> Parts:
    """Money set aside for the year.

    Numerator: the sum of the year's budget lines, computed from the lines, not as a document prints their total.
    Denominator: none.
    Exclusions: other years.
    Unit: pounds sterling.
    Source: budget lines by category, programme and source.
    """
    return _budget(computation)


@rolled(
    "budget.category",
    title="Budget",
    unit=show.GBP,
    parameters=("category", "source"),
    required=("category",),
    slices=(("category",),),
    finish=money,
    additive=True,
)
def budget_category(computation: Computation, names: Slice) -> Parts:
    """Money set aside for one budget category in the year.

    Numerator: the sum of the category's budget lines.
    Denominator: none.
    Exclusions: other years.
    Unit: pounds sterling.
    Source: budget lines by category, programme and source.
    """
    return _budget(computation)


FAMILIES: tuple[RolledFamily, ...] = (total, by_source, budget_total, budget_category)
