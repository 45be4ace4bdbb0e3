"""The position of a year at a glance: a handful of figures and a table by objective, from the registry of figures."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from evaluation.figures.figure import Figure
from evaluation.figures.key import FigureError, FigureKey
from evaluation.figures.registry import compute
from evaluation.figures.scope import Scope
from evaluation.figures.snapshot import read_snapshot
from evaluation.models import OutlineSection, ReportOutline
from programmes.area_map import area_map
from programmes.models import Area, FundingSource
from vru.lib.money import Money
from vru.lib.periods import FinancialYear

HEADLINES = (
    "funding.total",
    "award.total",
    "spend.total",
    "programmes.count",
    "grants.count",
    "grantees.count",
    "boroughs.count",
    "reach.new",
    "reach.trained",
)
BY_SOURCE = ("funding.source", "award.total", "spend.total")
BY_SOURCE_TOTALS = ("funding.total", "award.total", "spend.total")
SOURCE_COLUMNS = ("Allocated", "Committed", "Spent", "Left to commit", "Left to spend")
BY_OBJECTIVE = {
    "award.total": "Awarded",
    "grants.count": "Grants",
    "spend.total": "Spent",
    "reach.new": "New people",
}


def scope_now(year: FinancialYear, layer: str, as_at: datetime.date | None = None) -> Scope:
    """The year as it stands today (or on ``as_at``)."""
    return Scope.of(year, layer, as_at or timezone.localdate())


def basis_of(figure: Figure) -> str:
    """What a figure rests on, in a few words."""
    if figure.returns_expected:
        return f"from {figure.returns_received} of {figure.returns_expected} returns"
    if figure.basis == "stated":
        return f"stated in {figure.sources[0]}" if figure.sources else "stated"
    return ""


def position_of(*, year: FinancialYear, layer: str) -> dict[str, Any]:
    """``numbers`` for the big figures and ``objectives`` as the parts of a table."""
    scope = scope_now(year, layer)
    objectives = list(scope.strategy_version.objectives.all()) if scope.strategy_version else []
    keys = [f"{family} objective={objective.number}" for objective in objectives for family in BY_OBJECTIVE]
    areas = list(Area.objects.places())
    keys += [f"award.total borough={area.code}" for area in areas]
    with read_snapshot():
        figures = compute(scope, [*HEADLINES, *keys])
        stated = _stated_headlines(scope)
    shown = [*(figures[key] for key in HEADLINES if key in figures), *stated]
    numbers = [as_number(figure, scope) for figure in shown if figure.has_value]
    return {"numbers": numbers, "objectives": _table(objectives, figures, scope), "map": _map(areas, figures)}


def _stated_headlines(scope: Scope) -> list[Figure]:
    """What the unit states about the year at the front of its report: the outline names them, so each unit has its own.

    None where the outline names a statement that is not loaded; making the report says which.
    """
    whole = {"outline__every": ReportOutline.Every.YEAR, "outline__about": ReportOutline.Subject.UNIT}
    opening = OutlineSection.objects.filter(**whole).order_by("outline__kind", "order").first()
    blocks = [block for block in opening.blocks if block.get("kind") == "figures"] if opening else []
    named = [
        str(FigureKey.parse(key))
        for block in blocks
        if scope.layer in block.get("layers", [scope.layer])
        for key in block["keys"]
        if key.startswith("stated.")
    ]
    try:
        figures = compute(scope, named) if named else {}
    except FigureError:
        return []
    return [figures[key] for key in dict.fromkeys(named)]


def money_by_source(scope: Scope) -> dict[str, Any]:
    """Allocated, committed and spent by funding source as the parts of a table, with what is left of each allocation.

    Money that names no source has a row of its own, so that every column adds up to its total.
    """
    sources = list(FundingSource.objects.all())
    keys = {source.pk: [f"{family} source={source.slug}" for family in BY_SOURCE] for source in sources}
    with read_snapshot():
        figures = compute(scope, [*BY_SOURCE_TOTALS, *(key for each in keys.values() for key in each)])
    rows, sums = [], [Decimal(0)] * len(BY_SOURCE)
    for source in sources:
        found = [figures.get(key) for key in keys[source.pk]]
        if not any(figure is not None and figure.value for figure in found):
            continue
        amounts = [figure.value or Decimal(0) if figure else Decimal(0) for figure in found]
        sums = [total + amount for total, amount in zip(sums, amounts, strict=True)]
        cells = [_shown(figure, scope) for figure in found]
        rows.append([{"text": source.title, "header": True}, *cells, *_left(amounts)])
    totals = [figures[key].value or Decimal(0) for key in BY_SOURCE_TOTALS]
    apart = [total - amount for total, amount in zip(totals, sums, strict=True)]
    if any(apart):
        rows.append([{"text": "No source named", "header": True}, *(_pounds(amount) for amount in apart), "–", "–"])
    columns = [{"label": "Source"}, *({"label": label, "numeric": True} for label in SOURCE_COLUMNS)]
    foot = ["All sources", *(_shown(figures[key], scope) for key in BY_SOURCE_TOTALS), *_left(totals)]
    return {"caption": "Money by source", "columns": columns, "rows": rows, "foot": foot}


def _left(amounts: list[Decimal]) -> list[str]:
    allocated, committed, spent = amounts
    return [_pounds(allocated - committed), _pounds(committed - spent)]


def _pounds(amount: Decimal) -> str:
    return Money.from_pounds(amount).exact()


def as_number(figure: Figure, scope: Scope, label: str = "") -> dict[str, str]:
    """A figure as a big number that leads to where it comes from."""
    said = label or figure.label
    return {
        "label": said[:1].upper() + said[1:],
        "value": figure.display,
        "basis": basis_of(figure),
        "href": trace_href(figure, scope),
    }


def trace_href(figure: Figure, scope: Scope) -> str:
    """The page on which a figure is walked back to its returns or documents."""
    return f"{reverse('evaluation:figure')}?{urlencode({'year': str(scope.year), 'key': figure.key})}"


def _map(areas: list[Area], figures: dict[str, Figure]) -> dict[str, Any] | None:
    """The awards of each area as a map of tiles and as rows; None where nothing is shared out by area."""
    found = {area.code: figures.get(f"award.total borough={area.code}") for area in areas}
    shown = {code: figure for code, figure in found.items() if figure is not None and figure.has_value}
    return area_map(
        areas,
        {code: figure.value for code, figure in shown.items()},
        title="Awarded by area",
        heading="Awarded",
        prefix="position-map",
        unit="£",
        shorts={code: figure.shown("short") for code, figure in shown.items()},
        displays={code: figure.display for code, figure in shown.items()},
    )


def _table(objectives: list[Any], figures: dict[str, Figure], scope: Scope) -> dict[str, Any]:
    rows = []
    for objective in objectives:
        found = [figures.get(f"{family} objective={objective.number}") for family in BY_OBJECTIVE]
        if any(figure is not None and figure.has_value for figure in found):
            rows.append([{"text": str(objective), "header": True}, *(_shown(figure, scope) for figure in found)])
    columns = [{"label": "Objective"}, *({"label": label, "numeric": True} for label in BY_OBJECTIVE.values())]
    return {"caption": "Money and people by objective", "columns": columns, "rows": rows}


def _shown(figure: Figure | None, scope: Scope) -> dict[str, str] | str:
    if figure is None or not figure.has_value:
        return "–"
    exact = figure.shown("exact") if figure.unit == "GBP" else figure.display
    return {"text": exact, "href": trace_href(figure, scope)}
