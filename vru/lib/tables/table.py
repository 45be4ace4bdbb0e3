"""A person's table, from CSV, Excel or OpenDocument: text in rows and columns, and what stands under which heading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from vru.lib.tables.cells import column_letters
from vru.lib.tables.headings import plain_heading
from vru.lib.tables.limits import ReadingLimits, read_in_limits
from vru.lib.tables.opening import is_archive, refuse_other_kinds
from vru.lib.tables.refusals import CELL_PROBLEMS, TableRefused, Unreadable
from vru.lib.tables.text import LONGEST_CELL, text_rows

READER = "vru.lib.tables.reader"
_HEADINGS_WITHIN = 30


@dataclass(frozen=True, slots=True)
class Row:
    """``number`` is the row's as people see it in their spreadsheet, from 1. Texts as they stand, not stripped; a row
    may be shorter than its headings.
    """

    number: int
    cells: tuple[str, ...]

    def cell(self, index: int) -> str:
        """The text of a column, counted from 0; '' beyond the row's end."""
        return self.cells[index] if 0 <= index < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class CellProblem:
    """A cell whose text cannot be relied on. ``column`` counts from 0; ``code`` is formula, error or merged."""

    row: int
    column: int
    code: str

    @property
    def message(self) -> str:
        return CELL_PROBLEMS[self.code]

    @property
    def letters(self) -> str:
        return column_letters(self.column)


@dataclass(frozen=True, slots=True)
class SheetRows:
    """One sheet without its blank rows. Whoever reads the rows must refuse those that ``problems`` names."""

    name: str
    rows: tuple[Row, ...]
    problems: tuple[CellProblem, ...] = ()

    def split_at_headings(self, known: Iterable[str]) -> tuple[Row, tuple[Row, ...]]:
        """The row of headings and the rows below it. Titles and notes above are passed over: the headings are the row
        among the first thirty with the most texts of ``known`` (any capitals and spaces), the first row when none has
        any. Raises TableRefused for a sheet without rows.
        """
        if not self.rows:
            raise TableRefused("no_rows")
        wanted = {plain_heading(text) for text in known}
        first = self.rows[:_HEADINGS_WITHIN]
        scores = [sum(plain_heading(cell) in wanted for cell in row.cells) for row in first]
        at = scores.index(max(scores))
        return self.rows[at], self.rows[at + 1 :]


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds; a CSV file is one sheet."""

    sheets: tuple[SheetRows, ...]

    @property
    def first(self) -> SheetRows:
        """The first sheet with anything in it. Raises TableRefused when there is none."""
        for sheet in self.sheets:
            if sheet.rows:
                return sheet
        raise TableRefused("no_rows")


def read_table(data: bytes, name: str, limits: ReadingLimits | None = None) -> Table:
    """The rows of a CSV, XLSX or ODS file as typed text: days as 2021-01-15, numbers without a format's separators,
    leading zeros where the cell shows them. What the file is, its content decides; ``name`` only names a CSV's sheet.

    Raises TableRefused with a sentence; never anything else, whatever the bytes are.
    """
    limits = limits or ReadingLimits()
    try:
        if len(data) > limits.file_bytes:
            raise Unreadable("too_large", most=limits.file_bytes // (1024 * 1024))
        refuse_other_kinds(data)
        if not is_archive(data):
            rows = tuple(Row(number, cells) for number, cells in text_rows(data, limits) if any(map(str.strip, cells)))
            table = Table((SheetRows(name, rows),))
        else:
            table = _workbook(data, limits)
    except Unreadable as error:
        raise TableRefused(error.reason, **error.said) from error
    if not any(sheet.rows for sheet in table.sheets):
        raise TableRefused("no_rows")
    return table


def _workbook(data: bytes, limits: ReadingLimits) -> Table:
    said = read_in_limits(READER, data, limits)
    if refused := said.get("refused"):
        raise Unreadable(refused["reason"], **refused["said"])
    sheets = []
    for sheet in said["sheets"]:
        rows = tuple(Row(number, tuple(cells)) for number, cells in sheet["rows"])
        for row in rows:
            long = next((at for at, cell in enumerate(row.cells) if len(cell) > LONGEST_CELL), None)
            if long is not None:
                raise TableRefused("long_cell", row=row.number, column=column_letters(long), most=LONGEST_CELL)
        sheets.append(SheetRows(sheet["name"], rows, tuple(CellProblem(*each) for each in sheet["problems"])))
    return Table(tuple(sheets))


def match_columns(headings: Sequence[str], fields: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Field → the column, counted from 0, whose heading is one of the field's names, however it is written ("Grant
    Ref.", "grant_ref", "GRANT REF"). ``fields`` maps each field to its names, the likeliest first; the field's own name
    counts as the last. A column serves one field, an earlier field first; a field without a column is left out.
    """
    plain = [plain_heading(heading) for heading in headings]
    found: dict[str, int] = {}
    for field, names in fields.items():
        for name in (*names, field):
            wanted = plain_heading(name)
            at = next((at for at, text in enumerate(plain) if text == wanted and at not in found.values()), None)
            if at is not None:
                found[field] = at
                break
    return found
