"""Tables of stated figures: series over time, values as printed, and where figures disagree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evaluation.reports.material import Material, Record
from evaluation.reports.tables.model import Cell, Column, Kind, Row, TableData, figure_cell
from evaluation.reports.tables.programmes import stated_cell


def series_table(material: Material, params: Mapping[str, Any]) -> TableData:
    """Years across, one row a series. Raises KeyError for a series that does not exist."""
    chosen = [find_series(material, str(slug)) for slug in params["series"]]
    points = {each["slug"]: material.figures.by("series.value", "period", series=each["slug"]) for each in chosen}
    periods = sorted({period for each in points.values() for period in each})
    rows = [
        Row(each["title"], tuple(figure_cell(points[each["slug"]].get(period)) for period in periods))
        for each in chosen
        if points[each["slug"]]
    ]
    kind: Kind = "percent" if all(each["unit"] in ("percent", "%") for each in chosen) else "count"
    columns = (Column("Series"), *(Column(period, kind) for period in periods))
    calendars = sorted({each["calendar"] for each in chosen})
    notes = (f"{' and '.join(calendars)}.",) if rows else ()
    sources = material.places([each["source"] for each in chosen])
    return TableData(columns, tuple(rows), notes, sources if rows else (), "no value of these series has been recorded")


def find_series(material: Material, slug: str) -> Record:
    for each in material.series:
        if each["slug"] == slug:
            return each
    raise KeyError(f'There is no series "{slug}". Load it, or mend the name in the outline.')


def stated_values(material: Material, params: Mapping[str, Any]) -> TableData:
    """Values as printed, chosen by measure or by reference, each with its period, population and place."""
    measures, refs = set(params.get("measures", ())), list(params.get("refs", ()))
    chosen = [value for value in material.values if value["measure"] in measures or value["ref"] in refs]
    if refs and not measures:
        chosen.sort(key=lambda value: (refs.index(value["ref"]), value["ref"]))
    rows = [
        Row(
            value["subject"][:1].upper() + value["subject"][1:],
            (
                stated_cell(material, value),
                Cell(value["population"]),
                Cell(value["period"]),
                Cell(value["kind_label"]),
                Cell(value["source"]),
            ),
        )
        for value in chosen
    ]
    columns = (
        Column("What was counted"),
        Column("As published", "number"),
        Column("Whom"),
        Column("Period"),
        Column("Kind"),
        Column("Where stated"),
    )
    kept = [index for index in range(1, len(columns)) if any(row.cells[index - 1].text for row in rows)]
    rows = [Row(row.header, tuple(row.cells[index - 1] for index in kept)) for row in rows]
    return TableData(
        (columns[0], *(columns[index] for index in kept)), tuple(rows), (), (), "no such figure has been published"
    )


def data_issues(material: Material, params: Mapping[str, Any]) -> TableData:
    """What the rules found, gravest first, with the note of whoever accepted a difference."""
    rows = [
        Row(
            issue["where"],
            (
                Cell(issue["stated"]),
                Cell(issue["computed"]),
                Cell(issue["difference"]),
                Cell(" ".join(part for part in (issue["explanation"], _accepted(issue["note"])) if part)),
            ),
        )
        for issue in material.issues
    ]
    columns = (
        Column("Where"),
        Column("As stated"),
        Column("As checked"),
        Column("Difference"),
        Column("What is known about it"),
    )
    return TableData(columns, tuple(rows), (), (), "no disagreement between figures has been found")


def _accepted(note: str) -> str:
    return f"Accepted: {note}" if note else ""
