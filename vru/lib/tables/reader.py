"""The limited process that reads an Excel or OpenDocument workbook: bytes in, one JSON document out. Knows no Django.

Run as ``python -m vru.lib.tables.reader``. It sets its own limits before it looks at the first byte.
"""

from __future__ import annotations

import datetime
import io
import json
import sys
from typing import Any

import python_calamine

from vru.lib.tables.cells import number_text
from vru.lib.tables.limits import ReadingLimits, hold_to
from vru.lib.tables.opening import scan_workbook
from vru.lib.tables.refusals import Unreadable
from vru.lib.tables.scan import Marks

# Notes of trouble in one sheet: beyond these, one more tells nobody anything.
MOST_PROBLEMS = 1_000


def read(data: bytes, limits: ReadingLimits) -> list[dict[str, Any]]:
    """Sheets in their order: ``{"name", "rows": [[number, [text, …]], …], "problems": [[row, column, code], …]}``.

    Numbers count from 1, columns from 0. Blank rows are left out. Raises Unreadable.
    """
    marks = scan_workbook(data, limits)
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        sheets = [_sheet(book, name, marks[name]) for name in book.sheet_names if name in marks]
    except python_calamine.PasswordError as error:
        raise Unreadable("locked") from error
    except python_calamine.CalamineError as error:
        raise Unreadable("damaged") from error
    if sum(len(text) for sheet in sheets for _, row in sheet["rows"] for text in row) > limits.characters:
        raise Unreadable("too_costly")
    return sheets


def _sheet(book: Any, name: str, marks: Marks) -> dict[str, Any]:
    found = []
    for index, row in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False)):
        texts = [_text(value, (index, column), marks) for column, value in enumerate(row)]
        while texts and not texts[-1].strip():
            texts.pop()
        if texts:
            found.append([index + 1, texts])
    problems = [[row + 1, column, "formula"] for row, column in marks.formulas]
    problems += [[row + 1, column, "error"] for row, column in marks.errors - marks.formulas]
    problems += [[first[0] + 1, first[1], "merged"] for first, last in marks.merged if last[0] > first[0]]
    return {"name": name, "rows": found, "problems": sorted(problems)[:MOST_PROBLEMS]}


def _text(value: Any, here: tuple[int, int], marks: Marks) -> str:
    """The cell's value as the text a person would have typed; a day as 2021-01-15."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number_text(value, percent=here in marks.percents, digits=marks.padded.get(here, 0))
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d" if value.time() == datetime.time() else "%Y-%m-%d %H:%M")
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def main() -> int:
    limits = ReadingLimits(**json.loads(sys.argv[1])) if len(sys.argv) > 1 else ReadingLimits()
    hold_to(limits)
    data = sys.stdin.buffer.read(limits.file_bytes + 1)
    said: dict[str, Any]
    try:
        said = {"sheets": read(data, limits)}
    except Unreadable as error:
        said = {"refused": {"reason": error.reason, "said": error.said}}
    sys.stdout.write(json.dumps(said))
    return 0


if __name__ == "__main__":
    sys.exit(main())
