"""The position of a year at a glance: a handful of figures and a table by objective, from the registry of figures."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from evaluation.figures.figure import Figure
from evaluation.figures.registry import compute
from evaluation.figures.scope import Scope
from evaluation.figures.snapshot import read_snapshot
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
BY_OBJECTIVE = ("award.total", "grants.count", "spend.total", "reach.new")


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
    with read_snapshot():
        figures = compute(scope, [*HEADLINES, *keys])
    numbers = [
        {"label": figures[key].label, "value": figures[key].display, "basis": basis_of(figures[key])}
        for key in HEADLINES
        if key in figures and figures[key].has_value
    ]
    return {"numbers": numbers, "objectives": _table(objectives, figures)}


def _table(objectives: list[Any], figures: dict[str, Figure]) -> dict[str, Any]:
    rows = []
    for objective in objectives:
        found = [figures.get(f"{family} objective={objective.number}") for family in BY_OBJECTIVE]
        if any(figure is not None and figure.has_value for figure in found):
            rows.append([{"text": str(objective), "header": True}, *(_shown(figure) for figure in found)])
    columns = [
        {"label": "Objective"},
        {"label": "Awarded", "numeric": True},
        {"label": "Grants", "numeric": True},
        {"label": "Spent", "numeric": True},
        {"label": "New people", "numeric": True},
    ]
    return {"caption": "Money and people by objective", "columns": columns, "rows": rows}


def _shown(figure: Figure | None) -> str:
    return figure.display if figure is not None and figure.has_value else "–"
