"""Tables of the strategy's promises: commitments and the workplan's actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from evaluation.reports.material import Material, Record
from evaluation.reports.tables.model import Column, TableData, text_row


def commitments(material: Material, params: Mapping[str, Any]) -> TableData:
    """Commitments of the strategy in force, the priorities of its first year marked with a star."""
    chosen = [each for each in material.commitments if _wanted(each, params)]
    rows = [
        text_row(f"{each['ref']}*" if each["is_priority"] else each["ref"], _objective(each), each["text"])
        for each in chosen
    ]
    columns = (Column("Ref"), Column("Objective"), Column("Commitment"))
    notes = ("* A priority of the first year.",) if any(each["is_priority"] for each in chosen) else ()
    return TableData(columns, tuple(rows), notes, _sources(chosen), "the strategy in force records no commitment")


def workplan(material: Material, params: Mapping[str, Any]) -> TableData:
    chosen = [each for each in material.actions if _wanted(each, params)]
    columns = [Column("Ref"), Column("Objective"), Column("Action"), Column("Owner"), Column("Due"), Column("Status")]
    filled = [0, 1, 2, *(index for index, name in ((3, "owner"), (4, "due")) if any(each[name] for each in chosen)), 5]
    rows = []
    for each in chosen:
        texts = (each["ref"], _objective(each), each["text"], each["owner"] or "–", each["due"] or "–", each["status"])
        rows.append(text_row(*(texts[index] for index in filled)))
    return TableData(
        tuple(columns[index] for index in filled),
        tuple(rows),
        (),
        _sources(chosen),
        "the strategy in force records no workplan action",
    )


def _wanted(record: Record, params: Mapping[str, Any]) -> bool:
    return "objective" not in params or record["objective"] == params["objective"]


def _objective(record: Record) -> str:
    return "All" if record["objective"] is None else str(record["objective"])


def _sources(records: Iterable[Record]) -> tuple[str, ...]:
    """The documents, each once; places would be as many as rows."""
    return tuple(dict.fromkeys(each["source"].partition(", ")[0] for each in records if each["source"]))
