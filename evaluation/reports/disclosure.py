"""Which counts of people a report may print, and their joint protection.

Only the declared tables are published (`disclosure_tables.DECLARED`); any other count of people is withheld, whatever
its size. All of them are protected together, because they share totals: programmes add up to objectives and themes,
quarters and categories to the year, and percentages are made of counts. What editions printed before is known for good:
it is never relied on to hide anything, and a count that differs by a few from what was printed is hidden like a small
one. What comes out replaces the true figures before anything is assembled, so that PDF, web page, annex and narrative
cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from evaluation.figures.figure import PERCENT, Figure
from evaluation.reports.disclosure_cells import Cells, cells_of, key_of
from evaluation.reports.disclosure_earlier import EarlierEdition, Known, what_is_known
from evaluation.reports.disclosure_tables import (
    FORECAST,
    NEW,
    UNIT_COST,
    Plan,
    counts_behind,
    counts_people,
    is_declared,
)
from evaluation.reports.errors import ReportError
from evaluation.reports.material import split_key
from evaluation.reports.tables.model import HIDDEN
from vru.lib.disclosure import CannotProtect, Protected, Relation, Table, TableError, protect, rounded

__all__ = ["HiddenFigure", "Plan", "Protection", "protect_figures"]
_NUMBERS = ("value", "low", "high", "numerator", "denominator")


class HiddenFigure(Figure):
    """A figure whose number may not be printed. It keeps its name and loses every number."""

    def shown(self, option: str) -> str:
        return HIDDEN


@dataclass(frozen=True, slots=True)
class Protection:
    """The figures as they may be printed; which are hidden or withheld; and paragraphs that say so."""

    figures: Mapping[str, Figure]
    hidden: frozenset[str]
    paragraphs: tuple[str, ...]


def protect_figures(
    figures: Mapping[str, Figure],
    plan: Plan,
    *,
    threshold: int,
    width: int,
    rounding: int = 0,
    forms: Iterable[str] = (),
    earlier: Sequence[EarlierEdition] = (),
) -> Protection:
    """Replace every count of people that is small, or gives a small one away, by a hidden figure.

    ``forms`` are the keys that a funder's form asks for, ``earlier`` what left the house before. With ``rounding`` what
    is left is printed to the nearest multiple. Raises ReportError when a small count cannot be protected.
    """
    asked = frozenset(forms)
    people = [key for key, figure in figures.items() if counts_people(figure) or counts_behind(figure)]
    printed = [key for key in people if is_declared(key, plan, in_forms=key in asked)]
    cells = cells_of(figures, printed, plan)
    known = what_is_known(cells, earlier)
    try:
        hidden_cells = _hidden_cells(cells, known, threshold, width)
    except (CannotProtect, TableError) as error:
        raise ReportError(f"The counts of people in this report cannot be protected: {error}") from error
    hidden = set(people) - set(printed)
    hidden |= {key for key in printed if not hidden_cells.isdisjoint(cells.of_figure[key])}
    hidden |= {key for key in figures if _rests_on(key) in hidden}
    shown = {key: _hide(figure) if key in hidden else figure for key, figure in figures.items()}
    if rounding:
        shown |= {key: _round(shown[key], rounding) for key in printed if key not in hidden}
    return Protection(shown, frozenset(hidden), _paragraphs(bool(people), threshold, rounding, bool(earlier)))


def _hidden_cells(cells: Cells, known: Known, threshold: int, width: int) -> set[str]:
    """First small counts, with everything that was printed before taken as known; then counts that changed by a few."""
    if not cells.counts:
        return set()
    first = _protect(cells, known, threshold, width)
    hidden = {cell for cell in cells.counts if first.shown(cell) is None}
    changed = _changed_by_a_few(cells, known, threshold)
    if changed:
        # What a reader cannot tell is which of the hidden counts changed: here nothing printed before is known.
        again = protect(
            _tables(cells.counts, cells.relations), threshold, width, unprinted=hidden, also=changed, forgive=True
        )
        hidden |= {cell for cell in cells.counts if again.shown(cell) is None}
    return hidden


def _protect(cells: Cells, known: Known, threshold: int, width: int) -> Protected:
    counts = cells.counts | {cell: count for cell, count in known.counts.items() if cell not in cells.counts}
    return protect(
        _tables(counts, [*cells.relations, *known.relations]),
        threshold,
        width,
        already_public={cell: counts[cell] for cell in known.public},
        unprinted=(cells.unprinted | known.unprinted) - known.public,
        forgive=bool(known.public),
    )


def _changed_by_a_few(cells: Cells, known: Known, threshold: int) -> list[str]:
    """Cells that differ from what an earlier edition printed by less than the threshold, unless they say nothing about
    whom they count: the year's or a quarter's total may be printed again, its parts may not.
    """
    return [
        cell
        for cell, printed in known.printed_before.items()
        if cell in cells.counts
        and cell not in cells.unprinted
        and not set(split_key(cell)[1]) <= {"quarter", "until"}
        and any(0 < abs(cells.counts[cell] - before) < threshold for before in printed)
    ]


def _tables(counts: Mapping[str, int], relations: Sequence[Relation]) -> list[Table]:
    """One table a measure: its total is kept to the last, its other totals longer than what they are made of."""
    measures: dict[str, dict[str, int]] = {}
    owner: dict[str, list[Relation]] = {}
    totals = {next(iter(relation.coefficients)) for relation in relations}
    for cell, count in counts.items():
        measures.setdefault(cell.partition(" ")[0], {})[cell] = count
    for relation in relations:
        measure = next(iter(relation.coefficients)).partition(" ")[0]
        owner.setdefault(measure, []).append(relation)
        measures[measure] |= {cell: counts[cell] for cell in relation.coefficients}
    return [
        Table(
            f"counts of {measure}",
            known,
            tuple(owner.get(measure, ())),
            total=measure if measure in known else None,
            margins=frozenset(totals & set(known)) - {measure},
        )
        for measure, known in measures.items()
    ]


def _rests_on(key: str) -> str:
    """The count that a figure would give away to whoever knows what else it is made of: spend, or targets to come."""
    name, parameters = split_key(key)
    if name in (UNIT_COST, FORECAST) and parameters:
        return key_of(NEW, parameters)
    return ""


def _hide(figure: Figure) -> HiddenFigure:
    values: dict[str, Any] = {each.name: getattr(figure, each.name) for each in fields(figure)}
    return HiddenFigure(**values | dict.fromkeys(_NUMBERS))


def _round(figure: Figure, base: int) -> Figure:
    """A count to the nearest multiple; a percentage or unit cost made of rounded counts, so that it tells no more."""
    if counts_people(figure) and figure.value is not None:
        near = Decimal(rounded(int(figure.value), base))
        return replace(figure, value=near, low=near, high=near)
    bottom = Decimal(rounded(int(figure.denominator or 0), base))
    if not bottom:
        return _hide(figure)
    top = figure.numerator
    if top is not None and figure.unit == PERCENT:
        top = Decimal(rounded(int(top), base))
    value = figure.value
    if top is not None and value is not None:
        value = (top * (100 if figure.unit == PERCENT else 1) / bottom).quantize(Decimal("0.0001"))
    return replace(figure, value=value, low=value, high=value, numerator=top, denominator=bottom)


def _paragraphs(any_people: bool, threshold: int, rounding: int, any_earlier: bool) -> tuple[str, ...]:
    if not any_people:
        return (
            "Every count of people in this report was published by others before, so nothing is hidden here that is "
            "not hidden there.",
        )
    made = [
        f"Counts of 1 to {threshold - 1} people are printed as {HIDDEN}, and so are as many other counts as it takes "
        "that none of them can be worked out from the totals, quarters, objectives, programmes, breakdowns, "
        "percentages and unit costs of this report. Nought is printed: it is about nobody.",
        "The tables and the narrative of this report, its web page and its data annex all come from the same protected "
        "counts. Counts split further than in the tables here are not published.",
    ]
    if any_earlier:
        made.append(
            "What earlier editions printed is taken as known. A count of one group that differs from an earlier "
            f"edition by less than {threshold} people is hidden, with others, so that the difference cannot be told; "
            "totals of everybody are printed."
        )
    if rounding:
        made.append(f"Counts of people are rounded to the nearest {rounding}, so parts may miss their totals.")
    return tuple(made)
