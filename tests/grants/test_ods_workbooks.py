"""The workbook saved by LibreOffice as OpenDocument: read as the Excel file is, with the same refusals."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import escape

import pytest
import python_calamine

from grants.workbook.reading import read_file
from grants.workbook.refusals import FileRefused
from grants.workbook.understand import Understood, understand
from tests.cast import World
from tests.grants.workbooks import blank, complete, zipped

pytestmark = pytest.mark.django_db
MIME = "application/vnd.oasis.opendocument.spreadsheet"
NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)


def cell(value: object) -> str:
    if value == "":
        return "<table:table-cell/>"
    if isinstance(value, float):
        return f'<table:table-cell office:value-type="float" office:value="{value:g}"/>'
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in str(value).split("\n"))
    return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'


def as_ods(data: bytes, change: Callable[[str], str] = lambda content: content, manifest: str = "") -> bytes:
    """The same cells as an OpenDocument file, with the million empty rows that LibreOffice ends a sheet with."""
    tables = []
    with_book = python_calamine.load_workbook(io.BytesIO(data))
    for name in with_book.sheet_names:
        rows = with_book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
        rest = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated='
        tables.append(f'<table:table table:name="{name}">{lines}{rest}"16384"/></table:table-row></table:table>')
    body = f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>"
    content = change(f"<office:document-content {NAMES}>{body}</office:document-content>")
    listed = f'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{manifest}'
    return zipped(
        {
            "mimetype": MIME.encode(),
            "content.xml": content.encode(),
            "META-INF/manifest.xml": f"{listed}</manifest:manifest>".encode(),
        }
    )


def understood(world: World, data: bytes) -> Understood:
    return understand(world.monitoring_return, read_file(data))


def answer_of_new_people(content: str, put: str) -> str:
    """The content with the cell of the number of new people replaced."""
    pattern = (
        r"(box:reach\.new</text:p></table:table-cell><table:table-cell .*?</table:table-cell>)<table:table-cell.*?/>"
    )
    changed, count = re.subn(pattern, lambda match: match[1] + put, content, count=1)
    assert count == 1
    return changed


def test_it_is_read_as_the_excel_file_is(world: World) -> None:
    found = understood(world, as_ods(complete(world)))
    assert found.texts == understood(world, complete(world)).texts
    assert found.errors == []


def test_a_formula_in_an_answer_is_refused_at_its_cell(world: World) -> None:
    put = '<table:table-cell table:formula="of:=[.A1]" office:value-type="float" office:value="3"/>'
    data = as_ods(complete(world), lambda content: answer_of_new_people(content, put))
    finding = understood(world, data).errors[0]
    assert (finding.rule, finding.row, finding.column) == ("F201", 4, "C")


def test_a_percentage_is_read_as_the_person_saw_it(world: World) -> None:
    put = '<table:table-cell office:value-type="percentage" office:value="0.25"/>'
    data = as_ods(complete(world), lambda content: answer_of_new_people(content, put))
    assert understood(world, data).texts["reach.new"] == "25%"


def test_merged_answers_are_refused_at_their_cell(world: World) -> None:
    put = '<table:table-cell table:number-columns-spanned="2" office:value-type="float" office:value="3"/>'
    data = as_ods(complete(world), lambda content: answer_of_new_people(content, put))
    assert understood(world, data).errors[0].rule == "F203"


def test_a_full_row_repeated_a_million_times_is_refused(world: World) -> None:
    put = '<table:table-cell table:number-columns-repeated="1048576" office:value-type="float" office:value="3"/>'
    with pytest.raises(FileRefused) as refusal:
        read_file(as_ods(complete(world), lambda content: answer_of_new_people(content, put)))
    assert refusal.value.code == "F112"


def test_a_password_is_named(world: World) -> None:
    locked = '<manifest:file-entry><manifest:encryption-data manifest:checksum="x"/></manifest:file-entry>'
    with pytest.raises(FileRefused) as refusal:
        read_file(as_ods(blank(world), manifest=locked))
    assert refusal.value.code == "F103"
