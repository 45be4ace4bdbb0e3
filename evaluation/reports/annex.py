"""The data annex: every table and chart of an edition as a workbook, and as CSV files with their metadata."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from evaluation.reports.beside import SECTION, beside_tables, signature_of
from evaluation.reports.context import mark, moment, time_of, title_of
from evaluation.reports.facts import Facts
from evaluation.reports.forms.workbook import funder_sheets
from evaluation.reports.imprint import WORKING, Imprint
from evaluation.reports.tokens import Resolver
from vru.lib.narrative import fill
from vru.lib.sheets import Kind, Sheet, SheetColumn, Stack, Value, csv_bytes, workbook_bytes, zip_bytes

LICENCE = "Open Government Licence v3.0"
_INDEX = (
    SheetColumn("Figure"),
    SheetColumn("What it is"),
    SheetColumn("Key"),
    SheetColumn("Value", "number"),
    SheetColumn("Lowest", "number"),
    SheetColumn("Highest", "number"),
    SheetColumn("Unit"),
    SheetColumn("Basis"),
    SheetColumn("Returns received", "count"),
    SheetColumn("Returns expected", "count"),
    SheetColumn("Sources"),
    SheetColumn("Where"),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """One table or chart as a sheet and a file. `keys` are the figures' keys, cell by cell, "" where none."""

    name: str
    file: str
    sheet: Sheet
    keys: tuple[tuple[str, ...], ...]
    sources: tuple[str, ...]
    section: str
    form: str = ""


def annex_xlsx(facts: Facts, imprint: Imprint = WORKING) -> bytes:
    """Sheets: what is in it, one a table or chart, and every figure with its key."""
    data = facts.data
    listed = list(tables_of(facts, imprint))
    marked = mark(data, imprint)
    laid_out = {name: sheet["sheet"] for sheet in data.get("workbook", ()) for name in sheet.get("forms", ())}
    notes = [_about(facts), *([f"{marked}."] if marked else [])]
    contents = Sheet(
        "Contents",
        f"{title_of(data)} {time_of(data)}: data",
        (SheetColumn("Sheet"), SheetColumn("What it shows"), SheetColumn("Section")),
        (
            *((laid_out.get(each.form, each.sheet.name), each.sheet.title, each.section) for each in listed),
            ("Figures", "Every figure with its key", ""),
        ),
        tuple(notes),
    )
    forms = {each.form: each.sheet for each in listed if each.form}
    of_funder = funder_sheets(facts, forms, notes=notes[1:])
    # What stands in the funder's own sheets is not repeated; the sheets that say where it comes from follow them.
    rest = [each.sheet for each in listed if each.form not in laid_out]
    sheets: list[Sheet | Stack] = [*of_funder, contents, *rest, _figures_sheet(data)]
    return workbook_bytes(sheets, title=contents.title, author=data["unit"]["name"], timestamp=moment(data))


