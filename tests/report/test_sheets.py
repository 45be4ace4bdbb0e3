"""Workbooks, CSV and ZIP: safe to open, and the same bytes for the same rows."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vru.lib.sheets import Sheet, SheetColumn, csv_bytes, harmless, workbook_bytes, zip_bytes

MOMENT = datetime(2021, 3, 31, tzinfo=UTC)
FORMULA = '=HYPERLINK("http://example.org")'


def sheet(name: str = "Money", rows=((FORMULA, Decimal("12.50")), ("a", "[c]"), ("b", None))) -> Sheet:
    return Sheet(name, "Title", (SheetColumn("What"), SheetColumn("Pounds", "money")), rows, ("A note.",))


def book(*sheets: Sheet) -> bytes:
    return workbook_bytes(sheets or (sheet(),), title="Data", author="Unit", timestamp=MOMENT)


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def test_the_same_rows_make_the_same_workbook():
    assert book() == book()


def test_a_text_that_looks_like_a_formula_is_stored_as_text():
    assert "<f>" not in part(book(), "xl/worksheets/sheet1.xml")
    strings = ElementTree.fromstring(part(book(), "xl/sharedStrings.xml"))
    assert FORMULA in "".join(strings.itertext())


def test_numbers_are_numbers_in_the_workbook():
    assert "<v>12.50</v>" in part(book(), "xl/worksheets/sheet1.xml")


def test_sheet_names_are_shortened_cleaned_and_unique():
    names = part(book(sheet("A/B: " + "x" * 40), sheet("A/B: " + "x" * 40)), "xl/workbook.xml")
    assert names.count("A B  xxxx") == 2
    assert "(2)" in names


def test_a_workbook_without_sheets_or_zone_is_refused():
    with pytest.raises(ValueError, match="at least one sheet"):
        workbook_bytes([], title="", author="", timestamp=MOMENT)
    with pytest.raises(ValueError, match="time zone"):
        workbook_bytes([sheet()], title="", author="", timestamp=datetime(2021, 3, 31))


@given(st.text())
def test_no_text_of_a_csv_begins_like_a_formula(text):
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_negative_numbers_stay_numbers_in_a_csv():
    rows = list(csv.reader(io.StringIO(csv_bytes(["n"], [[Decimal("-1E+3")], [None], ["-x"]]).decode(), newline="")))
    assert rows == [["n"], ["-1000"], [""], ["'-x"]]


def test_a_zip_is_dated_by_its_facts_and_sorted():
    content = zip_bytes({"b.csv": b"2", "a.csv": b"1"}, timestamp=MOMENT)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["a.csv", "b.csv"]
        assert {entry.date_time for entry in archive.infolist()} == {(2021, 3, 31, 0, 0, 0)}
    assert content == zip_bytes({"a.csv": b"1", "b.csv": b"2"}, timestamp=MOMENT)
