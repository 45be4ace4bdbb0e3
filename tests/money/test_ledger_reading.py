"""A ledger file is read whole or not at all; what can be read in two ways is refused with its row and column."""

from __future__ import annotations

import datetime
import io
import time

import pytest
import xlsxwriter

from grants.imports.ledger_matching import Ours, match
from grants.imports.ledger_reading import LedgerRows, Line, read_amount, read_rows
from vru.lib.numbers import NumberProblem
from vru.lib.periods import FinancialYear
from vru.lib.tables import read_table

YEAR = FinancialYear(2020)
HEAD = "Posting date,Document number,Vendor,Narrative,Amount GBP\n"
DAY = datetime.date(2020, 7, 31)


def rows_of(text: str, columns: dict[str, str] | None = None) -> LedgerRows:
    return read_rows(read_table(text.encode(), "ledger.csv").first, YEAR, columns)


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("1234.5", 123_450),
        ("£1,234.50", 123_450),
        (" 1,234.50 ", 123_450),
        ("-123.45", -12_345),
        ("\N{MINUS SIGN}123.45", -12_345),
        ("(123.45)", -12_345),
        ("(£1,123.45)", -112_345),
        ("123.45-", -12_345),
        ("0", 0),
        ("0.1", 10),
    ],
)
def test_amount_is_read_as_ledgers_write_it(text: str, pence: int) -> None:
    assert read_amount(text) == pence


@pytest.mark.parametrize(
    "text",
    ["1.234,50", "1,23", "1.234", "12.345", "", "n/a", "$5", "5%", "=A1", "1e5", "£1.2m", "c.500", "((5))", "-(5)"],
)
def test_amount_that_could_mean_two_things_is_refused(text: str) -> None:
    with pytest.raises(NumberProblem):
        read_amount(text)


def test_lines_are_read_with_their_rows_and_guessed_columns() -> None:
    found = rows_of(HEAD + '31/07/2020,GL-1,S-1,"Grant, first",£25.00\n\n1 August 2020,GL-2,,Credit,(5.00)\n')
    assert found.problems == ()
    assert found.lines == (
        Line(2, DAY, "GL-1", "S-1", "Grant, first", 2_500),
        Line(4, datetime.date(2020, 8, 1), "GL-2", "", "Credit", -500),
    )
    assert found.total_pence == 2_000


@pytest.mark.parametrize(
    ("line", "column", "sentence"),
    [
        ("44043,GL-1,,,5.00", "Posting date", "day number"),
        ("31/07/20,GL-1,,,5.00", "Posting date", "four figures"),
        ("07/31/2020,GL-1,,,5.00", "Posting date", "does not exist"),
        ("31/07/2021,GL-1,,,5.00", "Posting date", "is not in 2020-21"),
        (",GL-1,,,5.00", "Posting date", "Enter a date"),
        ("31/07/2020,,,,5.00", "Document number", "reference"),
        ("31/07/2020,GL-1,,,", "Amount GBP", "Enter a number"),
        ('31/07/2020,GL-1,,,"1.234,50"', "Amount GBP", "commas and points"),
        (f"31/07/2020,{'G' * 101},,,5.00", "Document number", "Shorten"),
    ],
)
def test_cell_that_cannot_be_read_is_named_by_row_and_column(line: str, column: str, sentence: str) -> None:
    found = rows_of(HEAD + "31/07/2020,GL-0,,,1.00\n" + line + "\n")
    assert [(problem.row, problem.column) for problem in found.problems] == [(3, column)]
    assert sentence in found.problems[0].message


def test_total_row_is_no_line_and_must_tie() -> None:
    lines = "31/07/2020,GL-1,,,5.00\n31/07/2020,GL-2,,,2.50\n"
    assert rows_of(f"{HEAD}{lines},Total,,,7.50\n").total_pence == 750
    wrong = rows_of(f"{HEAD}{lines},Grand total,,,8.50\n")
    assert "come to £7.50" in wrong.problems[0].message


def test_column_that_nobody_found_is_asked_for() -> None:
    found = rows_of("When,What,How much\n31/07/2020,GL-1,5.00\n")
    assert found.missing == ["Day of posting", "Reference", "Amount"]
    chosen = {"posted_on": "When", "reference": "What", "amount": "How much"}
    assert rows_of("When,What,How much\n31/07/2020,GL-1,5.00\n", chosen).lines[0].amount_pence == 500