def annex_zip(facts: Facts, imprint: Imprint = WORKING) -> bytes:
    """One CSV file a table or chart, one of all figures, and metadata.json that describes each."""
    data = facts.data
    listed = list(tables_of(facts, imprint))
    index = _figures_sheet(data)
    files = {f"{each.file}.csv": _csv(each.sheet) for each in listed} | {"figures.csv": _csv(index)}
    metadata = {
        "title": f"{title_of(data)} {time_of(data)}",
        "publisher": data["unit"]["name"],
        "layer": data["layer"],
        "mark": mark(data, imprint),
        "as_at": data["as_at"],
        "snapshot_sha256": facts.sha256,
        **signature_of(imprint),
        "licence": LICENCE,
        "hidden": "[c]",
        "files": [
            *(
                {
                    "file": f"{each.file}.csv",
                    "title": each.sheet.title,
                    "section": each.section,
                    "columns": _columns(each.sheet),
                    "notes": list(each.sheet.notes),
                    "sources": list(each.sources),
                    "keys": [list(row) for row in each.keys],
                }
                for each in listed
            ),
            {"file": "figures.csv", "title": index.title, "columns": _columns(index)},
        ],
    }
    text = json.dumps(metadata, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    return zip_bytes(files | {"metadata.json": text.encode("utf-8")}, timestamp=moment(data))


def tables_of(facts: Facts, imprint: Imprint = WORKING) -> Iterator[Listed]:
    """Every table and chart, in printed order; then those that the signature added."""
    resolver = Resolver(facts.data["figures"], facts.data["texts"])
    for section in facts.data["sections"]:
        place = f"{section['number']} {section['title']}".strip()
        for block in section["blocks"]:
            if block["kind"] == "table":
                yield _table(block, resolver, place)
            elif block["kind"] == "chart":
                yield _chart(block, resolver, place)
    for name, title in (("completeness", "Returns expected and approved"), ("issues", "Differences between figures")):
        block = facts.data[name]
        if block["rows"]:
            yield _table(block | {"id": name, "number": "", "caption": title}, resolver, SECTION)
    for block in beside_tables(imprint):
        yield _table(block, resolver, SECTION)


def _table(block: Mapping[str, Any], resolver: Resolver, section: str) -> Listed:
    name = f"Table {block['number']}" if block["number"] else block["caption"]
    columns = tuple(SheetColumn(_heading(column), _kind(column["kind"])) for column in block["columns"])
    rows = tuple((row["header"], *(_value(cell) for cell in row["cells"])) for row in block["rows"])
    caption = fill(block["caption"], resolver)
    notes = [fill(note, resolver) for note in block["notes"]] + [f"Source: {each}" for each in block["sources"]]
    title = f"{name}. {caption}" if block["number"] else caption
    return Listed(
        name,
        block["id"],
        Sheet(name, title, columns, rows, tuple(notes)),
        tuple(("", *(cell["key"] for cell in row["cells"])) for row in block["rows"]),
        tuple(block["sources"]),
        section,
        block.get("form", ""),
    )


def _chart(block: Mapping[str, Any], resolver: Resolver, section: str) -> Listed:
    name = f"Figure {block['number']}"
    kind: Kind = {"£": "money", "%": "percent"}.get(block["unit"], "count")  # type: ignore[assignment]
    names = {area["code"]: area["name"] for area in block["areas"]}
    heads = (
        SheetColumn("Area" if names else "Category"),
        *(SheetColumn(row["label"], kind) for row in block["series"]),
    )
    rows = tuple(
        (
            names.get(category, category),
            *(_number(row["values"][index], row["displays"][index]) for row in block["series"]),
        )
        for index, category in enumerate(block["categories"])
    )
    notes = [fill(note, resolver) for note in block["notes"]] + [f"Source: {each}" for each in block["sources"]]
    keys = tuple(("", *(row["keys"][index] for row in block["series"])) for index in range(len(rows)))
    sheet = Sheet(name, f"{name}. {fill(block['caption'], resolver)}", heads, rows, tuple(notes))
    return Listed(name, block["id"], sheet, keys, tuple(block["sources"]), section)


def _figures_sheet(data: Mapping[str, Any]) -> Sheet:
    rows = tuple(
        (
            figure["display"],
            figure["label"],
            key,
            *(_number(figure[name], None) for name in ("value", "low", "high")),
            figure["unit"],
            figure["basis"],
            figure["returns_received"],
            figure["returns_expected"],
            "; ".join(figure["sources"]),
            "; ".join(figure["where"]),
        )
        for key, figure in sorted(data["figures"].items())
    )
    return Sheet("Figures", "Every figure with its key", _INDEX, rows)


def _about(facts: Facts) -> str:
    data = facts.data
    return (
        f"{data['unit']['name']}. Position as at {data['texts']['as_at']}. Snapshot {facts.sha256}. "
        f"{LICENCE}. [c] means hidden so that nobody can be recognised."
    )


def _heading(column: Mapping[str, str]) -> str:
    return f"{column['label']} ({column['unit']})" if column["unit"] else column["label"]


def _kind(kind: str) -> Kind:
    return kind  # type: ignore[return-value]


def _value(cell: Mapping[str, Any]) -> Value:
    return _number(cell["value"], cell["text"])


def _number(value: str | None, text: str | None) -> Value:
    return text if value is None else Decimal(value)


def _columns(sheet: Sheet) -> list[dict[str, str]]:
    return [{"label": column.label, "kind": column.kind} for column in sheet.columns]


def _csv(sheet: Sheet) -> bytes:
    return csv_bytes([column.label for column in sheet.columns], sheet.rows)
