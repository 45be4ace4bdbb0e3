"""The blank register, made of the columns that are read: as a workbook with a help sheet, and as CSV."""

from __future__ import annotations

from datetime import datetime

from grants.imports.register_columns import COLUMNS
from vru.lib.sheets import Sheet, SheetColumn, csv_bytes, workbook_bytes

# A note line above the headings would be passed over by the reader, but not by other programs.
_NOTE = "One row for each grant, source and year. Take the example out. The sheet “Help” says what each column holds."


def template_csv() -> bytes:
    """Headings and one example row, with the mark by which spreadsheet programs know UTF-8."""
    headings = [column.heading for column in COLUMNS]
    return b"\xef\xbb\xbf" + csv_bytes(headings, [[column.example for column in COLUMNS]])


def template_workbook(*, unit: str, timestamp: datetime) -> bytes:
    register = Sheet(
        "Register",
        "Register of programmes, organisations and grants",
        tuple(SheetColumn(column.heading) for column in COLUMNS),
        (tuple(column.example for column in COLUMNS),),
        (_NOTE,),
    )
    help_sheet = Sheet(
        "Help",
        "What each column holds",
        (SheetColumn("Column"), SheetColumn("What it holds"), SheetColumn("Also found under"), SheetColumn("Example")),
        tuple((each.heading, each.help, ", ".join(each.names), each.example) for each in COLUMNS),
    )
    return workbook_bytes([register, help_sheet], title="Blank register", author=unit, timestamp=timestamp)
