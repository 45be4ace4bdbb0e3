"""The rows of a ledger file as lines with a day, a reference and an amount; or every reason why they are not."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from vru.lib.dates import DateProblem, read_date
from vru.lib.money import Money
from vru.lib.numbers import NumberKind, NumberProblem, read_number
from vru.lib.periods import FinancialYear
from vru.lib.tables import CellProblem, Row, SheetRows, match_columns

# Field → the names that finance systems give its column, the likeliest first.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "posted_on": ("Posting date", "Posted", "Date", "Transaction date", "Effective date", "Value date", "Payment date"),
    "reference": (
        "Reference", "Finance reference", "Payment reference", "Document number", "Document", "Transaction number",
        "Transaction", "Journal", "Invoice number", "Voucher",
    ),
    "supplier_reference": (
        "Supplier reference", "Supplier number", "Supplier ID", "Supplier", "Vendor number", "Vendor", "Creditor",
    ),
    "description": ("Description", "Narrative", "Details", "Text", "Line description"),
    "amount": ("Amount", "Net amount", "Value", "Amount GBP", "Net", "Total"),
}  # fmt: skip
LABELS = {
    "posted_on": "Day of posting",
    "reference": "Reference",
    "supplier_reference": "Supplier reference",
    "description": "Description",
    "amount": "Amount",
}
NEEDED = ("posted_on", "reference", "amount")
LONGEST = {"reference": 100, "supplier_reference": 40, "description": 300}
MOST_LINES = 20_000
_TOTAL = re.compile(r"(grand |sub)?total( .*)?", re.IGNORECASE)
_BRACKETED = re.compile(r"\(\s*(£?\s*[\d,. ]+)\s*\)")
_TRAILING_MINUS = re.compile(r"(£?\s*[\d,. ]*\d)\s*[-\N{MINUS SIGN}]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the ledger, amounts in pence; negative where money came back."""

    row: int
    posted_on: datetime.date
    reference: str
    supplier_reference: str
    description: str
    amount_pence: int


@dataclass(frozen=True, slots=True)
class LineProblem:
    row: int
    column: str
    value: str
    message: str


@dataclass(frozen=True, slots=True)
class LedgerRows:
    """What a file holds. With any problem nothing of it is taken in."""

    headings: tuple[str, ...]
    columns: dict[str, str]
    lines: tuple[Line, ...] = ()
    problems: tuple[LineProblem, ...] = ()

    @property
    def total_pence(self) -> int:
        return sum(line.amount_pence for line in self.lines)

    @property
    def missing(self) -> list[str]:
        """Fields without which no line can be read, and no column is chosen for them."""
        return [LABELS[name] for name in NEEDED if name not in self.columns]


def read_amount(text: str) -> int:
    """Pence of an amount as ledgers write it: "£1,234.50", "-123.45", "(123.45)" and "123.45-" for money back.

    Raises NumberProblem for anything that could be read in two ways, such as "1.234,50".
    """
    typed = text.strip()
    if match := _BRACKETED.fullmatch(typed) or _TRAILING_MINUS.fullmatch(typed):
        return -read_amount(match[1])
    found = read_number(typed, kind=NumberKind.MONEY, allow_negative=True)
    assert found.value is not None  # Only an approximate number has none, and those are refused.
    return Money.from_pounds(found.value).pence


def headings_of(sheet: SheetRows) -> tuple[Row, tuple[Row, ...]]:
    """The row of headings and the rows below it. Raises TableRefused for a sheet without rows."""
    return sheet.split_at_headings(name for names in FIELDS.values() for name in names)


def read_rows(sheet: SheetRows, year: FinancialYear, columns: Mapping[str, str] | None = None) -> LedgerRows:
    """Every line of the sheet, or every problem. ``columns`` maps a field to its heading; left out, it is guessed."""
    head, rows = headings_of(sheet)
    headings = tuple(cell.strip() for cell in head.cells)
    places = _places(headings, columns)
    chosen = {name: headings[at] for name, at in places.items()}
    found = LedgerRows(headings, chosen)
    if found.missing:
        return found
    reader = _Reader(places, headings, year)
    for problem in sheet.problems:
        reader.refuse_cell(problem)
    if len(rows) > MOST_LINES:
        message = f"The file has {len(rows):,} rows. At most {MOST_LINES:,} are taken at once; split it by quarter."
        return LedgerRows(headings, chosen, (), (LineProblem(head.number, "", "", message),))
    for row in rows:
        reader.read(row)
    if not reader.lines and not reader.problems:
        reader.refuse(head.number, "", "", "There is no line below the headings. Check which sheet comes first.")
    return LedgerRows(headings, chosen, tuple(reader.lines), tuple(reader.problems))