def test_headings_alone_are_no_ledger() -> None:
    assert "no line below" in rows_of(HEAD).problems[0].message


def workbook(*, formula: bool = False) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, ["Posting date", "Document number", "Vendor", "Narrative", "Amount GBP"])
    sheet.write_datetime(1, 0, datetime.datetime(2020, 7, 31), day)
    sheet.write_row(1, 1, ["GL-1", "S-1", "First"])
    if formula:
        sheet.write_formula(1, 4, "=2+3", value=5)
    else:
        sheet.write_number(1, 4, 1234.5, book.add_format({"num_format": "£#,##0.00;(£#,##0.00)"}))
    book.close()
    return target.getvalue()


def test_dates_and_amounts_of_a_workbook_are_read_as_they_are_meant() -> None:
    found = read_rows(read_table(workbook(), "ledger.xlsx").first, YEAR)
    assert found.lines == (Line(2, DAY, "GL-1", "S-1", "First", 123_450),)


def test_formula_in_a_column_that_is_read_is_refused() -> None:
    found = read_rows(read_table(workbook(formula=True), "ledger.xlsx").first, YEAR)
    assert found.lines == ()
    assert [(problem.row, problem.column) for problem in found.problems] == [(2, "Amount GBP")]
    assert "formula" in found.problems[0].message


def line(reference: str = "X", supplier: str = "", pence: int = 500, day: datetime.date = DAY, row: int = 2) -> Line:
    return Line(row, day, reference, supplier, "", pence)


def ours(pk: int, *references: str, supplier: str = "", pence: int = 500, day: datetime.date = DAY) -> Ours:
    return Ours(pk, day, pence, frozenset(references), supplier)


def matched(lines: list[Line], payments: list[Ours]) -> list[tuple[str, int | None]]:
    return [(each.outcome.value, each.payment.pk if each.payment else None) for each in match(lines, payments)]


def test_reference_comes_first_whatever_its_capitals() -> None:
    lines = [line("gl 1", "s-1"), line("other", "s-1")]
    payments = [ours(1, supplier="s-1"), ours(2, "gl1", supplier="s-1")]
    assert matched(lines, payments) == [("matched", 2), ("matched", 1)]


def test_same_reference_with_another_amount_is_a_difference() -> None:
    found = match([line("GL-1", pence=450)], [ours(1, "gl-1")])[0]
    assert (found.outcome.value, found.difference_pence) == ("different", -50)


def test_credit_note_never_takes_the_place_of_its_payment() -> None:
    payments = [ours(1, "gl-1"), ours(2, "gl-1", pence=-100)]
    assert matched([line("GL-1", pence=-100), line("GL-1")], payments) == [("matched", 2), ("matched", 1)]
    assert matched([line("GL-1", pence=-90)], [ours(1, "gl-1")]) == [("unmatched", None)]


def test_supplier_and_amount_are_matched_by_the_nearer_day_first() -> None:
    early, late = DAY - datetime.timedelta(days=90), DAY
    payments = [ours(1, supplier="s", day=early), ours(2, supplier="s", day=late)]
    assert matched([line("A", "S", day=late)], payments) == [("matched", 2)]
    # Without one near it, the day does not matter.
    assert matched([line("A", "S", day=late)], payments[:1]) == [("matched", 1)]


def test_supplier_with_another_amount_is_not_guessed_at() -> None:
    assert matched([line("A", "S", pence=501)], [ours(1, supplier="s")]) == [("unmatched", None)]


def test_payment_is_never_matched_to_two_lines() -> None:
    lines = [line("GL-1", "S", row=2), line("GL-1", "S", row=3), line("B", "S", row=4)]
    assert matched(lines, [ours(1, "gl-1", supplier="s")]) == [("matched", 1), ("unmatched", None), ("unmatched", None)]


def test_five_thousand_lines_are_read_and_matched_within_five_seconds() -> None:
    text = HEAD + "".join(f"31/07/2020,GL-{n},S-{n % 7},Grant {n},{n % 5}.50\n" for n in range(5_000))
    payments = [
        ours(n, f"gl-{n}" if n % 2 else "other", supplier=f"s-{n % 7}", pence=(n % 5) * 100 + 50) for n in range(5_000)
    ]
    started = time.process_time()
    found = rows_of(text)
    matches = match(found.lines, payments)
    assert time.process_time() - started < 5
    assert len(matches) == 5_000
    assert all(each.outcome.value == "matched" for each in matches)
