"""From what somebody typed (year, layer, day) to a scope; shared by the command line and the API."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings

from evaluation.figures.family import Family
from evaluation.figures.figure import Figure
from evaluation.figures.scope import Scope, ScopeError
from programmes.models import Allocation, Programme
from vru.lib.layers import Layer
from vru.lib.periods import FinancialYear


def scope_of(*, year: str, layer: str, as_at: str, today: datetime.date) -> Scope:
    """An empty layer means ``default_layer``, an empty day ``today``.

    Raises PeriodError or ScopeError (both ValueError), with a sentence for the person who typed it.
    """
    return Scope.of(FinancialYear.parse(year), layer or default_layer(), _day(as_at) if as_at else today)


def default_layer() -> str:
    """Published in a demonstration, or where the unit has recorded nothing of its own yet; otherwise recorded."""
    if settings.DEMO:
        return Layer.PUBLISHED.value
    kinds = (Programme, Allocation)
    if any(model.objects.filter(layer=Layer.RECORDED).exists() for model in kinds):
        return Layer.RECORDED.value
    published = any(model.objects.filter(layer=Layer.PUBLISHED).exists() for model in kinds)
    return (Layer.PUBLISHED if published else Layer.RECORDED).value


def figures_json(scope: Scope, figures: list[Figure]) -> dict[str, Any]:
    """The contract that scripts read, on the command line and from the API."""
    return {
        "year": str(scope.year),
        "layer": scope.layer,
        "as_at": scope.as_at.isoformat(),
        "figures": [figure.as_json() for figure in figures],
    }


def definition_json(family: Family) -> dict[str, object]:
    return {
        "name": family.name,
        "title": family.title,
        "parameters": list(family.parameters),
        "required": list(family.required),
        **family.definition.as_json(),
    }


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text.strip())
    except ValueError:
        raise ScopeError(f'"{text[:40]}" is not a day. Write it like "2021-03-31".') from None