def _places(headings: tuple[str, ...], columns: Mapping[str, str] | None) -> dict[str, int]:
    if columns is None:
        return match_columns(headings, FIELDS)
    return {
        name: headings.index(heading) for name, heading in columns.items() if name in FIELDS and heading in headings
    }


@dataclass
class _Reader:
    places: Mapping[str, int]
    headings: tuple[str, ...]
    year: FinancialYear
    lines: list[Line] = field(default_factory=list)
    problems: list[LineProblem] = field(default_factory=list)
    unreliable: set[tuple[int, int]] = field(default_factory=set)

    def refuse(self, row: int, column: str, value: str, message: str) -> None:
        self.problems.append(LineProblem(row, column, value[:60], message))

    def refuse_cell(self, problem: CellProblem) -> None:
        """Only cells that are read matter: a formula in a column nobody asked for does no harm."""
        if problem.column in self.places.values():
            self.unreliable.add((problem.row, problem.column))
            heading = self.headings[problem.column] if problem.column < len(self.headings) else problem.letters
            self.refuse(problem.row, heading, "", problem.message)

    def read(self, row: Row) -> None:
        texts = {name: row.cell(at).strip() for name, at in self.places.items()}
        if not any(texts.values()) or self._is_total(row, texts):
            return
        before = len(self.problems)
        day = self._day(row, texts["posted_on"])
        amount = self._amount(row, texts["amount"])
        if not texts["reference"]:
            self._say(row, "reference", texts, "Enter the finance system's reference: it is what a line is found by.")
        for name, longest in LONGEST.items():
            if len(texts.get(name, "")) > longest:
                self._say(row, name, texts, f"Shorten this to {longest} characters.")
        if day and amount is not None and len(self.problems) == before and not self._doubted(row):
            self.lines.append(
                Line(
                    row.number,
                    day,
                    texts["reference"],
                    texts.get("supplier_reference", ""),
                    texts.get("description", ""),
                    amount,
                )
            )

    def _doubted(self, row: Row) -> bool:
        return any((row.number, at) in self.unreliable for at in self.places.values())

    def _say(self, row: Row, name: str, texts: Mapping[str, str], message: str) -> None:
        self.refuse(row.number, self.headings[self.places[name]], texts.get(name, ""), message)

    def _is_total(self, row: Row, texts: Mapping[str, str]) -> bool:
        """A row of the file's own total is no line; it must say what the lines above it come to."""
        if texts["posted_on"] or not any(_TOTAL.fullmatch(cell.strip()) for cell in row.cells):
            return False
        said = self._amount(row, texts["amount"])
        summed = sum(line.amount_pence for line in self.lines)
        if said is not None and said != summed and not self.problems:
            self._say(
                row, "amount", texts, f"The file gives {Money(said)} as its total; the lines above it come to "
                f"{Money(summed)}. A line is missing, or the total is old.",
            )  # fmt: skip
        return True

    def _day(self, row: Row, text: str) -> datetime.date | None:
        try:
            day = read_date(text)
        except DateProblem as problem:
            self._say(row, "posted_on", {"posted_on": text}, str(problem))
            return None
        if not self.year.contains(day):
            message = f"This day is not in {self.year}. Choose the year the file is of, or take the line out."
            self._say(row, "posted_on", {"posted_on": text}, message)
            return None
        return day

    def _amount(self, row: Row, text: str) -> int | None:
        if (row.number, self.places["amount"]) in self.unreliable:
            return None
        try:
            return read_amount(text)
        except NumberProblem as problem:
            self._say(row, "amount", {"amount": text}, str(problem))
            return None


def first_problems(problems: Iterable[LineProblem], most: int) -> list[LineProblem]:
    """In the order of rows, so that a person can go down the file."""
    return sorted(problems, key=lambda each: each.row)[:most]
