"""The list of reports, beginning one, its page, making an edition, what is out of date."""

from __future__ import annotations

import datetime
import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from evaluation.actions.reports import edition_of
from evaluation.models import Edition, Report
from evaluation.reports.as_at import LAST_DAY, check_as_at
from evaluation.reports.errors import NothingToReport
from tests.cast import World
from tests.factories import (
    EditionFactory,
    ProgrammeFactory,
    ReportFactory,
    ReportOutlineFactory,
    ReportSectionFactory,
    SectionCommentFactory,
    UserFactory,
)
from tests.factories.evaluation import OutlineSectionFactory
from vru.accounts.models import Role
from vru.lib.periods import FinancialYear

pytestmark = pytest.mark.django_db
DAY = {"as_at-day": "31", "as_at-month": "3", "as_at-year": "2021"}


def signed_in(world: World, role: str = "analyst") -> Client:
    client = Client()
    client.force_login(world.cast.named(role))
    return client


def annual() -> None:
    OutlineSectionFactory(outline=ReportOutlineFactory(), slug="needs", title="Needs", guidance="Say who.", order=1)


def test_the_list_says_how_far_each_report_is(world: World) -> None:
    report = ReportFactory()
    ReportSectionFactory(report=report, status="approved", approved_by=UserFactory(), approved_at="2021-04-01T12:00Z")
    ReportSectionFactory(report=report)
    EditionFactory(report=report, number=2, built_at="2021-04-02T12:00Z", snapshot_hash="0" * 64)
    page = signed_in(world).get(reverse("evaluation:reports")).content.decode()
    assert "1 of 2" in page
    assert "Edition 2" in page


def test_the_list_is_narrowed_by_kind_and_records(world: World) -> None:
    ReportFactory(layer="published")
    other = ReportFactory(outline=ReportOutlineFactory(kind="briefing", title="Briefing"))
    client = signed_in(world)
    for query, found in (({"kind": "briefing"}, [other]), ({"layer": "recorded"}, [other]), ({"kind": "none"}, [])):
        page = client.get(reverse("evaluation:reports"), query)
        assert [row["report"] for row in page.context["rows"]] == found
    assert "No report is like that" in page.content.decode()


def test_a_report_is_begun_from_its_outline(world: World) -> None:
    annual()
    client = signed_in(world)
    address = reverse("evaluation:report-begin")
    answer = client.post(address, {"year": "2021-22", "layer": "recorded"}, follow=True)
    report = Report.objects.get()
    assert answer.redirect_chain == [(reverse("evaluation:report-page", args=[report.pk]), 302)]
    assert (report.year, report.made_by) == (2021, world.cast.analyst)
    again = client.post(address, {"year": "2021-22", "layer": "recorded", "start": "outline"}, follow=True)
    assert "was begun before" in again.content.decode()
    assert Report.objects.count() == 1


def test_a_report_is_begun_as_a_copy_of_the_same_records_only(world: World) -> None:
    annual()
    source = ReportFactory(year=2020)
    ReportSectionFactory(report=source, slug="needs", text="Ours.")
    published = ReportFactory(year=2020, layer="published")
    ReportSectionFactory(report=published)
    client, address = signed_in(world), reverse("evaluation:report-begin")
    said = {"year": "2021-22", "layer": "recorded"}
    refused = client.post(address, {**said, "start": str(published.pk)})
    assert refused.status_code == 422
    assert "about the same records" in refused.content.decode()
    client.post(address, {**said, "start": str(source.pk)})
    assert Report.objects.get(year=2021).sections.get().text == "Ours."


def test_where_there_are_several_kinds_the_kind_is_asked_first(world: World) -> None:
    annual()
    ReportOutlineFactory(kind="briefing", title="Briefing", every="quarter")
    client, address = signed_in(world), reverse("evaluation:report-begin")
    assert "Which report?" in client.get(address).content.decode()
    assert "Choose which report" in client.get(address, {"kind": "no-such"}).content.decode()
    client.post(f"{address}?kind=briefing", {"year": "2020-21", "period": "Q3", "layer": "recorded"})
    assert Report.objects.get().period == "Q3"


def test_a_report_about_a_programme_takes_its_records_from_it(world: World) -> None:
    ReportOutlineFactory(kind="page", about="programme")
    programme = ProgrammeFactory(layer="recorded")
    address = reverse("evaluation:report-begin")
    refused = signed_in(world).post(address, {"year": "2020-21"})
    assert refused.status_code == 422
    signed_in(world).post(address, {"year": "2020-21", "programme": programme.pk})
    report = Report.objects.get()
    assert (report.subject, report.layer) == (programme.ref, "recorded")
    assert programme.title in signed_in(world).get(reverse("evaluation:report-page", args=[report.pk])).content.decode()


def test_the_page_shows_words_limits_due_days_and_open_comments(world: World) -> None:
    report = ReportFactory()
    section = ReportSectionFactory(
        report=report, text="One {{reach.new objective=1}} three.", word_limit=2, owner=world.cast.analyst,
        due_on=datetime.date(2021, 4, 1), title="Needs",
    )  # fmt: skip
    SectionCommentFactory(section=section)
    page = signed_in(world).get(reverse("evaluation:report-page", args=[report.pk]))
    row = page.context["progress"].rows[0]
    assert (row.length.words, row.comments, row.length.is_over, row.is_overdue, row.is_own) == (3, 1, True, True, True)
    assert [step.text for step in page.context["steps"]][:1] == ["Write Needs"]
    assert "overdue" in page.context["steps"][0].hint


