"""Spend and forecast as approved returns state them, against the profile."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from evaluation.figures import figure as show
from evaluation.figures.computation import Computation
from evaluation.figures.families.areas import over_areas
from evaluation.figures.families.slices import BY_PLAN, BY_QUARTER, BY_WHO, QUARTERLY, WHOLE
from evaluation.figures.family import RolledFamily, Slice, money, rolled
from evaluation.figures.rollup import NONE, Owner, Part, Parts
from grants.models import ProfileLine, SpendLine
from grants.money import attribution

RETURNED = ("revision__monitoring_return__commitment_id", "revision__monitoring_return__quarter_id")
_SHAPE: dict[str, Any] = {
    "unit": show.GBP,
    "parameters": (*QUARTERLY, "source"),
    "slices": (*WHOLE, *BY_WHO, *BY_QUARTER, ("source",), ("quarter", "source")),
    "finish": money,
    "from_returns": True,
    "additive": True,
}
# What only stands beside the spend is printed by plan, quarter and source, and given by grantee when asked.
_BESIDE: dict[str, Any] = _SHAPE | {"slices": (*WHOLE, *BY_PLAN, *BY_QUARTER, ("source",))}


@dataclass(frozen=True, slots=True)
class Spent:
    """The lines of one grant, quarter and source, added up. Source is empty where the splits attribute it."""

    owner: Owner
    quarter: str
    source: str | None
    actual: int
    forecast: int


def spent(computation: Computation) -> list[Spent]:
    return computation.keep("spent", lambda: computation.rows_in_time(_spent))


def _spent(computation: Computation) -> list[Spent]:
    if "spent rows" not in computation.kept:
        rows = (
            SpendLine.objects.filter(revision__in=computation.revisions)
            .order_by()
            .values_list(*RETURNED, "source__slug")
            .annotate(actual=Sum("actual_pence"), forecast=Sum("forecast_pence"))
            .order_by(*RETURNED, "source__slug")
        )
        computation.kept["spent rows"] = [
            Spent(computation.owner(pk), computation.quarters[quarter], source, actual, forecast or 0)
            for pk, quarter, source, actual, forecast in rows
        ]
    found: list[Spent] = computation.kept["spent rows"]
    return found


def attributed(computation: Computation, owner: Owner, source: str | None, pence: int) -> list[tuple[str, int]]:
    """Pence by source: the line's own, or the grant's splits in proportion, to the penny by the largest remainder."""
    return attribution.attributed(pence, source, computation.splits.get(owner.pk, {}), nowhere=NONE)


def _parts(computation: Computation, names: Slice, rows: list[Spent], column: str) -> Parts:
    """The column's pence, by source and by area where the slice asks for it."""
    by = tuple(name for name in ("source", "borough") if name in names)
    spot = (column, by, id(rows))
    if spot not in computation.kept:
        parts = [
            Part(row.owner, row.quarter, pence, extra=extra)
            for row in rows
            for extra, pence in _divided(computation, row, getattr(row, column), by)
        ]
        computation.kept[spot] = Parts(parts, extra=by)
    return computation.kept[spot]


def _divided(
    computation: Computation, row: Spent, pence: int, by: tuple[str, ...]
) -> list[tuple[tuple[str, ...], int]]:
    """What a row comes to in each source, in each area, or in each source of each area."""
    pieces: list[tuple[tuple[str, ...], int]] = [((), pence)]
    if "source" in by:
        pieces = [((source,), part) for source, part in attributed(computation, row.owner, row.source, pence)]
    if "borough" in by:
        pieces = [
            ((*extra, area), share)
            for extra, part in pieces
            for area, share in over_areas(computation, row.owner.pk, part)
        ]
    return pieces


@rolled("spend.total", title="Spend", **(_SHAPE | {"parameters": (*_SHAPE["parameters"], "borough")}))
def total(computation: Computation, names: Slice) -> Parts:
    """What grants spent, as their approved returns state it.

    Numerator: actual spend of approved returns. By source, a line that names none follows the grant's funding splits in
        proportion, to the penny by the largest remainder. By borough, each line is divided in proportion to its grant's
        area shares, to the penny; work that is not apportioned stands under the code of the whole area.
    Denominator: none.
    Exclusions: match funding; forecasts; returns not approved.
    Unit: pounds sterling.
    Source: spend lines of approved revisions of quarterly returns.
    """
    return _parts(computation, names, spent(computation), "actual")


