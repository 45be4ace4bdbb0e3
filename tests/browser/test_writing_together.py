"""A section of a report, written by two people at once with a preview beside it, then reviewed by somebody else."""

from __future__ import annotations

import pytest

from evaluation.models import ReportSection
from tests.browser.conftest import PHONE, Enter, Visitor
from tests.browser.steps import save_status
from tests.cast import Cast
from tests.factories import AllocationFactory, ReportFactory, ReportSectionFactory, UnitFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def section(cast: Cast) -> ReportSection:
    UnitFactory()
    AllocationFactory(layer="recorded", amount_pence=760_000_000)
    report = ReportFactory()
    ReportSectionFactory(report=report, slug="money", number="1E", title="Money", order=1, text="First.\n\nLast.")
    made: ReportSection = ReportSectionFactory(report=report, slug="lessons", title="Lessons", order=2)
    return made.report.sections.get(slug="money")


def at(section: ReportSection, rest: str = "") -> str:
    return f"/reports/{section.report_id}/sections/{section.slug}/{rest}"


def preview(visitor: Visitor, text: str) -> None:
    """Wait until the frame beside the text shows this."""
    visitor.page.frame_locator("iframe[name=section-preview]").get_by_text(text).first.wait_for()


def test_what_is_typed_is_saved_and_shown_as_it_will_be_printed(
    section: ReportSection, enter: Enter, cast: Cast
) -> None:
    analyst = enter(cast.analyst)
    analyst.open(at(section))
    analyst.type_in("Text", "We had {{funding.total}} and {{funding.totl}}.")
    save_status(analyst, "Saved at")
    preview(analyst, "We had £7.6m and")
    preview(analyst, "no figure: funding.totl")
    assert "5 words" in analyst.text
    assert ReportSection.objects.get(pk=section.pk).text == "We had {{funding.total}} and {{funding.totl}}."


def test_a_block_goes_where_the_cursor_is(section: ReportSection, enter: Enter, cast: Cast) -> None:
    analyst = enter(cast.analyst)
    analyst.open(at(section))
    box = analyst.page.get_by_label("Text", exact=True)
    box.evaluate("box => { box.focus(); box.setSelectionRange(6, 6); }")
    analyst.page.get_by_text("Put in a table, a chart or another block").click()
    analyst.page.get_by_role("button", name="Insert Funding by source").first.click()
    save_status(analyst, "Saved at")
    expected = "First.\n\n:::table funding_by_source\ncaption: Funding by source\n:::\n\nLast."
    assert ReportSection.objects.get(pk=section.pk).text == expected


def test_two_editors_put_both_texts_together_and_a_third_approves(
    section: ReportSection, enter: Enter, cast: Cast
) -> None:
    first, second = enter(cast.analyst), enter(cast.programme_manager, width=PHONE)
    for person in (first, second):
        person.open(at(section))
    first.type_in("Text", "First, changed by one.\n\nLast.")
    save_status(first, "Saved at")
    second.type_in("Text", "First.\n\nLast, changed by another.")
    save_status(second, "Nothing is lost")
    second.press("Save")
    assert second.heading.endswith("Somebody else saved this section")
    second.press("Save this text")
    section.refresh_from_db()
    assert section.text == "First, changed by one.\n\nLast, changed by another."
    second.press("Save and send for review")
    director = enter(cast.director, strongly=True)
    director.open(at(section))
    director.press("Approve the section")
    director.press("Approve the section")
    section.refresh_from_db()
    assert (section.status, section.approved_by) == ("approved", cast.director)
    director.follow("History")
    director.follow("Version 2")
    assert "What was changed since" in director.text
