"""Rows to files: workbooks, CSV and ZIP, safe to open and the same bytes for the same rows.

A text is always written as a text. In a workbook the cell's type says so; a CSV has no types, so a text that a
spreadsheet would take for a formula gets an apostrophe in front.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal

import xlsxwriter

Kind = Literal["text", "count", "money", "percent", "number", "date"]
Value = str | int | Decimal | date | None
_FORMATS: dict[Kind, str] = {
    "text": "General",
    "count": "#,##0",
    "money": "£#,##0.00",
    "percent": '0.0"%"',
    "number": "#,##0.##",
    "date": "d mmm yyyy",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
_SHEET_NAME_LENGTH = 31
_CELL_LENGTH = 32_767
_WIDEST, _NARROWEST = 60, 10


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column's heading, and how its numbers are shown."""

    label: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table on one sheet: title in the first row, then notes, then headings and rows.

    Numbers are int or Decimal, days are dates; None is an empty cell. A text may stand in a number's place ("[c]").
    """

    name: str
    title: str
    columns: tuple[SheetColumn, ...]
    rows: tuple[tuple[Value, ...], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stack:
    """Several tables on one sheet, one below the other, each under its own title: somebody else's layout."""

    name: str
    title: str
    tables: tuple[Sheet, ...]
    notes: tuple[str, ...] = ()


def workbook_bytes(sheets: Sequence[Sheet | Stack], *, title: str, author: str, timestamp: datetime) -> bytes:
    """The sheets as an Excel workbook whose only date is `timestamp` (aware).

    Sheet names are shortened and made unique. Raises ValueError without sheets, or for a naive timestamp.
    """
    if not sheets:
        raise ValueError("A workbook needs at least one sheet.")
    if timestamp.tzinfo is None:
        raise ValueError("The timestamp of a workbook must carry its time zone.")
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    created = timestamp.astimezone(UTC).replace(tzinfo=None)
    book.set_properties({"title": title, "author": author, "created": created})
    styles = styles_of(book)
    taken: set[str] = set()
    for sheet in sheets:
        page = book.add_worksheet(sheet_name(sheet.name, taken))
        if isinstance(sheet, Stack):
            _write_stack(page, sheet, styles)
        else:
            _write_sheet(page, sheet, styles)
    book.close()
    return target.getvalue()


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """UTF-8 CSV after RFC 4180: numbers bare, without separators or signs; days as 2020-04-01; texts made harmless."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([harmless(label) for label in columns])
    writer.writerows([csv_value(value) for value in row] for row in rows)
    return target.getvalue().encode("utf-8")


def zip_bytes(files: Mapping[str, bytes], *, timestamp: datetime) -> bytes:
    """The files in a ZIP, sorted by name and dated `timestamp`; no other date, user or system shows."""
    target = io.BytesIO()
    moment = timestamp.astimezone(UTC)
    stamp = (max(1980, moment.year), moment.month, moment.day, moment.hour, moment.minute, moment.second)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, date_time=stamp)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(entry, files[name])
    return target.getvalue()


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_value(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return harmless(value) if isinstance(value, str) else f"{value:f}" if isinstance(value, Decimal) else str(value)


def sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that Excel takes and no sheet of the book has yet; it joins ``taken``."""
    base = _NOT_IN_SHEET_NAMES.sub(" ", wanted).strip()[:_SHEET_NAME_LENGTH] or "Sheet"
    name, number = base, 1
    while name.casefold() in taken:
        number += 1
        ending = f" ({number})"
        name = base[: _SHEET_NAME_LENGTH - len(ending)] + ending
    taken.add(name.casefold())
    return name


def styles_of(book: Any) -> dict[str, Any]:
    """The formats of a workbook's cells, by kind, and of its title, notes and headings."""
    styles: dict[str, Any] = {
        kind: book.add_format({"num_format": shown, "valign": "top"}) for kind, shown in _FORMATS.items()
    }
    styles["text"] = book.add_format({"valign": "top", "text_wrap": True})
    styles["right"] = book.add_format({"valign": "top", "align": "right"})
    styles["title"] = book.add_format({"bold": True, "font_size": 14})
    styles["note"] = book.add_format({"italic": False, "font_color": "#3C4650"})
    heading = {"bold": True, "bottom": 1, "valign": "bottom", "text_wrap": True, "bg_color": "#E8EEF6"}
    styles["heading"] = book.add_format(heading)
    styles["heading_number"] = book.add_format(heading | {"align": "right"})
    return styles


def _write_sheet(page: Any, sheet: Sheet, styles: dict[str, Any]) -> None:
    widths = [_width(sheet, index) for index in range(len(sheet.columns))]
    line = write_headings(
        page, title=sheet.title, notes=sheet.notes, columns=sheet.columns, widths=widths, styles=styles
    )
    for row in sheet.rows:
        line += 1
        write_row(page, line, row, sheet.columns, styles)


def _write_stack(page: Any, stack: Stack, styles: dict[str, Any]) -> None:
    page.write_string(0, 0, stack.title[:_CELL_LENGTH], styles["title"])
    line = 0
    for note in stack.notes:
        line += 1
        page.write_string(line, 0, note[:_CELL_LENGTH], styles["note"])
    widths: dict[int, int] = {}
    for table in stack.tables:
        line += 2
        page.write_string(line, 0, table.title[:_CELL_LENGTH], styles["title"])
        for note in table.notes:
            line += 1
            page.write_string(line, 0, note[:_CELL_LENGTH], styles["note"])
        line += 1
        for index, column in enumerate(table.columns):
            style = styles["heading" if column.kind in ("text", "date") else "heading_number"]
            page.write_string(line, index, column.label, style)
            widths[index] = max(widths.get(index, 0), _width(table, index))
        for row in table.rows:
            line += 1
            write_row(page, line, row, table.columns, styles)
    for index, width in widths.items():
        page.set_column(index, index, width)


def write_headings(
    page: Any,
    *,
    title: str,
    notes: Sequence[str],
    columns: Sequence[SheetColumn],
    widths: Sequence[int],
    styles: dict[str, Any],
) -> int:
    """Title, notes and headings, from the top; the line of the headings, from 0."""
    page.write_string(0, 0, title[:_CELL_LENGTH], styles["title"])
    line = 1
    for note in notes:
        page.write_string(line, 0, note[:_CELL_LENGTH], styles["note"])
        line += 1
    for index, (column, width) in enumerate(zip(columns, widths, strict=True)):
        style = styles["heading" if column.kind in ("text", "date") else "heading_number"]
        page.write_string(line, index, column.label, style)
        page.set_column(index, index, width)
    page.freeze_panes(line + 1, 1)
    return line


def write_row(
    page: Any, line: int, row: Sequence[Value], columns: Sequence[SheetColumn], styles: dict[str, Any]
) -> None:
    for index, value in enumerate(row):
        _write_cell(page, line, index, value, columns[index].kind, styles)


def _write_cell(page: Any, line: int, index: int, value: Value, kind: Kind, styles: dict[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, str):
        page.write_string(line, index, value[:_CELL_LENGTH], styles["text" if kind == "text" else "right"])
    elif isinstance(value, date):
        page.write_datetime(line, index, value, styles["date"])
    else:
        page.write_number(line, index, value, styles[kind if kind != "text" else "number"])


def _width(sheet: Sheet, index: int) -> int:
    longest = max((len(str(row[index] if row[index] is not None else "")) for row in sheet.rows), default=0)
    heading = max((len(word) for word in sheet.columns[index].label.split()), default=0)
    return max(_NARROWEST, min(_WIDEST, max(longest, heading) + 2))
