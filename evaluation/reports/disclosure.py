"""Which counts of people a report may print, and their joint protection.

Only the tables declared here are published: a measure's total, its splits by one of `SPLITS`, its dimensions, and
objective by quarter. All of them are protected together, because they share totals: programmes add up to objectives
and themes, quarters and categories to the year. Any other count of people (a programme's reach in one quarter, say) is
withheld, whatever its size. What comes out replaces the true figures before anything is assembled, so that PDF, web
page, annex and narrative cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from evaluation.figures.figure import COMPUTED, PEOPLE, PERCENT, Figure
from evaluation.reports.errors import ReportError
from evaluation.reports.material import split_key
from evaluation.reports.tables.model import HIDDEN
from vru.lib.disclosure import CannotProtect, Relation, Table, TableError, protect

SPLITS = ("quarter", "objective", "theme", "programme")
CROSSED = (("objective", "quarter"),)
RESULT, TARGET, BREAKDOWN, NEW = "indicator.result", "reach.target", "reach.breakdown", "reach.new"
# A figure that is made by dividing by a count would give the count away to whoever knows the other number.
DIVIDED_BY = {"unit_cost": NEW}
# What a programme adds up to.
_OWNERS = ("objective", "theme")

Parameters = dict[str, str]


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


def protect_figures(figures: Mapping[str, Figure], plan: Plan, *, threshold: int, width: int) -> Protection:
    """Replace every count of people that is small, or gives a small one away, by a hidden figure.

    Raises ReportError when a small count cannot be protected whatever else is hidden.
    """
    people = {key: figure for key, figure in figures.items() if _counts_people(figure)}
    twins = _twins(people, plan)
    declared = {key: split_key(key) for key in people if key not in twins and _is_declared(*split_key(key), plan)}
    hidden = set(people) - set(declared) - set(twins)
    if declared:
        try:
            protected = protect(_tables(people, declared, plan), threshold, width)
        except (CannotProtect, TableError) as error:
            raise ReportError(f"The counts of people in this report cannot be protected: {error}") from error
        hidden |= {key for key in declared if protected.shown(key) is None}
    hidden |= {key for key, twin in twins.items() if twin in hidden}
    hidden |= _given_away(figures, hidden, threshold)
    shown = {key: _hide(figure) if key in hidden else figure for key, figure in figures.items()}
    return Protection(shown, frozenset(hidden), _paragraphs(bool(people), threshold))


def _counts_people(figure: Figure) -> bool:
    # What somebody else published is public already: hiding it would hide nothing. A target is about nobody.
    name = figure.key.partition(" ")[0]
    of_people = name == RESULT or (name.startswith("reach.") and name != TARGET)
    return of_people and figure.unit == PEOPLE and figure.basis == COMPUTED and figure.value is not None


def _is_declared(name: str, parameters: Parameters, plan: Plan) -> bool:
    names = set(parameters)
    if name == BREAKDOWN:
        return names == {"dimension", "category"}
    if name == RESULT:
        return names == {"indicator"}
    if "programme" in names:
        return names == {"programme"} and parameters["programme"] in plan.programmes
    return not names or (len(names) == 1 and names <= set(SPLITS)) or any(names == set(pair) for pair in CROSSED)


def _twins(people: Mapping[str, Figure], plan: Plan) -> dict[str, str]:
    """Keys that count the same people under another name: new people by area, and by category of residence."""
    found = {}
    for key in people:
        name, parameters = split_key(key)
        if name == NEW and set(parameters) == {"borough"} and parameters["borough"] in plan.area_categories:
            dimension, category = plan.area_categories[parameters["borough"]]
            twin = f"{BREAKDOWN} category={category} dimension={dimension}"
            if twin in people and people[twin].value == people[key].value:
                found[key] = twin
    return found


def _tables(people: Mapping[str, Figure], declared: Mapping[str, tuple[str, Parameters]], plan: Plan) -> list[Table]:
    """One table a total with what adds up to it; counts that nothing adds up to stand in a table of their own."""
    counts = {key: int(people[key].value or 0) for key in declared}
    groups: dict[tuple[str, str], list[str]] = {}
    for key, (name, parameters) in declared.items():
        for total, kind in _totals_of(name, parameters, plan):
            if total in counts:
                groups.setdefault((total, kind), []).append(key)
    relations: dict[str, list[Relation]] = {}
    rests: dict[str, int] = {}
    for (total, kind), parts in sorted(groups.items()):
        rest = counts[total] - sum(counts[part] for part in parts)
        if rest < 0:
            continue  # does not add up: people who continued are in several quarters
        cells = list(parts)
        if rest:
            # Nobody prints the rest; taking it as known makes the protection stronger than it need be, never weaker.
            cells.append(f"{total} (rest by {kind})")
            rests[cells[-1]] = rest
        relations.setdefault(total, []).append(Relation.total(total, cells))
    return _as_tables(counts | rests, relations)


def _totals_of(name: str, parameters: Parameters, plan: Plan) -> Iterable[tuple[str, str]]:
    """(key of the total, kind of split) for each total that a count is a part of."""
    if name == BREAKDOWN:
        yield NEW, parameters["dimension"]
        return
    for left_out in parameters:
        rest = [f"{each}={value}" for each, value in sorted(parameters.items()) if each != left_out]
        yield " ".join([name, *rest]), left_out
    for owner in _OWNERS if "programme" in parameters else ():
        yield f"{name} {owner}={plan.programmes[parameters['programme']][owner]}", "programme"


def _as_tables(counts: Mapping[str, int], relations: Mapping[str, Sequence[Relation]]) -> list[Table]:
    tables: list[Table] = []
    placed: set[str] = set()
    for total, equations in relations.items():
        cells = {cell for equation in equations for cell in equation.coefficients}
        known = {cell: counts[cell] for cell in sorted(cells)}
        margins = frozenset(cells & set(relations)) - {total}
        tables.append(Table(f"parts of {total}", known, tuple(equations), total=total, margins=margins))
        placed |= cells
    alone = {cell: count for cell, count in counts.items() if cell not in placed}
    return [*tables, Table("counts on their own", alone, ())] if alone else tables


def _given_away(figures: Mapping[str, Figure], hidden: set[str], threshold: int) -> set[str]:
    """Figures that are no counts but would tell one: a unit cost over a hidden count, a percentage of few people."""
    found = set()
    for key, figure in figures.items():
        name, _space, rest = key.partition(" ")
        counted = DIVIDED_BY.get(name)
        if counted is not None and f"{counted} {rest}".strip() in hidden:
            found.add(key)
        elif name == RESULT and figure.unit == PERCENT and figure.basis == COMPUTED:
            top, bottom = figure.numerator, figure.denominator
            parts = [top, bottom, bottom - top] if top is not None and bottom is not None else []
            if any(0 < part < threshold for part in parts):
                found.add(key)
    return found


def _hide(figure: Figure) -> HiddenFigure:
    values: dict[str, Any] = {each.name: getattr(figure, each.name) for each in fields(figure)}
    return HiddenFigure(**values | dict.fromkeys(("value", "low", "high", "numerator", "denominator")))


def _paragraphs(any_people: bool, threshold: int) -> tuple[str, ...]:
    if not any_people:
        return (
            "Every count of people in this report was published by others before, so nothing is hidden here that is "
            "not hidden there.",
        )
    return (
        f"Counts of 1 to {threshold - 1} people are printed as {HIDDEN}, and so are as many other counts as it takes "
        "that none of them can be worked out from the totals, quarters, objectives, programmes and breakdowns of this "
        "report. Nought is printed: it is about nobody.",
        "The tables and the narrative of this report, its web page and its data annex all come from the same protected "
        "counts. Counts split further than in the tables here are not published.",
    )
