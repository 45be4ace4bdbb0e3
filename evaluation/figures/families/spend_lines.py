"""Spend under each cost heading, and the match funding beside it: what funders set shares of."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum

from evaluation.figures import figure as show
from evaluation.figures.computation import Computation
from evaluation.figures.families.slices import BY_PLAN, QUARTERLY, WHOLE
from evaluation.figures.families.spend import RETURNED, attributed
from evaluation.figures.family import RolledFamily, Slice, money, rolled
from evaluation.figures.rollup import Owner, Part, Parts
from grants.models import SpendLine


@dataclass(frozen=True, slots=True)
class Line:
    """What one grant and quarter has under a heading and source, in pence. ``match`` is None where none was stated."""

    owner: Owner
    quarter: str
    source: str | None
    heading: str
    actual: int
    match: int | None


def _lines(computation: Computation) -> list[Line]:
    if "spend lines" not in computation.kept:
        by = (*RETURNED, "source__slug", "heading__slug")
        rows = (
            SpendLine.objects.filter(revision__in=computation.revisions)
            .order_by()
            .values_list(*by)
            .annotate(actual=Sum("actual_pence"), match=Sum("match_pence"))
            .order_by(*by)
        )
        computation.kept["spend lines"] = [
            Line(computation.owner(pk), computation.quarters[quarter], source, heading, actual, match)
            for pk, quarter, source, heading, actual, match in rows
        ]
    return computation.kept["spend lines"]


def _pieces(computation: Computation, line: Line, pence: int, names: Slice) -> list[tuple[str, int]]:
    """Pence by source where the slice asks for it, otherwise all of it under no name."""
    if "source" not in names:
        return [("", pence)]
    return attributed(computation, line.owner, line.source, pence)


@rolled(
    "spend.heading",
    title="Spend",
    unit=show.GBP,
    parameters=("heading", *QUARTERLY, "source"),
    required=("heading",),
    slices=(("heading",),),
    finish=money,
    from_returns=True,
    additive=True,
)
def by_heading(computation: Computation, names: Slice) -> Parts:
    """What grants spent under one cost heading, as their approved returns state it.

    Numerator: actual spend of approved returns under the heading. By source, a line that names none follows the grant's
        funding splits in proportion, to the penny by the largest remainder.
    Denominator: none.
    Exclusions: match funding; forecasts; returns not approved; headings that no approved return has a line for.
    Unit: pounds sterling.
    Source: spend lines of approved revisions of quarterly returns.
    """
    by_source = "source" in names
    return computation.keep(
        ("spend by heading", by_source),
        lambda: Parts(
            [
                Part(line.owner, line.quarter, pence, extra=(line.heading, source) if by_source else (line.heading,))
                for line in _lines(computation)
                for source, pence in _pieces(computation, line, line.actual, names)
            ],
            extra=("heading", "source") if by_source else ("heading",),
        ),
    )


@rolled(
    "match.total",
    title="Match funding",
    unit=show.GBP,
    parameters=(*QUARTERLY, "source"),
    slices=(*WHOLE, *BY_PLAN, ("source",)),
    finish=money,
    from_returns=True,
    additive=True,
)
def match(computation: Computation, names: Slice) -> Parts:
    """What grantees put beside the unit's money, in cash or in kind, as their approved returns state it.

    Numerator: match funding of approved returns. By source, it follows the spend beside which it stands: the line's own
        source, otherwise the grant's funding splits in proportion, to the penny by the largest remainder.
    Denominator: none.
    Exclusions: the unit's own money; lines that state no match funding; returns not approved.
    Unit: pounds sterling.
    Source: spend lines of approved revisions of quarterly returns.
    """
    by_source = "source" in names
    return computation.keep(
        ("match", by_source),
        lambda: Parts(
            [
                Part(line.owner, line.quarter, pence, extra=(source,) if by_source else ())
                for line in _lines(computation)
                if line.match is not None
                for source, pence in _pieces(computation, line, line.match, names)
            ],
            extra=("source",) if by_source else (),
        ),
    )


FAMILIES: tuple[RolledFamily, ...] = (by_heading, match)