def _final(computation: Computation) -> list[Spent]:
    """Spend lines of each grant's latest approved return only."""
    if "latest spend" not in computation.kept:
        latest: dict[int, str] = defaultdict(str)
        for row in spent(computation):
            latest[row.owner.pk] = max(latest[row.owner.pk], row.quarter)
        computation.kept["latest spend"] = [row for row in spent(computation) if latest[row.owner.pk] == row.quarter]
    return computation.kept["latest spend"]


@rolled("spend.forecast", title="Forecast spend to the end of the year", **_BESIDE)
def forecast(computation: Computation, names: Slice) -> Parts:
    """What grants still expect to spend before the end of the year.

    Numerator: the forecast of each grant's latest approved return in the period: summed over grants, never over time.
    Denominator: none.
    Exclusions: what is spent already; forecasts that a later approved return replaced.
    Unit: pounds sterling.
    Source: spend lines of approved revisions of quarterly returns.
    """
    return _parts(computation, names, spent(computation) if "quarter" in names else _final(computation), "forecast")


@rolled(
    "spend.outturn",
    title="Expected outturn",
    **(_SHAPE | {"parameters": _SHAPE["parameters"][1:], "slices": (*WHOLE, *BY_PLAN, ("source",))}),
)
def outturn(computation: Computation, names: Slice) -> Parts:
    """What will have been spent by the end of the year: spend to date and the latest forecast.

    Numerator: actual spend of approved returns, plus the forecast of each grant's latest approved return.
    Denominator: none.
    Exclusions: grants without an approved return; match funding.
    Unit: pounds sterling.
    Source: spend lines of approved revisions of quarterly returns.
    """
    actual, ahead = total.rows(computation, names), forecast.rows(computation, names)
    return computation.keep(("outturn", actual.extra), lambda: Parts(actual.rows + ahead.rows, actual.extra))


def _profile(computation: Computation) -> list[Spent]:
    if "profile" not in computation.kept:
        lines = ProfileLine.objects.filter(
            commitment__programme__layer=computation.scope.layer, quarter__year=computation.scope.year.start
        )
        rows = (
            computation.in_time(lines, "quarter__number")
            .order_by()
            .values_list("commitment_id", "quarter_id")
            .annotate(pence=Sum("amount_pence"))
            .order_by("commitment_id", "quarter_id")
        )
        computation.kept["profile"] = [
            Spent(computation.owner(pk), computation.quarters[quarter], None, pence, 0)
            for pk, quarter, pence in rows
            if pk in computation.commitments
        ]
    return computation.kept["profile"]


@rolled("spend.profile", title="Profiled spend", **(_BESIDE | {"from_returns": False}))
def profile(computation: Computation, names: Slice) -> Parts:
    """What grants planned to spend, whether or not they have reported.

    Numerator: the sum of profile lines of the year. By source, they follow the grant's funding splits in proportion.
    Denominator: none.
    Exclusions: other years.
    Unit: pounds sterling.
    Source: approved profiles of grants.
    """
    return _parts(computation, names, _profile(computation), "actual")


@rolled("spend.variance", title="Spend against profile", **_BESIDE)
def variance(computation: Computation, names: Slice) -> Parts:
    """Spend to date less profile to date; below nought is an underspend.

    Numerator: actual spend of approved returns, less the profile of the same grants and quarters.
    Denominator: none.
    Exclusions: the profile of quarters without an approved return, which would look like underspend.
    Unit: pounds sterling.
    Source: spend lines of approved revisions of quarterly returns; approved profiles of grants.
    """
    if "variance" not in computation.kept:
        actual = spent(computation)
        reported = {(row.owner.pk, row.quarter) for row in actual}
        planned = [
            Spent(row.owner, row.quarter, None, -row.actual, 0)
            for row in _profile(computation)
            if (row.owner.pk, row.quarter) in reported
        ]
        computation.kept["variance"] = [*actual, *planned]
    return _parts(computation, names, computation.kept["variance"], "actual")


FAMILIES: tuple[RolledFamily, ...] = (total, forecast, outturn, profile, variance)
