"""The return as a workbook: filled in with three slips, marked up, mended, compared, and used after a yes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from string import ascii_uppercase
from typing import Any
from xml.sax.saxutils import escape

import pytest

from grants.models import SectionDraft
from grants.workbook.reading import gather, read_file
from grants.workbook.saved import saved_texts
from tests.browser.conftest import Enter, Visitor
from tests.browser.steps import at
from tests.cast import World, complete_answers
from tests.grants.workbooks import with_cell

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("private_files"),
]
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SLIPS = {"reach.new": "about 40", "spend.labour.actual": "lots", "age.15-17": "six and a half"}


def type_into(data: bytes, answers: Mapping[str, str]) -> bytes:
    """The file after somebody typed these answers into the cells of their boxes and saved it."""
    places = gather(read_file(data).cells, set(answers)).places
    for name, text in answers.items():
        place = places[name]
        inside = f"<is><t>{escape(text)}</t></is>"
        data = with_cell(data, place.sheet[0], f"{ascii_uppercase[place.column]}{place.row + 1}", inside, "inlineStr")
    return data


def download(visitor: Visitor, link: str) -> bytes:
    control: Any = visitor.page.get_by_role("main").get_by_text(link)
    with visitor.page.expect_download() as coming:
        control.click()
    return Path(coming.value.path()).read_bytes()


def upload(visitor: Visitor, data: bytes, name: str = "return.xlsx") -> None:
    visitor.page.get_by_label("Choose the workbook you filled in").set_input_files(
        {"name": name, "mimeType": EXCEL, "buffer": data}
    )
    visitor.press("Upload and compare")


def test_a_workbook_with_three_slips_is_mended_and_used(world: World, enter: Enter) -> None:
    answers = {name: text for typed in complete_answers(world).values() for name, text in typed.items()}
    grantee = enter(world.cast.grantee)
    grantee.open(at(world))
    grantee.follow("Fill in the return as a workbook")
    blank = download(grantee, "Download the workbook (Excel)")
    upload(grantee, type_into(blank, {**answers, **SLIPS}))
    assert "3 things to put right" in grantee.text
    found = grantee.page.get_by_role("table", name="Errors, by sheet, row and column")
    for sheet, typed in (("C People reached", "about 40"), ("D ", "six and a half"), ("F ", "lots")):
        row = found.get_by_role("row").filter(has_text=typed)
        assert sheet in row.inner_text()
        assert "column" in row.inner_text()
        assert row.get_by_role("cell").last.inner_text()
    marked = download(grantee, "Download a marked-up copy (Excel)")
    assert not SectionDraft.objects.exists()
    grantee.follow("Back to the workbook page")
    upload(grantee, type_into(marked, {name: answers[name] for name in SLIPS}))
    assert "There is nothing to put right." in grantee.text
    assert "10" in grantee.page.get_by_role("table", name="What is saved and what the workbook says").inner_text()
    assert not SectionDraft.objects.exists()
    grantee.press("Use these answers")
    assert "We have saved the answers from your workbook." in grantee.text
    assert grantee.heading.endswith("Check your answers")
    grantee.follow("Change People reached")
    assert grantee.page.get_by_label("New people supported").input_value() == "10"
    # The marked-up copy holds a plain number as a number, so it comes back without its comma.
    assert saved_texts(world.monitoring_return) == {**answers, "reach.contacts": "1169"}


def test_what_is_no_workbook_is_refused_in_plain_words(world: World, enter: Enter) -> None:
    grantee = enter(world.cast.grantee, width=375)
    grantee.open(at(world, "workbook/"))
    grantee.press("Upload and compare")
    grantee.mend("Choose the workbook you filled in.")
    upload(grantee, b"Question,Answer\nNew people,10\n", "answers.csv")
    assert grantee.page.title().startswith("Error: ")
    assert "CSV file" in grantee.text
    grantee.follow("answers.csv")
    assert "could not be used" in grantee.text
    assert not SectionDraft.objects.exists()


def test_what_a_colleague_saved_meanwhile_is_shown_and_not_replaced_unseen(world: World, enter: Enter) -> None:
    grantee, colleague = enter(world.cast.grantee), enter(world.cast.signatory)
    grantee.open(at(world, "workbook/"))
    upload(grantee, type_into(download(grantee, "Download the workbook (Excel)"), {"reach.new": "10"}))
    colleague.open(at(world, "section/C/"))
    colleague.type_in("New people supported", "12")
    colleague.press("Save and come back later")
    grantee.press("Use these answers")
    assert "Nothing was replaced" in grantee.text
    assert saved_texts(world.monitoring_return) == {"reach.new": "12"}
    grantee.press("Do not use them")
    assert "The workbook was not used." in grantee.text
    assert saved_texts(world.monitoring_return) == {"reach.new": "12"}
