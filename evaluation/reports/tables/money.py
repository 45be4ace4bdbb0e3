"""Tables of money: where it comes from, what it is meant for, what is committed and what is spent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evaluation.figures.figure import Figure
from evaluation.figures.rollup import NONE
from evaluation.reports.material import Material
from evaluation.reports.tables.model import (
    ROUNDING_NOTE,
    Cell,
    Column,
    Row,
    TableData,
    figure_cell,
    prints_short,
    rounding_shows,
    share,
)


def funding_by_source(material: Material, params: Mapping[str, Any]) -> TableData:
    named = [(source["slug"], source["title"]) for source in material.funding_sources]
    return _parts_of_total(
        material,
        "Source",
        "Funding",
        named,
        material.figures.by("funding.source", "source"),
        material.figures.one("funding.total"),
        empty="no allocation has been recorded for the year",
    )


def budget_by_category(material: Material, params: Mapping[str, Any]) -> TableData:
    named = [(category["slug"], category["title"]) for category in material.budget_categories]
    return _parts_of_total(
        material,
        "Category",
        "Budget",
        named,
        material.figures.by("budget.category", "category"),
        material.figures.one("budget.total"),
        empty="no budget line has been recorded for the year",
    )


def awards_by_objective(material: Material, params: Mapping[str, Any]) -> TableData:
    return _parts_of_total(
        material,
        "Objective",
        "Awarded",
        objective_names(material),
        material.figures.by("award.total", "objective"),
        material.figures.one("award.total"),
        empty="no award has been recorded for the year",
    )


def spend_by_source(material: Material, params: Mapping[str, Any]) -> TableData:
    """Funding, spend and forecast beside each other; three different numbers, each with its own heading."""
    named = [(source["slug"], source["title"]) for source in material.funding_sources]
    return _side_by_side(
        material,
        "Source",
        named,
        "source",
        [("Funding", "funding.source", "funding.total"), ("Spend to date", "spend.total", "spend.total")],
        empty="no return with spend has been approved and no spend has been published",
        needs="spend.total",
    )


def spend_against_profile(material: Material, params: Mapping[str, Any]) -> TableData:
    named = [(key, f"Quarter {key[-1]}") for key in material.quarters]
    return _side_by_side(
        material,
        "Quarter",
        named,
        "quarter",
        [
            ("Profile", "spend.profile", "spend.profile"),
            ("Spend", "spend.total", "spend.total"),
            ("Difference, approved returns", "spend.variance", "spend.variance"),
        ],
        empty="no return with spend has been approved",
        needs="spend.total",
    )


def unit_costs(material: Material, params: Mapping[str, Any]) -> TableData:
    figures = material.figures
    costs = figures.by("unit_cost", "programme")
    rows = [
        Row(
            programme["title"],
            (
                figure_cell(figures.one("spend.total", programme=programme["ref"]), short=False),
                figure_cell(figures.one("reach.new", programme=programme["ref"])),
                figure_cell(costs[programme["ref"]], short=False),
            ),
        )
        for programme in material.programmes
        if programme["ref"] in costs and not programme["parent"]
    ]
    total = figures.one("unit_cost")
    if rows and total is not None:
        spend, reach = figures.one("spend.total"), figures.one("reach.new")
        cells = (figure_cell(spend, short=False), figure_cell(reach), figure_cell(total, short=False))
        rows.append(Row("All programmes", cells, emphasis=True))
    columns = (
        Column("Programme"),
        Column("Spend", "money"),
        Column("New people", "count"),
        Column("Spend for each new person", "money"),
    )
    notes = ("Spend divided by new people supported directly. It says nothing about how intensive the support was.",)
    return TableData(
        columns, tuple(rows), notes, material.sources(costs), "no programme has both approved spend and new people"
    )


def objective_names(material: Material) -> list[tuple[str, str]]:
    return [(str(each["number"]), f"{each['number']}. {each['title']}") for each in material.objectives]


def _parts_of_total(
    material: Material,
    head: str,
    measure: str,
    named: Sequence[tuple[str, str]],
    parts: Mapping[str, Figure],
    total: Figure | None,
    *,
    empty: str,
) -> TableData:
    """One row a part, each with its share, and the total as it stands: it is never made to fit its parts."""
    listed = [(title, parts[slug]) for slug, title in with_rest(named, parts)]
    everything = [figure for _title, figure in listed]
    short = prints_short([*everything, total])
    whole = total.value if total is not None else None
    rows = [Row(title, (figure_cell(figure, short=short), share(figure.value, whole))) for title, figure in listed]
    notes = [ROUNDING_NOTE] if rounding_shows(everything, total, short=short) else []
    if rows and total is not None:
        rows.append(Row("Total", (figure_cell(total, short=short), Cell("")), emphasis=True))
        notes += _misses(everything, total)
        rows += _as_printed(material, total, short)
    columns = (Column(head), Column(measure, "money"), Column("Share of total", "percent"))
    return TableData(columns, tuple(rows), tuple(notes), material.sources([*everything, total]), empty)


def _as_printed(material: Material, total: Figure, short: bool) -> list[Row]:
    """The total as a document prints it, where that differs from the total of its own parts."""
    found: dict[str, Row] = {}
    for value in material.values:
        figure = material.figures.one("stated.value", ref=value["ref"])
        if value["figure_key"] == total.key and figure is not None and figure.value != total.value:
            found.setdefault(figure.display, Row("Total as printed", (figure_cell(figure, short=short), Cell(""))))
    return list(found.values())


def _misses(parts: Sequence[Figure], total: Figure) -> list[str]:
    """A sentence where the parts do not make the total, beyond what their own precision explains."""
    if total.value is None or any(part.value is None for part in parts):
        return []
    summed = sum(part.value for part in parts if part.value is not None)
    if summed == total.value:
        return []
    difference = summed - total.value
    return [
        f"The parts add up to £{summed:,.0f}, which is £{abs(difference):,.0f} "
        f"{'more' if difference > 0 else 'less'} than the total as given."
    ]


def _side_by_side(
    material: Material,
    head: str,
    named: Sequence[tuple[str, str]],
    parameter: str,
    measures: Sequence[tuple[str, str, str]],
    *,
    empty: str,
    needs: str,
) -> TableData:
    """Several families by the same parameter, one column each, with their own totals."""
    figures = material.figures
    by_family = [figures.by(family, parameter) for _label, family, _total in measures]
    if not figures.by(needs, parameter):
        columns = (Column(head), *(Column(label, "money") for label, _f, _t in measures))
        return TableData(columns, (), (), (), empty)
    used = [figure for each in by_family for figure in each.values()]
    totals = [figures.one(total) for _label, _family, total in measures]
    short = prints_short([*used, *totals])
    rows = [
        Row(title, tuple(figure_cell(each.get(slug), short=short) for each in by_family))
        for slug, title in with_rest(named, *by_family)
    ]
    rows.append(Row("Total", tuple(figure_cell(total, short=short) for total in totals), emphasis=True))
    pairs = zip(by_family, totals, strict=True)
    notes = [ROUNDING_NOTE] if any(rounding_shows(list(e.values()), t, short=short) for e, t in pairs) else []
    columns = (Column(head), *(Column(label, "money") for label, _family, _total in measures))
    return TableData(columns, tuple(rows), tuple(notes), material.sources([*used, *totals]), empty)


def completeness_note(figure: Figure | None) -> tuple[str, ...]:
    """ "From 141 of 150 returns." where the figure says so."""
    if figure is None or figure.returns_expected is None:
        return ()
    return (f"From {figure.returns_received or 0:,} of {figure.returns_expected:,} returns.",)


def with_rest(named: Iterable[tuple[str, str]], *parts: Mapping[str, Figure]) -> list[tuple[str, str]]:
    """The names that have a figure, in order, and what belongs to none of them, so that parts still make the total."""
    found = {slug for each in parts for slug in each}
    listed = [(slug, title) for slug, title in named if slug in found]
    rest = sorted(found - {slug for slug, _title in listed})
    return listed + [(slug, "Not attributed" if slug == NONE else slug) for slug in rest]
