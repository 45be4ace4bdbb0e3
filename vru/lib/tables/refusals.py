"""Why a file cannot be read as a table: what is wrong, by name, and the sentence for the person who sent it."""

from __future__ import annotations


class Unreadable(Exception):
    """The file cannot be read. ``reason`` is a key of ``REFUSALS``; each reader has its own sentences for them."""

    def __init__(self, reason: str, **said: object) -> None:
        super().__init__(reason)
        self.reason, self.said = reason, said


class TableRefused(ValueError):
    """The file is not a table that can be taken in. ``reason`` is stable; the message is for the person who sent it."""

    def __init__(self, reason: str, **said: object) -> None:
        super().__init__(REFUSALS[reason].format(**said))
        self.reason = reason


_SAVE_AS = "Open it in your spreadsheet program, choose “Save as”, pick “Excel Workbook (.xlsx)” and upload that copy."
REFUSALS = {
    "empty": "The file is empty. Save it again and upload that copy.",
    "too_large": "The file is larger than {most} MB. Take out sheets and pictures that are not needed, or split it.",
    "locked": "The file is protected by a password. Take the password off, save it and upload it again.",
    "old_excel": f"This is an older kind of Excel file (.xls). {_SAVE_AS}",
    "binary_excel": f"This is a binary Excel file (.xlsb). {_SAVE_AS}",
    "macros": f"This workbook holds macros, which we never run. {_SAVE_AS}",
    "other_kind": "This is not a table: it looks like {kind}. Upload a CSV file, an Excel workbook (.xlsx) or an "
    "OpenDocument spreadsheet (.ods).",
    "damaged": "The file is damaged and cannot be opened. Save it again and upload that copy.",
    "unpacks": "The file unpacks to far more than a table of its size should, so it was not opened. Copy the rows into "
    "a new workbook and upload that.",
    "too_costly": "The file could not be read within the time and memory set aside for one file. Copy the rows into a "
    "new workbook, without formats and pictures, and upload that.",
    "outside": "Sheet “{sheet}” has something in row {row}, column {column}, which is further out than is read. Clear "
    "everything outside the table, or split the file, and upload it again.",
    "long_cell": "Row {row}, column {column} holds more than {most:,} characters. Shorten it and upload it again.",
    "control": "Row {row} has hidden control characters in it: the file may be damaged. Save it again as CSV (UTF-8).",
    "encoding": "The letters of the file cannot be read: it is neither UTF-8 nor Windows-1252. Save it as CSV (UTF-8).",
    "quotes": "Row {row} has a quotation mark that is never closed, or something after one that is. Mend the row and "
    "upload the file again.",
    "no_rows": "There is no row in the file with anything in it.",
}

# About one cell: the rest of the sheet is read.
CELL_PROBLEMS = {
    "formula": "This cell holds a formula. We cannot rely on what it works out to: paste the value itself.",
    "error": "This cell shows an error of the spreadsheet. Enter the value itself.",
    "merged": "This cell is merged with cells of other rows, so the rows below it are empty. Unmerge it and fill in "
    "each row.",
}
