"""Tables of results: indicators against targets, and how many returns stand behind everything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evaluation.reports.material import Material
from evaluation.reports.tables.model import Cell, Column, Row, TableData, figure_cell


def indicators(material: Material, params: Mapping[str, Any]) -> TableData:
    """Result beside target, in the indicator's own unit; direction is said, never coloured."""
    results = material.figures.by("indicator.result", "indicator")
    targets = material.figures.by("indicator.target", "indicator")
    rows = []
    for indicator in material.indicators:
        result = results.get(indicator["slug"])
        if result is None:
            continue
        target = targets.get(indicator["slug"])
        better = "Lower is better" if indicator["lower_is_better"] else "Higher is better"
        base = "" if result.denominator is None else f"{result.denominator.normalize():,f}"
        cells = (
            Cell(str(indicator["objective"])),
            figure_cell(target),
            figure_cell(result),
            Cell(base, result.denominator),
            Cell(better),
        )
        rows.append(Row(indicator["title"], cells))
    columns = (
        Column("Indicator"),
        Column("Objective", "text"),
        Column("Target", "number"),
        Column("Result", "number"),
        Column("Out of", "count"),
        Column("Direction"),
    )
    return TableData(
        columns, tuple(rows), (), material.sources(results), "no indicator has been reported in an approved return"
    )


def returns_completeness(material: Material, params: Mapping[str, Any]) -> TableData:
    """Returns due, sent and approved, by quarter."""
    steps = (("Expected", "returns.expected"), ("Received", "returns.received"), ("Approved", "returns.approved"))
    by_step = [material.figures.by(name, "quarter") for _label, name in steps]
    rows = [
        Row(f"Quarter {key[-1]}", tuple(figure_cell(each.get(key)) for each in by_step))
        for key in material.quarters
        if any(key in each for each in by_step)
    ]
    if rows:
        totals = (material.figures.one(name) for _label, name in steps)
        rows.append(Row("Year", tuple(figure_cell(total) for total in totals), emphasis=True))
    columns = (Column("Quarter"), *(Column(label, "count") for label, _name in steps))
    notes = (
        "Figures in this report count approved returns only.",
        "A return is expected once it is due, or once it is sent if that is earlier.",
    )
    return TableData(columns, tuple(rows), notes, (), "no return was due: the figures come from documents")
