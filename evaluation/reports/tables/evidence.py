"""Tables of evaluations and what they found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evaluation.reports.material import Material
from evaluation.reports.tables.model import Cell, Column, Row, TableData, text_row


def studies(material: Material, params: Mapping[str, Any]) -> TableData:
    rows = [
        text_row(each["title"], each["evaluator"], each["method"], each["due"] or "–", each["status"])
        for each in material.studies
    ]
    columns = (Column("Evaluation"), Column("By"), Column("Method"), Column("Due"), Column("Status"))
    sources = material.places([each["source"] for each in material.studies])
    return TableData(columns, tuple(rows), (), sources, "no evaluation has been recorded")


def findings(material: Material, params: Mapping[str, Any]) -> TableData:
    """Each finding with the values it rests on, as printed."""
    rows = [
        Row(
            study["title"],
            (Cell(finding["text"]), Cell("; ".join(finding["printed"]))),
        )
        for study in material.studies
        for finding in study["findings"]
    ]
    columns = [Column("Evaluation"), Column("Finding"), Column("Figures as published")]
    if not any(row.cells[1].text for row in rows):
        columns, rows = columns[:2], [Row(row.header, row.cells[:1]) for row in rows]
    sources = material.places([each["source"] for each in material.studies if each["findings"]])
    return TableData(tuple(columns), tuple(rows), (), sources, "no evaluation has reported yet")
