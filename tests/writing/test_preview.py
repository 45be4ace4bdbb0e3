"""The preview shows a section as the report prints it, with what is wrong in its place."""

from __future__ import annotations

import pytest
from django.test.utils import CaptureQueriesContext

from evaluation.actions.reports import begin_report
from evaluation.models import Report, ReportSection
from evaluation.reports.context import report_context
from evaluation.reports.facts import Request, read_facts
from evaluation.writing.preview import preview_of
from tests.factories import EditionFactory, UserFactory
from tests.report.unit_year import AFTER, KIND, LAYER, YEAR, outline, unit_year

pytestmark = pytest.mark.django_db


@pytest.fixture
def report() -> Report:
    unit_year()
    outline()
    made = begin_report(kind=KIND, year=YEAR, layer=LAYER, by=UserFactory())
    EditionFactory(report=made, as_at=AFTER)
    return made


def section(report: Report, slug: str = "summary") -> ReportSection:
    return report.sections.select_related("report__outline").get(slug=slug)


def prose(found: object) -> str:
    return " ".join(block.get("html", "") for each in found.sections for block in each["blocks"])  # type: ignore[attr-defined]


def test_every_section_reads_as_in_the_report_but_for_the_numbers_of_its_tables(report: Report) -> None:
    whole, _missing = report_context(read_facts(Request.of(report, AFTER)))
    printed = {each["slug"]: each for each in whole["sections"]}
    for item in report.sections.select_related("report__outline"):
        found = preview_of(item)
        assert found.problems == ()
        if item.slug == "snapshot":
            assert found.snapshot == whole["snapshot"]
            continue
        [made] = found.sections
        assert made["key_points"] == printed[item.slug]["key_points"]
        for ours, theirs in zip(made["blocks"], printed[item.slug]["blocks"], strict=True):
            assert {name: ours.get(name) for name in ("kind", "html", "rows", "columns", "items", "notes")} == {
                name: theirs.get(name) for name in ("kind", "html", "rows", "columns", "items", "notes")
            }


def test_what_is_typed_is_shown_and_nothing_is_stored(report: Report) -> None:
    found = preview_of(section(report), text="We had {{funding.total}}.", key_points=["Only {{unit.short_name}}."])
    assert "£8.1m" in prose(found)
    assert found.length.words == 5
    assert section(report).text != "We had {{funding.total}}."


def test_a_token_without_a_figure_says_so_in_its_place_and_why(report: Report) -> None:
    found = preview_of(
        section(report), text="Of {{reach.newest}} and {{reach.new objective=99}} and {{reach.new | loud}}."
    )
    assert '<mark class="unmade">no figure: reach.newest</mark>' in prose(found)
    wrong, unknown, other = found.problems
    assert 'asks for the display "loud"' in wrong
    assert 'There is no figure "reach.newest".' in unknown
    assert 'There is no objective "99"' in other


def test_a_block_that_cannot_be_read_says_so_in_its_place(report: Report) -> None:
    found = preview_of(section(report), text="Before.\n\n:::tabel x\n:::\n\nAfter.\n\n:::table nothing_like_it\n:::\n")
    assert [block["kind"] for block in found.sections[0]["blocks"]] == ["prose", "callout", "prose", "callout"]
    assert "names no kind of block" in found.problems[0]
    assert 'There is no table "nothing_like_it"' in found.problems[1]


def test_a_small_count_is_hidden_in_the_preview_as_in_the_report(report: Report) -> None:
    text = "Aged: {{reach.breakdown dimension=age category=18-24}}, in all {{reach.new}}."
    item = section(report)
    ReportSection.objects.filter(pk=item.pk).update(text=text)
    whole, _missing = report_context(read_facts(Request.of(report, AFTER)))
    printed = next(each for each in whole["sections"] if each["slug"] == "summary")
    assert prose(preview_of(item, text=text)) == printed["blocks"][0]["html"]
    assert "3" not in printed["blocks"][0]["html"]


def test_money_alone_is_read_without_the_counts_of_people(
    report: Report, django_assert_max_num_queries: type[CaptureQueriesContext]
) -> None:
    with django_assert_max_num_queries(60):
        preview_of(section(report), text="{{funding.total}}", key_points=[])


def test_without_an_edition_the_figures_are_those_of_the_usual_day(report: Report) -> None:
    report.editions.all().delete()
    assert preview_of(section(report)).as_at == YEAR.ends_on
