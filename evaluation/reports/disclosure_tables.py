"""The declared tables: the only shapes in which counts of people are printed, and what they hang together by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from evaluation.figures.figure import COMPUTED, COUNT, PEOPLE, PERCENT, Figure
from evaluation.reports.material import split_key

NEW, SUPPORTED, BREAKDOWN, TARGET = "reach.new", "reach.supported", "reach.breakdown", "reach.target"
FORECAST, RESULT, UNIT_COST = "reach.forecast", "indicator.result", "unit_cost"
COUNTS = (
    NEW,
    SUPPORTED,
    "reach.continuing",
    "reach.active",
    "reach.indirect",
    "reach.trained",
    "reach.referred",
    "reach.started",
    "reach.completed",
)
# Of these the year shows each grant's latest quarter; quarters are not added.
LATEST = ("reach.continuing", "reach.active")
MADE_OF_COUNTS = (RESULT, UNIT_COST)
COUNTING = (*COUNTS, BREAKDOWN, FORECAST, *MADE_OF_COUNTS)
# Parts of a figure that are counts of people themselves.
TOP, BOTTOM, OTHERS = "counted", "out of", "others"
# The time of a key, however it is written: a quarter, or all quarters until one.
TIMES = ("quarter", "until")
_SOMEBODY = re.compile(
    r"\b(people|persons?|child(ren)?|pupils?|students?|young|adults?|parents?|carers?|famil(y|ies)|wom[ae]n|m[ae]n|girls?"
    r"|boys?|victims?|participants?|practitioners?|professionals?|residents?|users?|clients?|volunteers?)\b",
    re.I,
)

Parameters = dict[str, str]


@dataclass(frozen=True, slots=True)
class Declared:
    """One table of every family named: ``by`` are the parameters of its keys, a time standing as ``quarter``.

    With ``in_forms`` only those of its counts are printed that a funder's form asks for.
    """

    families: tuple[str, ...]
    by: tuple[str, ...]
    says: str
    in_forms: bool = False


DECLARED: tuple[Declared, ...] = (
    Declared((*COUNTS, FORECAST, UNIT_COST), (), "in all"),
    Declared((*COUNTS, UNIT_COST), ("quarter",), "by quarter"),
    Declared((*COUNTS, UNIT_COST), ("objective",), "by objective"),
    Declared((*COUNTS, UNIT_COST), ("theme",), "by theme"),
    Declared((*COUNTS, UNIT_COST), ("programme",), "by programme"),
    Declared(COUNTS, ("objective", "quarter"), "by objective and quarter"),
    Declared((BREAKDOWN,), ("category", "dimension"), "by each breakdown"),
    Declared((NEW,), ("borough",), "by area"),
    Declared((RESULT,), ("indicator",), "by indicator"),
    Declared((RESULT,), ("indicator", "objective"), "by indicator and objective"),
    Declared((RESULT,), ("indicator", "programme"), "by indicator and programme"),
    Declared((RESULT,), ("indicator", "quarter"), "by indicator and quarter"),
    Declared((FORECAST,), ("programme",), "forecast by programme", in_forms=True),
    Declared((FORECAST,), ("quarter",), "forecast at the end of a quarter", in_forms=True),
    Declared((FORECAST,), ("programme", "quarter"), "forecast by programme at the end of a quarter", in_forms=True),
    Declared(COUNTS, ("programme", "quarter"), "by programme and quarter", in_forms=True),
    Declared((BREAKDOWN,), ("category", "dimension", "quarter"), "by breakdown and quarter", in_forms=True),
)
_SHAPES = {
    in_forms: frozenset((name, each.by) for each in DECLARED if each.in_forms <= in_forms for name in each.families)
    for in_forms in (False, True)
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What the counts hang together by, beside their keys.

    ``programmes`` are the printed ones, each with its objective ("5") and theme; ``area_categories`` maps an area's
    code to (dimension, category) of the breakdown that counts the same people.
    """

    programmes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    area_categories: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, records: Mapping[str, Any]) -> Plan:
        programmes = {
            each["ref"]: {"objective": str(each["objective"]), "theme": each["theme"]}
            for each in records["programmes"]
            if not each["parent"]
        }
        areas = {
            category["area"]: (dimension["slug"], category["slug"])
            for dimension in records["dimensions"]
            for category in dimension["categories"]
            if category["area"]
        }
        return cls(programmes, areas)


def is_declared(key: str, plan: Plan, *, in_forms: bool = False) -> bool:
    """Whether a figure stands in a declared table. A project inside a programme stands in none. A form may be told of
    one funder's grants only: any of its tables, by source.
    """
    name, parameters = split_key(key)
    if in_forms:
        parameters.pop("source", None)
    by = tuple(sorted({"quarter" if each in TIMES else each for each in parameters}))
    if len(by) < len(parameters) or (name, by) not in _SHAPES[in_forms]:
        return False
    return all(each in plan.programmes for each in parameters.get("programme", "").split("+") if each)


def counts_people(figure: Figure) -> bool:
    """Whether its value is a number of people that the unit counted. What somebody else published is public already,
    and a target is about nobody.
    """
    return is_of_people(figure.key, figure.unit) and figure.basis == COMPUTED and figure.value is not None


def is_of_people(key: str, unit: str) -> bool:
    """Whether a family counts people in this unit. An indicator's unit is a word that the unit chose."""
    name = key.partition(" ")[0]
    if name == RESULT:
        return bool(_SOMEBODY.search(unit))
    return name.startswith("reach.") and name != TARGET and unit == PEOPLE


def counts_behind(figure: Figure) -> dict[str, int]:
    """The counts of people that a percentage or an amount for each of them is made of: {TOP, BOTTOM, OTHERS}.

    Empty for every other figure, and where numerator and denominator are no whole numbers of people.
    """
    name = figure.key.partition(" ")[0]
    bottom, top = figure.denominator, figure.numerator
    # A milestone counts grants.
    if figure.basis != COMPUTED or name not in MADE_OF_COUNTS or not _is_count(bottom) or figure.unit == COUNT:
        return {}
    found = {BOTTOM: int(bottom or 0)}
    if figure.unit == PERCENT and _is_count(top) and (top or 0) <= (bottom or 0):
        found |= {TOP: int(top or 0), OTHERS: int((bottom or 0) - (top or 0))}
    return found


def _is_count(number: Decimal | None) -> bool:
    return number is not None and number >= 0 and number == number.to_integral_value()
