"""Rows of a file of separated values: its letters, its separator and its quotation marks found out, never assumed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from vru.lib.tables.cells import column_letters
from vru.lib.tables.limits import ReadingLimits
from vru.lib.tables.refusals import TableRefused

LONGEST_CELL = 32_767
_SEPARATORS = ",;\t|"
_SNIFFED_ROWS = 20
# What no text holds: everything of C0 but tab and the line ends, and DEL.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def text_rows(data: bytes, limits: ReadingLimits) -> Iterator[tuple[int, tuple[str, ...]]]:
    """(number of the row, its cells) of every row, blank ones too. A row is what a spreadsheet program shows as one:
    a line end inside quotation marks does not begin another. Raises TableRefused.
    """
    text = decode(data)
    if (found := _CONTROL.search(text)) is not None:
        raise TableRefused("control", row=text.count("\n", 0, found.start()) + 1)
    separator = separator_of(text)
    # The module's own limit stands above ours, so that a long cell is refused with our sentence.
    csv.field_size_limit(limits.file_bytes + 1)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = characters = 0
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise TableRefused("quotes", row=number + 1) from error
        number += 1
        _check_row(number, row, limits)
        characters += sum(map(len, row))
        if characters > limits.characters:
            raise TableRefused("too_costly")
        yield number, tuple(row)


def decode(data: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with its mark, otherwise Windows-1252. Raises TableRefused."""
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    if b"\0" in data and encodings[0] != "utf-16":
        raise TableRefused("control", row=data.count(b"\n", 0, data.index(b"\0")) + 1)
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableRefused("encoding")


def separator_of(text: str) -> str:
    """The separator under which the first rows have the most columns and agree on how many; a comma when none does."""
    best, mark = ",", (0, 0)
    for separator in _SEPARATORS:
        widths: list[int] = []
        try:
            for row in csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=separator):
                if any(cell.strip() for cell in row):
                    widths.append(len(row))
                if len(widths) == _SNIFFED_ROWS:
                    break
        except csv.Error:
            continue
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
        if usual > 1 and (widths.count(usual), usual) > mark:
            best, mark = separator, (widths.count(usual), usual)
    return best


def _check_row(number: int, row: list[str], limits: ReadingLimits) -> None:
    if number > limits.last_row + 1 and any(row):
        raise TableRefused("outside", sheet="the file", row=number, column="A")
    width = len(row)
    while width and not row[width - 1].strip():
        width -= 1
    if width > limits.last_column:
        raise TableRefused("outside", sheet="the file", row=number, column=column_letters(width - 1))
    for index, cell in enumerate(row):
        if len(cell) > LONGEST_CELL:
            raise TableRefused("long_cell", row=number, column=column_letters(index), most=LONGEST_CELL)
