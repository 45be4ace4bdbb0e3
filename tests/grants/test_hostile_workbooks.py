"""Files that are not the return's workbook, or no longer: each is read correctly or refused with a sentence."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from grants.workbook.reading import Workbook, read_file
from grants.workbook.refusals import CELL_PROBLEMS, REFUSALS, FileRefused
from grants.workbook.shape import Limits
from grants.workbook.understand import CHANGED_SINCE, Understood, understand
from tests.cast import World
from tests.grants.workbooks import blank, changed, complete, filled, parts_of, sheet_part, with_cell, zipped

pytestmark = pytest.mark.django_db
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
KINDS = (
    *("empty", "blank", "encrypted", "xls", "csv", "utf16", "pdf", "png", "html", "elf", "cut"),
    *("document", "xlsb", "macros", "broken-xml", "no-links"),
)


def code(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(FileRefused) as refusal:
        read_file(data, limits)
    assert refusal.value.code in REFUSALS
    assert len(str(refusal.value)) > 30
    return refusal.value.code


def understood(world: World, data: bytes) -> Understood:
    return understand(world.monitoring_return, read_file(data))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "F101"),
        (b"  \n", "F101"),
        (OLE + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 500, "F103"),
        (OLE + b"\0" * 500 + "Workbook".encode("utf-16-le") + b"\0" * 500, "F104"),
        (b"Question,Your answer\r\nNew people,12\r\n", "F107"),
        ("Frage;Antwort\r\n".encode("utf-16"), "F107"),
        (b"%PDF-1.7\n%\xe2\xe3", "F108"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "F108"),
        (b"<html><table></table></html>", "F108"),
        (b"\x7fELF\x02\0\0\0", "F109"),
        (b"PK\x03\x04 cut off", "F109"),
        (zipped({"word/document.xml": b"<w/>"}), "F108"),
        (zipped({"xl/workbook.bin": b"\x83\x01"}), "F105"),
        (zipped({"xl/workbook.xml": b"<workbook/>", "xl/vbaProject.bin": OLE}), "F106"),
        (zipped({"xl/workbook.xml": b"<workbook", "xl/_rels/workbook.xml.rels": b"<Relationships/>"}), "F109"),
        (zipped({"xl/workbook.xml": b"<workbook/>"}), "F109"),
    ],
    ids=KINDS,
)
def test_a_file_of_another_kind_is_refused_by_what_it_is(data: bytes, expected: str) -> None:
    assert code(data) == expected


def test_a_file_that_is_too_large_is_refused_unopened() -> None:
    assert code(b"PK" + b"\0" * 2000, replace(Limits(), file_bytes=1000)) == "F102"


def test_a_zip_bomb_is_refused_by_what_it_says_it_unpacks_to(world: World) -> None:
    bomb = zipped({**parts_of(blank(world)), "xl/media/zeros.bin": bytes(80 * 1024 * 1024)})
    assert len(bomb) < 200_000
    assert code(bomb) == "F110"


def test_a_zip_bomb_that_lies_about_its_size_is_refused(world: World) -> None:
    """The directory says a thousand bytes; the stream behind it holds a hundred million spaces."""
    parts = parts_of(blank(world))
    part = sheet_part(blank(world), "C")
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream = squeezer.compress(b" " * 100_000_000) + squeezer.flush()
    data = zipped({name: text for name, text in parts.items() if name != part})
    assert code(with_lying_entry(data, part, stream)) in {"F109", "F110", "F111"}


def with_lying_entry(data: bytes, name: str, stream: bytes, says: int = 1000) -> bytes:
    """The archive with one more entry, whose sizes in both directories are what ``says``."""
    end = data.rindex(b"PK\x05\x06")
    entries, _, start = struct.unpack("<HII", data[end + 10 : end + 20])
    raw = name.encode()
    fields = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, 0, len(stream), says, len(raw), 0)
    local = b"PK\x03\x04" + fields + raw + stream
    central = b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, start) + raw
    directory = data[start:end] + central
    tail = struct.pack("<HHHHIIH", 0, 0, entries + 1, entries + 1, len(directory), start + len(local), 0)
    return data[:start] + local + directory + b"PK\x05\x06" + tail


def test_thousands_of_entries_are_refused() -> None:
    assert code(zipped({f"xl/{number}.xml": b"" for number in range(400)} | {"xl/workbook.xml": b"<x/>"})) == "F110"


def test_an_archive_with_a_password_is_refused_as_such(world: World) -> None:
    data = bytearray(blank(world))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    assert code(bytes(data)) == "F103"


def test_entities_that_multiply_are_refused(world: World) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><workbook>&b;</workbook>'
    assert code(changed(blank(world), "xl/workbook.xml", lambda _: laughs)) == "F109"


def test_a_cell_at_the_far_corner_is_refused_by_its_place(world: World) -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    data = changed(blank(world), sheet_part(blank(world), "C"), lambda sheet: sheet.replace("</sheetData>", far))
    with pytest.raises(FileRefused, match=r"row 1048576, column XFD"):
        read_file(data)


def test_a_million_empty_rows_do_no_harm_and_a_million_full_ones_are_refused(world: World) -> None:
    part = sheet_part(blank(world), "C")
    empty = "".join(f'<row r="{row}"/>' for row in range(100, 1_000_000, 4)) + "</sheetData>"
    data = changed(filled(world, {"reach.new": "7"}), part, lambda sheet: sheet.replace("</sheetData>", empty))
    assert understood(world, data).texts["reach.new"] == "7"
    full = "".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in range(100, 200_000)) + "</sheetData>"
    data = changed(blank(world), part, lambda sheet: sheet.replace("</sheetData>", full))
    assert code(data) in {"F110", "F112"}


def test_one_long_text_shared_by_every_cell_is_refused(world: World) -> None:
    shared = f"<si><t>{'x' * 30_000}</t></si></sst>"
    data = changed(blank(world), "xl/sharedStrings.xml", lambda text: text.replace("</sst>", shared))
    count = len(re.findall("<si>", parts_of(data)["xl/sharedStrings.xml"].decode())) - 1
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    cells = "".join(
        "".join([f'<row r="{row}">', *(f'<c r="{at}{row}" t="s"><v>{count}</v></c>' for at in letters), "</row>"])
        for row in range(100, 2000)
    )
    part = sheet_part(data, "C")
    bomb = changed(data, part, lambda sheet: sheet.replace("</sheetData>", f"{cells}</sheetData>"))
    assert len(bomb) < 1_000_000
    assert code(bomb) == "F111"


def test_a_reader_that_takes_too_long_is_ended(world: World) -> None:
    assert code(blank(world), replace(Limits(), seconds=0.001)) == "F111"


def test_a_reader_that_needs_too_much_memory_is_ended(world: World) -> None:
    assert code(blank(world), replace(Limits(), memory_bytes=20 * 1024 * 1024)) == "F111"


def test_another_grants_workbook_is_refused_by_name(world: World) -> None:
    theirs = blank(replace(world, monitoring_return=world.other_return))
    with pytest.raises(FileRefused, match=f"is for grant {world.other_grant.ref}") as refusal:
        understood(world, theirs)
    assert refusal.value.code == "F114"


def about_changed(data: bytes, old: str, new: str) -> bytes:
    return changed(data, "xl/sharedStrings.xml", lambda text: text.replace(f"<t>{old}</t>", f"<t>{new}</t>"))


def test_another_quarters_workbook_is_refused_by_name(world: World) -> None:
    with pytest.raises(FileRefused, match=r"is for 2020-21Q1, and this return is for 2020-21Q2"):
        understood(world, about_changed(blank(world), "2020-21Q2", "2020-21Q1"))


def test_an_old_form_is_refused_with_the_way_out(world: World) -> None:
    book = read_file(blank(world))
    old = Workbook({**book.about, "template": "0"}, book.cells)
    with pytest.raises(FileRefused, match="Download a new one") as refusal:
        understand(world.monitoring_return, old)
    assert refusal.value.code == "F116"


def test_somebody_elses_workbook_is_refused(world: World) -> None:
    assert code(about_changed(blank(world), "vru-return-workbook", "budget")) == "F113"


def test_a_workbook_whose_keys_were_deleted_is_refused(world: World) -> None:
    assert code(changed(blank(world), "xl/sharedStrings.xml", lambda text: text.replace("<t>box:", "<t>"))) == "F117"


def test_a_workbook_whose_heading_was_overwritten_is_refused_by_sheet(world: World) -> None:
    assert code(about_changed(blank(world), "Your answer", "Ours")) == "F118"


def test_renamed_sheets_are_read_and_named_as_they_are_now(world: World) -> None:
    data = filled(world, {"reach.new": "ten"})
    renamed = changed(data, "xl/workbook.xml", lambda text: text.replace("C People reached", "Reach (final v2)"))
    assert understood(world, renamed).errors[0].sheet == "Reach (final v2)"


def test_a_formula_in_an_answer_is_refused_at_its_cell_and_leaves_what_is_saved(world: World) -> None:
    data = with_cell(filled(world, {"reach.new": "10"}), "C", "C4", "<f>SUM(A1:A9)</f><v>0</v>")
    found = understood(world, data)
    finding = next(each for each in found.errors if each.rule == "F201")
    assert (finding.sheet, finding.row, finding.column) == ("C People reached", 4, "C")
    assert "reach.new" not in found.texts


def test_a_formula_elsewhere_is_nobodys_business(world: World) -> None:
    data = with_cell(complete(world), "C", "E4", "<f>[1]Other!A1</f><v>3</v>")
    linked = zipped({**parts_of(data), "xl/externalLinks/externalLink1.xml": b"<externalLink/>"})
    assert understood(world, linked).errors == []


def test_an_error_of_the_spreadsheet_is_not_an_empty_answer(world: World) -> None:
    found = understood(world, with_cell(complete(world), "C", "C4", "<v>#REF!</v>", "e"))
    assert [each.rule for each in found.errors] == ["F202"]
    assert "reach.new" not in found.texts


def test_merged_cells_over_an_answer_are_refused_at_their_cell(world: World) -> None:
    merge = '</sheetData><mergeCells count="1"><mergeCell ref="C4:D5"/></mergeCells>'
    data = changed(complete(world), sheet_part(blank(world), "C"), lambda sheet: sheet.replace("</sheetData>", merge))
    finding = next(each for each in understood(world, data).errors if each.rule == "F203")
    assert (finding.row, finding.column) == (4, "C")


def rows_of(sheet: str) -> list[str]:
    return re.findall(r"<row .*?</row>", sheet)


def moved(row: str, number: int) -> str:
    return re.sub(r'r="([A-Z]*)\d+"', lambda match: f'r="{match[1]}{number}"', row)


def test_sorted_and_inserted_rows_are_followed_to_where_they_went(world: World) -> None:
    part = sheet_part(complete(world), "C")

    def turned(sheet: str) -> str:
        rows = rows_of(sheet)
        head, body = rows[:3], rows[3:]
        mixed = [*head, *(moved(row, 5 + place) for place, row in enumerate(reversed(body)))]
        return re.sub(r"<sheetData>.*</sheetData>", lambda _: f"<sheetData>{''.join(mixed)}</sheetData>", sheet)

    found = understood(world, changed(complete(world), part, turned))
    assert found.errors == []
    assert found.texts == understood(world, complete(world)).texts


def test_a_deleted_row_leaves_the_saved_answer_and_says_so(world: World) -> None:
    part = sheet_part(complete(world), "C")
    data = changed(complete(world), part, lambda sheet: sheet.replace(rows_of(sheet)[3], ""))
    found = understood(world, data)
    assert "reach.new" not in found.texts
    assert "F205" in [each.rule for each in found.warnings]


def test_a_row_that_stands_twice_with_two_answers_is_refused(world: World) -> None:
    def doubled(sheet: str) -> str:
        row = moved(rows_of(sheet)[3], 60)
        row = re.sub(r'(<c r="C60"[^>]*>)<v>\d+</v>', r"\1<v>99</v>", row)
        return sheet.replace("</sheetData>", f"{row}</sheetData>")

    data = changed(complete(world), sheet_part(complete(world), "C"), doubled)
    assert "F204" in [each.rule for each in understood(world, data).errors]


def test_a_question_that_is_no_longer_asked_is_left_out_with_a_note(world: World) -> None:
    data = about_changed(complete(world), "box:answer.what-went-well", "box:answer.gone")
    assert "F206" in [each.rule for each in understood(world, data).warnings]


def test_a_percentage_is_read_as_the_person_saw_it(world: World) -> None:
    styles = parts_of(blank(world))["xl/styles.xml"].decode()
    count = len(re.findall("<xf ", styles.partition("<cellXfs")[2].partition("</cellXfs>")[0]))
    data = changed(
        blank(world),
        "xl/styles.xml",
        lambda text: text.replace("</cellXfs>", '<xf numFmtId="9" fontId="0" fillId="0" borderId="0"/></cellXfs>'),
    )
    part = sheet_part(data, "C")
    cell = f'<c r="C4" s="{count}"><v>0.25</v></c>'
    data = changed(data, part, lambda sheet: re.sub(r'<c r="C4"[^>]*/>', cell, sheet))
    finding = understood(world, data).errors[0]
    assert (finding.value, finding.rule) == ("25%", "R100")


def test_a_damaged_archive_is_refused(world: World) -> None:
    data = bytearray(blank(world))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        entry = archive.getinfo(sheet_part(bytes(data), "C"))
    at = entry.header_offset + 30 + len(entry.filename) + 20
    data[at : at + 40] = b"\xff" * 40
    assert code(bytes(data)) == "F109"


def test_every_code_is_documented_with_its_sentence() -> None:
    documented = (Path(__file__).resolve().parents[2] / "docs" / "workbook.md").read_text(encoding="utf-8")
    for name, sentence in (REFUSALS | CELL_PROBLEMS).items():
        assert f"| {name} | {sentence} |" in documented
    assert f"| {CHANGED_SINCE} |" in documented
