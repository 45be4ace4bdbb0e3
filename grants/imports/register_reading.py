"""The rows of a register as programmes, organisations and grants: each once, with what every row says about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from grants.imports.register_columns import FIELD_NAMES, KEYS, Kind, labelled
from grants.imports.register_values import Values
from vru.lib.periods import FinancialYear
from vru.lib.tables import Row, SheetRows, Table, TableRefused, match_columns
from vru.lib.tables.cells import column_letters
from vru.lib.typed_text import clip

# Nobody mends more than these before trying again; the count is told.
MOST_PROBLEMS = 2_000
_SPLIT = ("grant.source", "grant.year", "grant.split")
_OWN = {"programme": "programme.ref", "grant": "grant.ref"}


@dataclass(frozen=True, slots=True)
class Problem:
    """``row`` is the spreadsheet's own number, 0 for the file; ``column`` its letters, "" for the row."""

    sheet: str
    row: int
    column: str
    heading: str
    value: str
    message: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class Record:
    """One programme, organisation or grant: ``said`` maps an attribute to its value, ``places`` to where it stands."""

    kind: Kind
    key: str
    row: int
    said: dict[str, Any] = field(default_factory=dict)
    places: dict[str, tuple[int, str]] = field(default_factory=dict)
    splits: list[tuple[int, Any, int | None, int | None]] = field(default_factory=list)  # row, source, year, pence
    programme: Record | None = None
    organisation: Record | None = None


