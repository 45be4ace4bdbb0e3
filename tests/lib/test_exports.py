"""Rows on their way out: CSV and Excel hold the same, nothing becomes a formula, and memory does not grow."""

from __future__ import annotations

import csv
import datetime
import io
import tracemalloc
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from vru.lib.exports import CSV_TYPE, XLSX_TYPE, Export, csv_lines, export_response, file_name, write_workbook
from vru.lib.sheets import SheetColumn

NOON = datetime.datetime(2021, 3, 31, 12, tzinfo=datetime.UTC)
COLUMNS = (
    SheetColumn("Title"),
    SheetColumn("Awarded", "money"),
    SheetColumn("Grants", "count"),
    SheetColumn("Ends", "date"),
)
ROW = ("Bright Futures £", Decimal("1234.50"), 3, datetime.date(2021, 3, 31))


def of(*rows: Any) -> Export:
    return Export("Grants list", "Grants", COLUMNS, lambda: rows, notes=("Filtered by: theme.",))


def as_csv(export: Export) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(csv_lines(export)).decode("utf-8-sig"))))


def as_sheets(export: Export, **options: Any) -> dict[str, list[list[Any]]]:
    target = io.BytesIO()
    write_workbook(export, target, author="A unit", timestamp=NOON, **options)
    book = CalamineWorkbook.from_filelike(io.BytesIO(target.getvalue()))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_csv_has_bare_numbers_and_iso_days() -> None:
    assert as_csv(of(ROW)) == [
        ["Title", "Awarded", "Grants", "Ends"],
        ["Bright Futures £", "1234.50", "3", "2021-03-31"],
    ]


def test_csv_begins_with_the_mark_that_excel_needs_to_read_a_pound_sign() -> None:
    assert b"".join(csv_lines(of(ROW))).startswith(b"\xef\xbb\xbfTitle,")


def test_workbook_has_title_notes_headings_and_typed_cells() -> None:
    rows = as_sheets(of(ROW))["Grants"]
    assert [row[0] for row in rows[:3]] == ["Grants", "Filtered by: theme.", "Title"]
    assert rows[3] == ["Bright Futures £", 1234.5, 3, datetime.date(2021, 3, 31)]


def test_empty_list_still_has_its_headings() -> None:
    assert as_csv(of()) == [["Title", "Awarded", "Grants", "Ends"]]
    assert as_sheets(of())["Grants"][2] == ["Title", "Awarded", "Grants", "Ends"]


def test_full_sheet_is_followed_by_another() -> None:
    sheets = as_sheets(of(*[(f"Row {n}", None, n, None) for n in range(5)]), sheet_rows=2)
    assert list(sheets) == ["Grants", "Grants (2)", "Grants (3)"]
    assert [row[0] for name in sheets for row in sheets[name][3:]] == [f"Row {n}" for n in range(5)]


def test_sheet_that_is_just_full_is_the_last() -> None:
    assert list(as_sheets(of(*[("Row", None, n, None) for n in range(4)]), sheet_rows=4)) == ["Grants"]


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20))
def test_no_text_is_written_as_a_formula(text: str) -> None:
    for typed in (f"={text}", f"+{text}", f"-{text}", f"@{text}", f"＝{text}"):
        written = as_csv(of((typed, None, None, None)))[1][0]
        assert written == f"'{typed}"
    cells = as_sheets(of((f"={text}", None, None, None)))["Grants"]
    assert cells[3][0] == f"={text}"  # A text cell: a spreadsheet shows it and computes nothing.


def test_response_names_the_file_by_list_and_day_and_is_not_kept() -> None:
    response = export_response(of(ROW), "csv", author="A unit", timestamp=NOON)
    assert response.headers["Content-Type"] == CSV_TYPE
    assert response.headers["Content-Disposition"] == 'attachment; filename="grants-list-2021-03-31.csv"'
    assert response.headers["Cache-Control"] == "private, no-store"
    assert export_response(of(ROW), "xlsx", author="A unit", timestamp=NOON).headers["Content-Type"] == XLSX_TYPE


def test_rows_that_cannot_be_read_fail_before_anything_is_sent() -> None:
    def broken() -> Iterator[Any]:
        raise RuntimeError("No database.")
        yield ROW

    for file_format in ("csv", "xlsx"):
        with pytest.raises(RuntimeError):
            export_response(Export("x", "X", COLUMNS, broken), file_format, author="A unit", timestamp=NOON)


def test_csv_memory_does_not_grow_with_the_rows() -> None:
    def peak(rows: int) -> int:
        export = Export("x", "X", COLUMNS, lambda: (ROW for _ in range(rows)))
        tracemalloc.start()
        for _ in csv_lines(export):
            pass
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    peak(1_000)
    assert peak(40_000) < peak(1_000) + 64 * 1024


def test_workbook_memory_does_not_grow_with_the_rows(tmp_path: Any) -> None:
    def peak(rows: int) -> int:
        export = Export("x", "X", COLUMNS, lambda: (ROW for _ in range(rows)))
        with (tmp_path / f"{rows}.xlsx").open("wb") as target:
            tracemalloc.start()
            write_workbook(export, target, author="A unit", timestamp=NOON)
            size = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return size

    peak(100)
    assert peak(10_000) < peak(1_000) + 512 * 1024


def test_file_names_keep_letters_figures_and_hyphens() -> None:
    assert file_name("Grants & contracts: 2020/21") == "grants-contracts-2020-21"
    assert file_name("…") == "export"
