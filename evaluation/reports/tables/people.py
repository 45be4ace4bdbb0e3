"""Tables of people. Their figures are protected before they get here; a hidden count prints as [c]."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evaluation.figures.figure import Figure
from evaluation.reports.material import Material
from evaluation.reports.tables.model import HIDDEN, Cell, Column, Row, TableData, figure_cell, share
from evaluation.reports.tables.money import completeness_note, objective_names, with_rest

GROSS_NOTE = "A person supported by two grants is counted by each of them."
HIDDEN_NOTE = "[c]: hidden so that nobody can be recognised."
_NO_RETURN = "no approved return counts people"
_REACH = (
    ("New people", "reach.new"),
    ("Supported in the year", "reach.supported"),
    ("Indirect", "reach.indirect"),
    ("Practitioners trained", "reach.trained"),
)
_BY_QUARTER = (
    ("New people", "reach.new"),
    ("Continuing", "reach.continuing"),
    ("Contacts", "reach.contacts"),
    ("Indirect", "reach.indirect"),
    ("Practitioners trained", "reach.trained"),
)
_STEPS = (("Referred", "reach.referred"), ("Started", "reach.started"), ("Completed", "reach.completed"))


def reach_by_objective(material: Material, params: Mapping[str, Any]) -> TableData:
    return _measures(material, "Objective", objective_names(material), "objective", _REACH)


def reach_by_quarter(material: Material, params: Mapping[str, Any]) -> TableData:
    named = [(key, f"Quarter {key[-1]}") for key in material.quarters]
    return _measures(material, "Quarter", named, "quarter", _BY_QUARTER)


def reach_breakdown(material: Material, params: Mapping[str, Any]) -> TableData:
    """One dimension of the new people. Raises KeyError when the dimension does not exist."""
    dimension = find_dimension(material, str(params["dimension"]))
    parts = material.figures.by("reach.breakdown", "category", dimension=dimension["slug"])
    named = [(each["slug"], each["label"]) for each in dimension["categories"]]
    return _one_way(material, dimension["title"], named, parts)


def reach_by_area(material: Material, params: Mapping[str, Any]) -> TableData:
    """New people by where they live."""
    dimension, parts = area_figures(material)
    named = [(each["slug"], each["label"]) for each in dimension["categories"]] if dimension else []
    return _one_way(material, dimension["title"] if dimension else "Area", named, parts)


def funnel(material: Material, params: Mapping[str, Any]) -> TableData:
    """Referred, started, completed: each is tested against the one before and never added to it."""
    found = [(label, material.figures.one(key)) for label, key in _STEPS]
    known = [(label, figure) for label, figure in found if figure is not None]
    first = known[0][1].value if known else None
    rows = [Row(label, (figure_cell(figure), share(figure.value, first))) for label, figure in known]
    columns = (Column("Step"), Column("People", "count"), Column("Share of first step", "percent"))
    figures = [figure for _label, figure in known]
    return TableData(
        columns, tuple(rows), _notes(figures), material.sources(figures), "no approved return counts referrals"
    )


def find_dimension(material: Material, slug: str) -> Mapping[str, Any]:
    for dimension in material.dimensions:
        if dimension["slug"] == slug:
            return dimension
    known = ", ".join(each["slug"] for each in material.dimensions)
    raise KeyError(f'There is no dimension "{slug}". Known are: {known}.')


def area_figures(material: Material) -> tuple[Mapping[str, Any] | None, dict[str, Figure]]:
    """The dimension whose categories are areas, and new people by its categories."""
    for dimension in material.dimensions:
        if sum(bool(each["area"]) for each in dimension["categories"]) > 1:
            return dimension, material.figures.by("reach.breakdown", "category", dimension=dimension["slug"])
    return None, {}


def _one_way(material: Material, head: str, named: Sequence[tuple[str, str]], parts: Mapping[str, Figure]) -> TableData:
    listed = [(title, parts[slug]) for slug, title in with_rest(named, parts)]
    columns = (Column(head), Column("New people", "count"), Column("Share", "percent"))
    if not listed:
        return TableData(columns, (), (), (), _NO_RETURN)
    total = material.figures.one("reach.new")
    whole = total.value if total is not None else None
    rows = [Row(title, (figure_cell(figure), _share(figure, whole))) for title, figure in listed]
    if total is not None:
        rows.append(Row("Total", (figure_cell(total), Cell("")), emphasis=True))
    figures = [figure for _title, figure in listed]
    return TableData(columns, tuple(rows), _notes([total, *figures]), material.sources([*figures, total]), _NO_RETURN)


def _measures(
    material: Material,
    head: str,
    named: Sequence[tuple[str, str]],
    parameter: str,
    measures: Sequence[tuple[str, str]],
) -> TableData:
    found = [(label, key, material.figures.by(key, parameter)) for label, key in measures]
    kept = [(label, key, parts) for label, key, parts in found if parts]
    columns = (Column(head), *(Column(label, "count") for label, _key, _parts in kept))
    if not kept:
        return TableData((Column(head),), (), (), (), _NO_RETURN)
    rows = [
        Row(title, tuple(figure_cell(parts.get(slug)) for _label, _key, parts in kept))
        for slug, title in with_rest(named, *(parts for _label, _key, parts in kept))
    ]
    totals = [material.figures.one(key) for _label, key, _parts in kept]
    rows.append(Row("Year", tuple(figure_cell(total) for total in totals), emphasis=True))
    used = [figure for _label, _key, parts in kept for figure in parts.values()]
    return TableData(columns, tuple(rows), _notes([*totals, *used]), material.sources([*used, *totals]), _NO_RETURN)


def _share(figure: Figure, whole: Any) -> Cell:
    # The percentage of a hidden count would give it away.
    return Cell(HIDDEN) if figure.display == HIDDEN else share(figure.value, whole)


def _notes(figures: Sequence[Figure | None]) -> tuple[str, ...]:
    known = [figure for figure in figures if figure is not None]
    notes = completeness_note(known[0] if known else None)
    if any(figure.basis == "computed" for figure in known):
        notes = (*notes, GROSS_NOTE)
    if any(figure.display == HIDDEN for figure in known):
        notes = (*notes, HIDDEN_NOTE)
    return notes
