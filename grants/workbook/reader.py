"""The limited process that reads an uploaded workbook: bytes in, one JSON document out. Knows no Django.

Run as ``python -m grants.workbook.reader``. It sets its own limits before it looks at the first byte, writes no file,
opens no connection, and says only what stands in the cells of the form. A file that breaks the limits ends the process,
which the caller takes as a refusal.
"""

from __future__ import annotations

import datetime
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import python_calamine

from grants.workbook.refusals import FileRefused, refusal_of
from grants.workbook.shape import ABOUT_SHEET, ANSWER_HEADING, FORMAT, Limits, read_key
from vru.lib.memory import peak_kib
from vru.lib.tables.cells import number_text
from vru.lib.tables.limits import hold_to
from vru.lib.tables.opening import scan_workbook
from vru.lib.tables.refusals import Unreadable
from vru.lib.tables.scan import Cell, Marks


@dataclass(frozen=True, slots=True)
class Found:
    """One answer cell. ``row`` and ``column`` count from 0; ``problem`` says why its text cannot be relied on."""

    name: str
    part: int
    sheet: str
    row: int
    column: int
    text: str
    problem: str = ""


def read(data: bytes, limits: Limits) -> dict[str, Any]:
    """``{"about": {…}, "cells": [Found…]}`` of a workbook of ours. Raises FileRefused."""
    try:
        marks = scan_workbook(data, limits)
    except Unreadable as error:
        raise refusal_of(error) from error
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        about = _about(book)
        cells = [found for sheet in book.sheet_names if sheet in marks for found in _answers(book, sheet, marks[sheet])]
    except python_calamine.PasswordError as error:
        raise FileRefused("F103") from error
    except python_calamine.CalamineError as error:
        raise FileRefused("F109") from error
    if not cells:
        raise FileRefused("F117")
    if sum(len(cell.text) for cell in cells) > limits.characters:
        raise FileRefused("F110")
    return {"about": about, "cells": [asdict(cell) for cell in cells]}


def _about(book: Any) -> dict[str, str]:
    """The hidden sheet's lines. It is found by what it holds, so that renaming it does no harm."""
    for name in sorted(book.sheet_names, key=lambda name: name != ABOUT_SHEET):
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=True)
        if rows and len(rows[0]) > 1 and rows[0][:2] == ["format", FORMAT]:
            return {str(row[0]): _text(row[1], False) for row in rows if len(row) > 1}
    raise FileRefused("F113")


def _answers(book: Any, sheet: str, marks: Marks) -> Iterator[Found]:
    """The answer cells of one sheet, found by their hidden keys and the heading above them."""
    rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    column = None
    for index, row in enumerate(rows):
        key = next((found for cell in row if isinstance(cell, str) and (found := read_key(cell))), None)
        if key is None:
            column = next((at for at, cell in enumerate(row) if cell == ANSWER_HEADING), column)
            continue
        if column is None:
            raise FileRefused("F118", sheet=sheet[:40])
        here = (index, column)
        value = row[column] if column < len(row) else ""
        yield Found(*key, sheet, index, column, _text(value, here in marks.percents), _problem(here, marks))


def _problem(here: Cell, marks: Marks) -> str:
    if here in marks.formulas:
        return "F201"
    if here in marks.errors:
        return "F202"
    merged = any(
        first[0] <= here[0] <= last[0] and first[1] <= here[1] <= last[1] and first != last
        for first, last in marks.merged
    )
    return "F203" if merged else ""


def _text(value: Any, percent: bool) -> str:
    """The cell's value as the text a person would have typed."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number_text(value, percent=percent)
    if isinstance(value, datetime.datetime):
        return value.strftime("%d/%m/%Y" if value.time() == datetime.time() else "%d/%m/%Y %H:%M")
    return value.strftime("%d/%m/%Y") if isinstance(value, datetime.date) else str(value)


def main() -> int:
    limits = Limits(**json.loads(sys.argv[1])) if len(sys.argv) > 1 else Limits()
    hold_to(limits)
    data = sys.stdin.buffer.read(limits.file_bytes + 1)
    try:
        if len(data) > limits.file_bytes:
            raise FileRefused("F102", most=limits.file_bytes // (1024 * 1024))
        said = read(data, limits)
    except FileRefused as refused:
        said = {"refused": {"code": refused.code, "message": str(refused)}}
    said["peak_kib"] = peak_kib()
    sys.stdout.write(json.dumps(said))
    return 0


if __name__ == "__main__":
    sys.exit(main())
