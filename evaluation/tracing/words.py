"""A trace in words: each row's value with its unit, and one sentence that says whether the rows give the figure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from evaluation.figures.figure import GBP, PERCENT, Figure
from evaluation.figures.trace import Contribution
from evaluation.tracing.figure import Sum, Trace
from vru.lib.money import MINUS, Money

BESIDE = (
    "What stands beside the returns, such as programmes, splits or targets, was changed since. The edition keeps what "
    "it printed."
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it is shown: ``below`` is the divisor's part of a ratio, "" otherwise."""

    row: Contribution
    value: str
    below: str


def line_of(row: Contribution, trace: Trace) -> Line:
    """A row's value in the figure's unit."""
    added = trace.sum
    if added is None or added.below is None:
        return Line(row, in_unit(row.value, str(trace.printed["unit"])), "")
    return Line(row, above(row.value, str(trace.printed["unit"])), plain(row.denominator))


def verdict(trace: Trace) -> str:
    """Whether the rows re-add to what was printed, as a sentence or two."""
    if trace.note:
        return trace.note
    figure, added = trace.figure, trace.sum
    if figure is None or added is None:
        return ""
    came_to = _sum(trace, figure, added)
    if trace.printed["hidden"]:
        hidden = f"The edition prints {trace.printed['display']} in its place, so that nobody can be recognised."
        return f"{came_to}. {hidden} The number is for the unit's own eyes."
    if trace.re_adds:
        return f"{came_to}, which is what the edition printed."
    return f"{came_to}, and the edition printed {trace.printed['shown']['exact']}. {BESIDE}"


def _sum(trace: Trace, figure: Figure, added: Sum) -> str:
    unit, count = figure.unit, len(trace.rows)
    rows = "The row gives" if count == 1 else f"The {count:,} rows add up to"
    if not count:
        return f"No row counts towards it: it is {figure.shown('exact')}"
    if added.below is not None:
        worked = figure.shown("exact")
        times = " × 100" if unit == PERCENT else ""
        return f"{rows} {above(added.above, unit)} and {plain(added.below)}: one ÷ the other{times} is {worked}"
    if added.different is not None:
        return f"The {count:,} rows name {added.different:,} different organisations, each of which counts once"
    return f"{rows} {in_unit(added.above, unit)}"


def above(number: Decimal, unit: str) -> str:
    """The upper half of a ratio: pounds of a cost, a plain number of a percentage."""
    return in_unit(number, unit) if unit == GBP else plain(number)


def in_unit(number: Decimal, unit: str) -> str:
    """Pounds to the penny; any other number with as many places as it has."""
    if unit == GBP:
        return Money(int(number.scaleb(2).to_integral_value(ROUND_HALF_UP))).exact()
    return f"{plain(number)}%" if unit == PERCENT else plain(number)


def plain(number: Decimal) -> str:
    text = f"{abs(number):,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{MINUS}{text}" if number < 0 else text
