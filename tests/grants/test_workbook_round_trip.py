"""A return written as a workbook and read again says the same; what is typed in between comes back as typed."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grants.models import Section
from grants.questionnaire import Box, BoxKind, boxes_for
from grants.workbook.cells import settle, written_text
from grants.workbook.contents import Contents
from grants.workbook.reader import Found, read
from grants.workbook.reading import gather, read_file
from grants.workbook.shape import Limits
from grants.workbook.template import workbook_of
from grants.workbook.understand import understand
from tests.cast import World, complete_answers
from tests.grants.workbooks import blank, complete, filled, parts_of, save, sheet_part, with_cell
from vru.lib.numbers import NumberProblem, read_number
from vru.lib.periods import LONDON
from vru.lib.tables.cells import number_text

BOXES = [
    Box("reach.new", Section.REACH, "New people", BoxKind.PEOPLE),
    Box("spend.labour.actual", Section.SPEND, "Spent", BoxKind.MONEY, "Staff"),
    Box("indicator.score.numerator", Section.INDICATORS, "Change", BoxKind.DECIMAL),
    Box("answer.rag", Section.DELIVERY, "How is it going?", BoxKind.CHOICE, choices=(("green", "Green: on track"),)),
    Box("answer.name", Section.CONTACTS, "Who?", BoxKind.TEXT),
    Box("answer.well", Section.NARRATIVE, "What went well?", BoxKind.LONG),
]
NUMBERS = (
    "1,169 £8.8m c.80,000 <5 N/A -0 1e6 25% 0.25 2020/21 0.10 12.0 44197 999999999999999 1234567890123456789 ٣٤ １２"
)
WORDS = [
    *("=1+1", "-", "@SUM(A1)", "green", "TRUE", "_x0041_", "<b>&amp;</b>", "a\r\nb"),
    *("\x0b", "\ufffe", "\u202eleft", "\U0001f31f\U0001f31f"),
]
PHRASES = ["+44 20", "1 169", "£ 1,234.50", "Green: on track", "\t", " two  spaces "]
typed_texts = st.text(max_size=80) | st.sampled_from([*NUMBERS.split(" "), *WORDS, *PHRASES])


def written(boxes: list[Box], typed: dict[str, str]) -> bytes:
    return workbook_of(
        Contents(
            unit="Unit",
            grant_ref="GR-1",
            grant_title="A grant",
            organisation="A charity",
            quarter="2020-21 Q2",
            quarter_key="2020-21Q2",
            due_on=datetime.date(2020, 10, 15),
            manager="",
            is_illustrative=True,
            questionnaire=1,
            made_at=datetime.datetime(2020, 10, 1, 9, tzinfo=LONDON),
            boxes=boxes,
            typed=typed,
        )
    )


def read_back(boxes: list[Box], data: bytes, saved: dict[str, str]) -> dict[str, str]:
    cells = read(data, Limits())["cells"]
    found = gather([Found(**cell) for cell in cells], {box.name for box in boxes})
    assert found.unsure == {}
    return settle(boxes, found.texts, saved)


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(st.fixed_dictionaries({box.name: typed_texts for box in BOXES}))
def test_whatever_is_saved_comes_back_as_it_was_typed(typed: dict[str, str]) -> None:
    saved = {name: text for name, text in typed.items() if text.strip()}
    assert read_back(BOXES, written(BOXES, saved), saved) == {box.name: saved.get(box.name, "") for box in BOXES}


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(typed_texts.filter(str.strip))
def test_a_number_that_was_never_saved_keeps_its_value_and_a_text_its_words(typed: str) -> None:
    found = read_back(BOXES, written(BOXES, {box.name: typed for box in BOXES}), {})
    for box in BOXES:
        assert reading_of(box, found[box.name]) == reading_of(box, typed)


def reading_of(box: Box, text: str) -> object:
    """What the validator makes of a text: a number, or the words."""
    if box.choices and text.strip() in {"green", "Green: on track"}:
        return "green"
    if box.kind.number is not None:
        try:
            return read_number(text.strip(), kind=box.kind.number, allow_negative=True).value
        except NumberProblem:
            return written_text(text).strip()
    return written_text(text).strip()


@pytest.mark.parametrize(
    ("value", "percent", "typed"),
    [
        (1169.0, False, "1169"),
        (1234.5, False, "1234.5"),
        (0.1 + 0.2, False, "0.3"),
        (-0.0, False, "0"),
        (1e22, False, "10000000000000000000000"),
        (1e-7, False, "0.0000001"),
        (44197.0, False, "44197"),
        (0.25, True, "25%"),
        (0.125, True, "12.5%"),
        (1.0, True, "100%"),
    ],
)
def test_a_cell_number_reads_as_a_person_types_it(value: float, percent: bool, typed: str) -> None:
    assert number_text(value, percent=percent) == typed


def test_a_narrative_longer_than_a_cell_goes_on_below_and_comes_back_whole() -> None:
    long = "".join(f"Line {number}, said with care \U0001f31f.\n" for number in range(4_000))
    assert len(long) > 100_000
    saved = {"answer.well": long}
    data = written(BOXES, saved)
    assert read_back(BOXES, data, saved)["answer.well"] == long
    assert read_back(BOXES, data, {})["answer.well"].strip() == long.strip()


def test_a_text_that_begins_like_a_formula_is_written_as_a_text() -> None:
    data = written(BOXES, {"answer.name": "=1+1", "answer.well": '=HYPERLINK("http://example.com")'})
    found = read_back(BOXES, data, {})
    assert found["answer.name"] == "=1+1"
    assert found["answer.well"] == '=HYPERLINK("http://example.com")'


@pytest.mark.django_db
def test_the_workbook_just_downloaded_would_change_nothing(world: World) -> None:
    for section, texts in complete_answers(world).items():
        save(world.monitoring_return, section, texts, world.cast.grantee)
    understood = understand(world.monitoring_return, read_file(blank(world)))
    assert understood.texts == {
        box.name: complete_answers(world).get(box.section.value, {}).get(box.name, "")
        for box in boxes_for(world.monitoring_return)
    }
    assert understood.errors == []


@pytest.mark.django_db
def test_a_workbook_filled_in_completely_has_no_errors(world: World) -> None:
    assert understand(world.monitoring_return, read_file(complete(world))).errors == []


@pytest.mark.django_db
def test_a_tick_in_a_number_cell_is_told_in_the_word_it_shows(world: World) -> None:
    data = with_cell(filled(world, {"reach.new": "1"}), "C", "C4", "<v>1</v>", "b")
    finding = understand(world.monitoring_return, read_file(data)).errors[0]
    assert (finding.sheet, finding.row, finding.column, finding.value) == ("C People reached", 4, "C", "TRUE")


@pytest.mark.django_db
def test_every_error_names_sheet_row_column_what_was_found_and_what_is_wanted(world: World) -> None:
    data = filled(world, {"reach.new": "10", "age.10-14": "4", "age.15-17": "5", "spend.labour.actual": "lots"})
    found = {finding.box: finding for finding in understand(world.monitoring_return, read_file(data)).errors}
    money = found["spend.labour.actual"]
    assert (money.sheet, money.column, money.value, money.rule) == ("F Spend and forecast", "C", "lots", "R100")
    assert "not a number" in money.message
    parts = found["age.10-14"]
    assert (parts.sheet, parts.row, parts.rule) == ("D Who the new people are", 5, "R101")
    assert "1 too few" in parts.message


@pytest.mark.django_db
def test_a_section_saved_on_the_site_after_the_download_is_pointed_out(world: World) -> None:
    data = filled(world, {"reach.new": "10"})
    save(world.monitoring_return, "C", {"reach.new": "12"}, world.cast.signatory)
    warnings = understand(world.monitoring_return, read_file(data)).warnings
    assert [finding.section for finding in warnings if finding.rule == "F301"] == ["C"]


@pytest.mark.django_db
def test_the_workbook_is_locked_but_for_the_answers_and_knows_whose_it_is(world: World) -> None:
    data = blank(world)
    parts = parts_of(data)
    sheets = [text.decode() for name, text in parts.items() if name.startswith("xl/worksheets/sheet")]
    visible = [sheet for sheet in sheets if "sheetProtection" in sheet]
    assert len(visible) == len(sheets) - 2
    assert all("mergeCell" not in sheet for sheet in sheets)
    assert parts["xl/workbook.xml"].count(b"veryHidden") == 2
    about = read_file(data).about
    assert (about["grant"], about["quarter"]) == (world.grant.ref, "2020-21Q2")


@pytest.mark.django_db
def test_a_breakdown_counts_itself_up_beside_its_boxes(world: World) -> None:
    data = filled(world, {"reach.new": "10", "age.10-14": "4", "age.15-17": "5"})
    sheet = parts_of(data)[sheet_part(data, "D")].decode()
    assert "SUM(C5:C7)</f><v>9" in sheet
    assert "<v>1 too few</v>" in sheet
    assert "<v>Adds up</v>" in parts_of(complete(world))[sheet_part(data, "D")].decode()
