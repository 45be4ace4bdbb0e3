"""Numbers that follow from two figures: the change of a series between any two of its years, a part's share of its
whole, what was done against what was meant to be done, one quarter against the one before.

Only figures that belong together are put in pairs: of all pairs, some would give any number.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, pairwise

from evaluation.figures.figure import GBP, PERCENT, Figure
from evaluation.figures.key import FigureKey
from evaluation.numbers.found import Quantity

SERIES = "series.value"
# Parts and their whole, where the whole is another family.
WHOLES = {"funding.source": "funding.total", "budget.category": "budget.total", "reach.breakdown": "reach.new"}
# Families whose slices are parts of the same family without the parameter; a person or grant may be in several slices
# of others, or a later quarter replaces an earlier one.
ADDITIVE = frozenset({"award.total", "spend.total", "spend.outturn", "reach.new", "reach.contacts", "budget.total"})
AGAINST = (
    ("reach.new", "reach.target", "of the target"),
    ("indicator.result", "indicator.target", "of the target"),
    ("spend.total", "spend.profile", "of the profile"),
    ("spend.total", "award.total", "of the award"),
    ("spend.total", "funding.total", "of funding"),
    ("award.total", "funding.total", "of funding"),
    ("returns.received", "returns.expected", "of those expected"),
    ("returns.approved", "returns.expected", "of those expected"),
    ("reach.completed", "reach.started", "of those who started"),
    ("reach.started", "reach.referred", "of those referred"),
)
MOST_POINTS = 15
_QUARTER = re.compile(r", \d{4}-\d\d Q[1-4]\b")


@dataclass(frozen=True, slots=True)
class Derived:
    """A number made of two figures; ``keys`` are theirs. Percentages are of 100."""

    label: str
    quantity: Quantity
    low: Decimal
    high: Decimal
    unit: str
    shown: str
    keys: tuple[str, str]
    is_change: bool = False


def derive(figures: Mapping[str, Figure]) -> Iterator[Derived]:
    exact = {key: figure for key, figure in figures.items() if figure.value is not None}
    yield from _series(exact)
    yield from _shares(exact)
    yield from _against(exact)
    yield from _quarters(exact)


def difference(first: Figure, second: Figure, label: str) -> Derived | None:
    """The second less the first."""
    if first.value is None or second.value is None:
        return None
    apart = second.value - first.value
    quantity = Quantity.MONEY if first.unit == GBP else Quantity.PERCENT if first.unit == PERCENT else Quantity.COUNT
    shown = Figure("", "", apart, first.unit, apart, apart).display
    return Derived(label, quantity, apart, apart, first.unit, shown, (first.key, second.key), is_change=True)


def percentage(part: Figure, whole: Figure, label: str, *, is_change: bool = False) -> Derived | None:
    """The part in per cent of the whole; with ``is_change`` how far the part lies above the whole."""
    if part.value is None or not whole.value:
        return None
    value = part.value * 100 / whole.value - (100 if is_change else 0)
    shown = f"{value:.1f}%".replace("-", "\N{MINUS SIGN}")
    return Derived(label, Quantity.PERCENT, value, value, PERCENT, shown, (part.key, whole.key), is_change=is_change)


def _series(figures: Mapping[str, Figure]) -> Iterator[Derived]:
    points: dict[str, list[tuple[str, Figure]]] = defaultdict(list)
    for key, figure in figures.items():
        if key.startswith(f"{SERIES} "):
            parsed = FigureKey.parse(key)
            points[parsed.get("series") or ""].append((parsed.get("period") or "", figure))
    for slug, listed in points.items():
        ordered = sorted(listed, key=lambda each: each[0])[-MOST_POINTS:]
        for (before, first), (after, second) in combinations(ordered, 2):
            name = first.label.rpartition(", ")[0]
            yield from _made(difference(first, second, f"{name}: difference between {before} and {after}"))
            # Of years in a row the change is a figure already.
            if f"series.change from={before} series={slug} to={after}" not in figures:
                yield from _made(percentage(second, first, f"{name}: change from {before} to {after}", is_change=True))


def _shares(figures: Mapping[str, Figure]) -> Iterator[Derived]:
    for key, figure in figures.items():
        parsed = FigureKey.parse(key)
        for whole in _wholes(parsed, figures):
            yield from _made(percentage(figure, whole, f"{figure.label}: share of {whole.label}"))


def _wholes(key: FigureKey, figures: Mapping[str, Figure]) -> Iterator[Figure]:
    if key.name in WHOLES:
        kept = {name: value for name, value in key.parameters if name not in ("source", "category", "dimension")}
        found = figures.get(str(FigureKey.of(WHOLES[key.name], kept)))
        if found is not None:
            yield found
    if key.name in ADDITIVE:
        for name, _ in key.parameters:
            rest = {other: value for other, value in key.parameters if other != name}
            found = figures.get(str(FigureKey.of(key.name, rest)))
            if found is not None:
                yield found


def _against(figures: Mapping[str, Figure]) -> Iterator[Derived]:
    second_of = defaultdict(list)
    for first, second, words in AGAINST:
        second_of[first].append((second, words))
    for key, figure in figures.items():
        family, space, rest = key.partition(" ")
        for other, words in second_of.get(family, ()):
            against = figures.get(f"{other}{space}{rest}")
            if against is not None and against.unit == figure.unit:
                yield from _made(
                    percentage(figure, against, f"{figure.label}: share {words}"),
                    difference(against, figure, f"{figure.label}: difference from {against.label}"),
                )


def _quarters(figures: Mapping[str, Figure]) -> Iterator[Derived]:
    rows: dict[tuple[str, str], list[tuple[str, Figure]]] = defaultdict(list)
    for key, figure in figures.items():
        if "quarter=" in key:
            parsed = FigureKey.parse(key)
            rest = " ".join(f"{name}={value}" for name, value in parsed.parameters if name != "quarter")
            rows[parsed.name, rest].append((parsed.get("quarter") or "", figure))
    for listed in rows.values():
        ordered = sorted(listed, key=lambda each: each[0])
        for (before, first), (after, second) in pairwise(ordered):
            name = _QUARTER.sub("", second.label)
            yield from _made(
                difference(first, second, f"{name}: difference between {before} and {after}"),
                percentage(second, first, f"{name}: change from {before} to {after}", is_change=True),
            )


def _made(*derived: Derived | None) -> Iterator[Derived]:
    yield from (each for each in derived if each is not None)