def test_what_next_follows_the_report_and_the_reader(world: World) -> None:
    report = ReportFactory()
    section = ReportSectionFactory(report=report, status="in_review", title="Needs")
    address = reverse("evaluation:report-page", args=[report.pk])

    def steps(role: str) -> list[str]:
        return [step.text for step in signed_in(world, role).get(address).context["steps"]]

    assert steps("analyst") == ["Read Needs", "Make a draft edition"]
    assert steps("auditor") == []
    EditionFactory(
        report=report, number=1, built_at="2021-04-02T12:00Z", snapshot_hash="0" * 64, narrative_hash="1" * 64
    )
    assert steps("analyst") == ["Read Needs", "Make another draft edition"]
    section.carried = True
    section.save(update_fields=["carried"])
    assert "Go over 1 copied section" in steps("director")


def test_the_page_of_a_report_takes_the_same_queries_however_long_it_is(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    report = ReportFactory()
    for number in range(12):
        section = ReportSectionFactory(report=report, owner=UserFactory(role=Role.ANALYST))
        SectionCommentFactory(section=section)
        EditionFactory(report=report, number=number + 1, built_at="2021-04-02T12:00Z", snapshot_hash="0" * 64)
    client = signed_in(world, "director")
    client.get("/")
    with django_assert_max_num_queries(16):
        client.get(reverse("evaluation:report-page", args=[report.pk]))


def test_an_edition_is_asked_for_with_its_day_and_watched(world: World) -> None:
    report = ReportFactory()
    address = reverse("evaluation:report-make", args=[report.pk])
    client = signed_in(world)
    assert "31 March 2021" in client.get(address).content.decode()
    assert client.post(address, {}).status_code == 422
    answer = client.post(address, DAY, follow=True)
    edition = Edition.objects.get()
    assert edition.as_at == datetime.date(2021, 3, 31)
    assert answer.redirect_chain == [(reverse("evaluation:report-job", args=[edition.job_id]), 302)]
    assert "being made" in client.get(reverse("evaluation:report-page", args=[report.pk])).content.decode()
    assert "Being made" in client.get(reverse("evaluation:reports")).content.decode()


def test_a_copy_is_made_from_the_page_and_what_is_out_of_date_is_gone_over(world: World) -> None:
    report = ReportFactory()
    ReportSectionFactory(report=report, slug="needs", text="In 2020-21 we met {{no.such}} people.")
    client = signed_in(world)
    address = reverse("evaluation:report-copy", args=[report.pk])
    assert client.post(address, {"year": "2020-21"}).status_code == 422
    client.post(address, {"year": "2021-22"})
    copy = Report.objects.get(year=2021)
    page = client.get(reverse("evaluation:report-outdated", args=[copy.pk]))
    found = page.context["rows"][0]["found"]
    assert [(each.kind, each.words) for each in found] == [("year", "2020-21"), ("lost", "{{no.such}}")]
    assert "There is no figure" in page.content.decode()
    client.post(reverse("evaluation:section-gone-over", args=[copy.pk, "needs"]))
    page = client.get(reverse("evaluation:report-outdated", args=[copy.pk]))
    assert "Every copied section was gone over" in page.content.decode()


def test_how_many_numbers_wait_for_a_decision_is_fetched_beside_the_page(world: World) -> None:
    report = ReportFactory()
    address = reverse("evaluation:report-numbers-left", args=[report.pk])
    client = signed_in(world)
    assert client.get(address).content.decode() == " (all decided)"
    ReportSectionFactory(report=report, text="We met 4,711 people.")
    assert client.get(address).content.decode() == " (1 to decide)"
    assert address in client.get(reverse("evaluation:report-page", args=[report.pk])).content.decode()


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (datetime.date(2020, 3, 31), "On 31 March 2020 the year 2020-21 had not begun."),
        (datetime.date(2108, 1, 1), "1 January 2108 is too far ahead. Choose 31 December 2107 or an earlier day."),
    ],
)
def test_an_edition_is_of_a_day_in_or_after_its_year_that_a_file_can_hold(world: World, day, sentence) -> None:
    report = ReportFactory(year=2020)
    with pytest.raises(NothingToReport, match=re.escape(sentence)):
        edition_of(report=report, by=world.cast.named("analyst"), as_at=day)
    asked = {"as_at-day": day.day, "as_at-month": day.month, "as_at-year": day.year}
    page = signed_in(world).post(reverse("evaluation:report-make", args=[report.pk]), asked)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert not Edition.objects.exists()


def test_the_first_and_the_last_day_are_allowed() -> None:
    for day in (datetime.date(2020, 4, 1), LAST_DAY):
        assert check_as_at(FinancialYear(2020), day) == day


@pytest.mark.parametrize("command", ["build_report", "funder_return"])
def test_commands_refuse_a_day_before_the_year(command: str, tmp_path) -> None:
    outline = ReportOutlineFactory()
    options = {"kind": outline.kind, "year": "2020-21", "as_at": "2020-03-31", "output": tmp_path / "out"}
    with pytest.raises(CommandError, match="had not begun"):
        call_command(command, **options)
