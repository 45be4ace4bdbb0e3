"""What a number is about besides its size: period, population, kind and measure."""

from __future__ import annotations

import re

from evaluation.models import StatedValue
from evaluation.rules.evidence import Spell, Value

Kinds = StatedValue.Kind
Periods = StatedValue.PeriodKind
YEARS = frozenset({Periods.FINANCIAL_YEAR, Periods.CALENDAR_YEAR})
OPEN_ENDED = frozenset({Periods.SINCE_LAUNCH, Periods.FIRST_18_MONTHS})
# Words for money or people that is planned, expected and counted: comparing across them is what a note warns of.
STAGES = {
    Kinds.BUDGET: "planned",
    Kinds.ALLOCATION: "planned",
    Kinds.AWARD: "planned",
    Kinds.TARGET: "a target",
    Kinds.FORECAST: "a forecast",
    Kinds.ESTIMATE: "an estimate",
    Kinds.ACTUAL: "an actual number",
}
# Two descriptions of a population are one when they share at least this part of their words.
ALIKE_PERCENT = 80
_WORD = re.compile(r"\w+")
_YEAR = re.compile(r"\b\d{4}\b")
_SPLIT_YEAR = re.compile(r"\b\d{4}\s*[/\N{EN DASH}-]\s*\d{2,4}\b")


def scope_points(first: Value, second: Value, *, only_mixed: bool = False) -> list[str]:
    """Everything in which two values differ besides their number, each as the end of a sentence.

    ``only_mixed`` keeps to what never fits in one calculation: sorts of year, and planned against counted.
    """
    points = []
    clash = _sorts_of_year(first.period, second.period) if only_mixed else period_clash(first.period, second.period)
    if clash:
        points.append(clash)
    stages = STAGES.get(Kinds(first.kind)), STAGES.get(Kinds(second.kind))
    if None not in stages and stages[0] != stages[1]:
        points.append(f"one is {stages[0]} and the other {stages[1]}")
    if only_mixed:
        return points
    if not _alike(first.population, second.population):
        points.append(f'one is about "{first.population}" and the other about "{second.population}"')
    if first.measure != second.measure:
        points.append(f"one measures {_spaced(first.measure)} and the other {_spaced(second.measure)}")
    return points


def period_clash(first: Spell, second: Spell) -> str:
    """How two periods differ, as the end of a sentence; empty when they are one or one of them is not stated."""
    mixed = _sorts_of_year(first, second)
    if mixed:
        return mixed
    if first.is_dated and second.is_dated and (first.starts_on, first.ends_on) != (second.starts_on, second.ends_on):
        return f"they cover different periods ({_said(first)} and {_said(second)})"
    kinds = {first.kind, second.kind}
    if len(kinds) > 1 and kinds & OPEN_ENDED and kinds <= OPEN_ENDED | YEARS | {Periods.RANGE}:
        return f"they cover different periods ({_said(first)} and {_said(second)})"
    if kinds == {Periods.FINANCIAL_YEAR} and _names_one_year(first.text) != _names_one_year(second.text):
        return f'one says "{first.text}" and the other "{second.text}"'
    return ""


def _sorts_of_year(first: Spell, second: Spell) -> str:
    if {first.kind, second.kind} == YEARS:
        return f"one is for a financial year and the other for a calendar year ({_said(first)} and {_said(second)})"
    return ""


def _names_one_year(text: str) -> bool:
    """Whether a text names a single year ("in 1999") and not a financial one ("1999/2000")."""
    return bool(_YEAR.search(text)) and not _SPLIT_YEAR.search(text)


def _alike(first: str, second: str) -> bool:
    left, right = set(_WORD.findall(first.casefold())), set(_WORD.findall(second.casefold()))
    if not left or not right:
        return True
    return 100 * len(left & right) >= ALIKE_PERCENT * len(left | right)


def _said(period: Spell) -> str:
    return period.text or str(Periods(period.kind).label).lower()


def _spaced(measure: str) -> str:
    return measure.replace("-", " ")
