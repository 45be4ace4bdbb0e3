"""Tables as people have them: read as they see them, or refused with a sentence."""

from __future__ import annotations

import datetime
import io
from dataclasses import replace

import pytest
import xlsxwriter

from tests.grants.workbooks import changed, parts_of, zipped
from vru.lib.tables import ReadingLimits, TableRefused, headings_hash, match_columns, read_table
from vru.lib.tables.refusals import CELL_PROBLEMS, REFUSALS


def cells(data: bytes, name: str = "f.csv") -> list[tuple[str, ...]]:
    return [row.cells for row in read_table(data, name).first.rows]


def reason(data: bytes, limits: ReadingLimits | None = None) -> str:
    with pytest.raises(TableRefused) as refusal:
        read_table(data, "file", limits)
    assert refusal.value.reason in REFUSALS
    assert len(str(refusal.value)) > 20
    return refusal.value.reason


def workbook(*rows: list[object], shown: dict[tuple[int, int], str] | None = None) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("Grants")
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            style = book.add_format({"num_format": shown[at, column]}) if shown and (at, column) in shown else None
            if isinstance(value, datetime.datetime):
                sheet.write_datetime(at, column, value, style)
            else:
                sheet.write(at, column, value, style)
    book.close()
    return target.getvalue()


def ods(rows: str) -> bytes:
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="Grants">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    mime = b"application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": mime, "content.xml": content.encode(), "META-INF/manifest.xml": b"<manifest/>"})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_letters_and_separator_are_found_out(encoding: str, separator: str) -> None:
    text = f"Name{separator}Award\r\nCafé{separator}£1\r\n"
    assert cells(text.encode(encoding)) == [("Name", "Award"), ("Café", "£1")]


def test_a_line_end_inside_quotation_marks_does_not_begin_a_row() -> None:
    table = read_table(b'a,b\n"one\ntwo",3\n\n4,5\n', "f.csv")
    assert [(row.number, row.cells) for row in table.first.rows] == [
        (1, ("a", "b")),
        (2, ("one\ntwo", "3")),
        (4, ("4", "5")),
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b",,\n,,\n", "no_rows"),
        (b"a,b\n1,\x00\n", "control"),
        (b"a,b\n1,\x07\n", "control"),
        (b"a,b\n1,\x81\x8d\n", "encoding"),
        (b'a,b\n"never closed\n', "quotes"),
        (b"%PDF-1.7", "other_kind"),
        (b"<html></html>", "other_kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "old_excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "locked"),
        (b"PK\x03\x04 cut off", "damaged"),
        (zipped({"word/document.xml": b"<w/>"}), "other_kind"),
        (zipped({"xl/workbook.xml": b"<x/>", "xl/vbaProject.bin": b"x"}), "macros"),
        (b"a,b\n" + b"x" * 40_000 + b",1\n", "long_cell"),
        (b"," * 300 + b"x\n", "outside"),
    ],
)
def test_what_is_no_table_is_refused_by_what_it_is(data: bytes, expected: str) -> None:
    assert reason(data) == expected


def test_limits_of_rows_and_size_hold_for_text_and_workbooks() -> None:
    small = replace(ReadingLimits(), last_row=10)
    assert reason(b"a\n" + b"1\n" * 20, small) == "outside"
    assert reason(workbook(*[["x"]] * 20), small) == "outside"
    assert reason(b"a,b\n" * 1000, replace(ReadingLimits(), file_bytes=100)) == "too_large"


def test_a_million_rows_of_text_are_refused() -> None:
    assert reason(b"1\n" * 1_000_000) == "outside"


def test_a_zip_bomb_is_refused_unopened() -> None:
    bomb = zipped({**parts_of(workbook(["a"])), "xl/media/zeros.bin": bytes(160 * 1024 * 1024)})
    assert len(bomb) < 300_000
    assert reason(bomb) == "unpacks"


def test_a_reader_that_takes_too_long_or_too_much_is_ended() -> None:
    assert reason(workbook(["a"]), replace(ReadingLimits(), seconds=0.001)) == "too_costly"
    assert reason(workbook(["a"]), replace(ReadingLimits(), memory_bytes=20 * 1024 * 1024)) == "too_costly"


def test_numbers_and_days_of_a_workbook_are_the_text_a_person_sees() -> None:
    data = workbook(
        [1234567.0, 100000, 123456, "0012", 0.1 + 0.2, 0.25, datetime.datetime(2021, 1, 15), 12345678901234],
        shown={(0, 2): "00000000", (0, 5): "0%", (0, 6): "dd/mm/yyyy"},
    )
    assert cells(data) == [
        ("1234567", "100000", "00123456", "0012", "0.3", "25%", "2021-01-15", "12345678901234"),
    ]


def test_formulas_errors_and_merged_rows_are_named_at_their_cell() -> None:
    data = workbook(["a", "=1+1"], ["b", 2])
    merged = '</sheetData><mergeCells count="1"><mergeCell ref="A1:A2"/></mergeCells>'
    data = changed(data, "xl/worksheets/sheet1.xml", lambda sheet: sheet.replace("</sheetData>", merged))
    problems = read_table(data, "f.xlsx").first.problems
    assert [(each.row, each.letters, each.code) for each in problems] == [(1, "A", "merged"), (1, "B", "formula")]
    assert all(each.message == CELL_PROBLEMS[each.code] for each in problems)


def test_an_opendocument_sheet_is_read_like_the_others() -> None:
    row = (
        "<table:table-row>"
        '<table:table-cell office:value-type="string"><text:p>G-1</text:p></table:table-cell>'
        '<table:table-cell office:value-type="float" office:value="1234.5"><text:p>1,234.50</text:p></table:table-cell>'
        '<table:table-cell office:value-type="date" office:date-value="2021-01-15"><text:p>15/01/21</text:p>'
        "</table:table-cell></table:table-row>"
    )
    assert cells(ods(row), "f.ods") == [("G-1", "1234.5", "2021-01-15")]


def test_headings_are_found_under_titles_and_notes() -> None:
    sheet = read_table(b"Our register\nMade in May,,\n\nGrant Ref.,Award (\xc2\xa3),Start\nG1,2,3\n", "f.csv").first
    headings, rows = sheet.split_at_headings(["Grant reference", "Award"])
    assert (headings.number, [row.number for row in rows]) == (4, [5])


def test_columns_are_matched_however_the_heading_is_written() -> None:
    fields = {"ref": ["Grant reference"], "number": ["Charity number"], "award": ["Award", "Amount"], "end": ["End"]}
    found = match_columns(["GRANT_REF", "Charity No.", "Amount (£)", "Something"], fields)
    assert found == {"ref": 0, "number": 1, "award": 2}


def test_a_column_serves_one_field() -> None:
    assert match_columns(["Name"], {"first": ["Name"], "second": ["Name"]}) == {"first": 0}


def test_the_hash_of_headings_tells_their_order_and_words() -> None:
    assert headings_hash(["a ", "b"]) == headings_hash(["a", "b"])
    assert headings_hash(["a", "b"]) != headings_hash(["b", "a"])