@dataclass
class Register:
    """What a file says. ``notes`` are numbers that were mended: row, text as it stood, what was done."""

    sheet: str
    headings: tuple[str, ...]
    columns: dict[str, int]
    rows: int
    programmes: dict[str, Record] = field(default_factory=dict)
    organisations: dict[str, Record] = field(default_factory=dict)
    grants: dict[str, Record] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[tuple[int, str, str]] = field(default_factory=list)
    # Cells that hold something unreadable: what is missing because of them is not said twice.
    unread: set[tuple[int, str]] = field(default_factory=set)

    def problem(self, row: int, name: str, value: str, message: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            at = self.columns.get(name)
            column = "" if at is None else column_letters(at)
            self.problems.append(Problem(self.sheet, row, column, labelled(name) if name else "", clip(value), message))


def sheet_of(table: Table) -> tuple[SheetRows, Row, tuple[Row, ...], dict[str, int]]:
    """The sheet with the most columns of a register: it, its headings, the rows below, and the suggested columns.

    Raises TableRefused for a file without rows.
    """
    found = []
    names = [name for names in FIELD_NAMES.values() for name in names]
    for sheet in table.sheets:
        if sheet.rows:
            headings, rows = sheet.split_at_headings(names)
            found.append((sheet, headings, rows, match_columns(headings.cells, FIELD_NAMES)))
    if not found:
        raise TableRefused("no_rows")
    return max(found, key=lambda each: len(each[3]))


def read_register(table: Table, values: Values, columns: Mapping[str, str] | None = None) -> Register:
    """Read the rows with ``columns`` (field to heading), or as suggested. Problems are listed, never raised; a file
    without rows raises TableRefused.
    """
    sheet, headings, rows, suggested = sheet_of(table)
    if columns is not None:
        suggested = {
            name: headings.cells.index(heading) for name, heading in columns.items() if heading in headings.cells
        }
    register = Register(sheet.name, headings.cells, suggested, len(rows))
    if not any(key in suggested for key in KEYS):
        register.problem(
            0, "", "", "No column holds a reference of a grant or programme, or an organisation. Say which column does."
        )
        return register
    untrusted = {(each.row, each.column): each.message for each in sheet.problems if each.row > headings.number}
    read = [(row, _cells(register, row, values, untrusted)) for row in rows]
    numbered = _numbered_names(said for _, said in read)
    for row, said in read:
        _gather(register, row, said, numbered)
    return register


def _cells(register: Register, row: Row, values: Values, untrusted: Mapping[tuple[int, int], str]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, at in register.columns.items():
        text = row.cell(at)
        if (message := untrusted.get((row.number, at))) is not None:
            register.problem(row.number, name, text, message)
            register.unread.add((row.number, name))
            continue
        if not text:
            continue
        try:
            value = values.read(name, text)
        except ValueError as error:
            register.problem(row.number, name, text, str(error))
            register.unread.add((row.number, name))
            continue
        if text in values.notes:
            register.notes.append((row.number, text, values.notes[text]))
        if value is not None:
            said[name] = value
    return said


def _numbered_names(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Name → key of the organisation, where some row of the file gives its number or reference beside the name."""
    found: dict[str, str] = {}
    for said in rows:
        key = _organisation_key(said, {})
        if "organisation.name" in said and not key.startswith("name:"):
            found.setdefault(said["organisation.name"].casefold(), key)
    return found


def _gather(register: Register, row: Row, said: Mapping[str, Any], numbered: Mapping[str, str]) -> None:
    programme = _record(register, "programme", said.get("programme.ref", ""), row, said)
    organisation = _record(register, "organisation", _organisation_key(said, numbered), row, said)
    grant = _record(register, "grant", said.get("grant.ref", ""), row, said)
    if grant is not None:
        _join(register, row, grant, "programme", programme)
        _join(register, row, grant, "organisation", organisation)
        if "grant.source" in said or "grant.split" in said:
            _add_split(register, row.number, grant, said)


def _organisation_key(said: Mapping[str, Any], numbered: Mapping[str, str]) -> str:
    """Number, else reference, else name: what tells the organisations of one file apart."""
    for name in ("charity_number", "company_number", "ref"):
        if value := said.get(f"organisation.{name}"):
            return f"{name}:{value.casefold()}"
    called = str(said.get("organisation.name", "")).casefold()
    return numbered.get(called, f"name:{called}") if called else ""


def _record(register: Register, kind: Kind, key: str, row: Row, said: Mapping[str, Any]) -> Record | None:
    own = {name: value for name, value in said.items() if name.startswith(f"{kind}.") and name not in _SPLIT}
    if not key:
        if own and kind in _OWN:
            what = labelled(_OWN[kind]).casefold()
            register.problem(row.number, _OWN[kind], "", f"The row says something about a {kind}. Give the {what}.")
        return None
    found: dict[str, Record] = getattr(register, f"{kind}s")
    record = found.setdefault(key, Record(kind, key, row.number))
    for name, value in own.items():
        attribute = name.split(".", 1)[1]
        earlier = record.said.setdefault(attribute, value)
        record.places.setdefault(attribute, (row.number, name))
        if earlier != value:
            first = record.places[attribute][0]
            register.problem(
                row.number,
                name,
                row.cell(register.columns[name]),
                f"Row {first} says something else about the same {kind}. Make both rows say the same.",
            )
    return record


def _join(register: Register, row: Row, grant: Record, side: str, other: Record | None) -> None:
    if other is None:
        return
    earlier = getattr(grant, side)
    if earlier is None:
        setattr(grant, side, other)
    elif earlier is not other:
        name = "programme.ref" if side == "programme" else "organisation.name"
        register.problem(
            row.number, name, "", f"Row {earlier.row} gives the same grant another {side}. A grant has one {side}."
        )


def _add_split(register: Register, number: int, grant: Record, said: Mapping[str, Any]) -> None:
    source = said.get("grant.source")
    if source is None and (number, "grant.source") in register.unread:
        return
    if source is None:
        register.problem(number, "grant.source", "", "The row has an amount from a source. Say which source.")
        return
    grant.splits.append((number, source, said.get("grant.year"), said.get("grant.split")))


def splits_in_pence(
    register: Register, grant: Record, award: int, starts: Any, ends: Any
) -> dict[tuple[Any, int], int]:
    """(source, year) to pence as the rows say; problems are listed where a year or an amount is missing."""
    found: dict[tuple[Any, int], int] = {}
    for number, source, year, pence in grant.splits:
        if year is None and starts is not None and FinancialYear.of(starts) == FinancialYear.of(ends):
            year = FinancialYear.of(starts).start
        if year is None and (number, "grant.year") in register.unread:
            continue
        if year is None:
            register.problem(number, "grant.year", "", "The grant runs over several years. Say which year this is.")
            continue
        if pence is None and len(grant.splits) > 1:
            register.problem(
                number, "grant.split", "", "The grant has several sources or years. Say how much this one gives."
            )
            continue
        if (source, year) in found:
            register.problem(
                number, "grant.source", str(source), f"{source} in {FinancialYear(year)} is given twice for this grant."
            )
            continue
        found[source, year] = award if pence is None else pence
    return found
