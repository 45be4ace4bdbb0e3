"""Checks before sign-off: what each of them finds, and what a sentence answers."""

from __future__ import annotations

import datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from evaluation.actions.explaining import LONGEST_SENTENCE, explain
from evaluation.models import DataIssue, Explanation, ReportSection
from evaluation.reports.errors import ReportRefused
from evaluation.signing.finding import LONGEST_SUBJECT, Weight, subject_of
from evaluation.signing.run import check_before_signing
from grants.models import MonitoringReturn, Revision
from programmes.models import Allocation
from tests.factories import (
    CaseStudyFactory,
    CommitmentFactory,
    MonitoringReturnFactory,
    ReportingQuarterFactory,
    SectionCommentFactory,
    StaffRoleFactory,
)
from tests.report import unit_year as year
from tests.signing.conftest import accept_issues, approve_sections, build
from vru.accounts.models import Role

pytestmark = pytest.mark.django_db


def found(edition, slug) -> list:
    return [each.finding for each in check_before_signing(edition).result(slug).judged]


def test_a_fresh_draft_is_not_clear(built):
    sign_off = check_before_signing(built)
    assert not sign_off.is_clear
    assert {each.finding.subject for each in sign_off.result("sections").blocking} == {"summary", "money"}
    assert sign_off.result("data-issues").status == "blocks"


def test_every_check_has_a_title_a_description_and_something_to_say_when_it_passes(built):
    for result in check_before_signing(built).results:
        assert all((result.check.title, result.check.passed, result.check.description))


def test_an_edition_with_everything_settled_is_clear(clear):
    sign_off = check_before_signing(clear)
    assert [(each.check.slug, each.judged) for each in sign_off.results if each.blocking] == []


def test_a_contradiction_blocks_until_it_is_accepted_with_a_note(report, analyst, director):
    approve_sections(report, director)
    edition = build(report, analyst)
    assert Weight.BLOCKS in {each.weight for each in found(edition, "data-issues")}
    accept_issues(analyst)
    assert found(edition, "data-issues") == []


def test_a_warning_asks_for_a_sentence_and_a_note_for_none(clear):
    DataIssue.objects.update(status=DataIssue.Status.OPEN, severity=DataIssue.Severity.WARNING)
    assert {each.weight for each in found(clear, "data-issues")} == {Weight.EXPLAIN}
    DataIssue.objects.update(severity=DataIssue.Severity.NOTE)
    assert {each.weight for each in found(clear, "data-issues")} == {Weight.NOTE}


def test_text_written_since_the_build_puts_the_edition_out_of_date(clear):
    section = ReportSection.objects.get(report=clear.report, slug="money")
    section.text = "Awards came to {{award.total}}."
    section.save(update_fields=["text"])
    texts = [each.text for each in found(clear, "up-to-date")]
    assert len(texts) == 1
    assert "“Money”" in texts[0]


def test_a_figure_corrected_since_the_build_is_named_with_both_values(clear):
    Allocation.objects.filter(source__slug="home").update(amount_pence=860_000_000)
    texts = [each.text for each in found(clear, "up-to-date")]
    assert any("£8.1m and is now £9.1m" in text for text in texts), texts


def test_an_edition_of_a_day_that_is_not_over_cannot_be_signed(report, analyst):
    edition = build(report, analyst, as_at=datetime.date(2100, 1, 1))
    assert "not over yet" in found(edition, "day")[0].text


def test_a_file_changed_in_the_store_blocks(clear):
    stored = clear.files.get(kind="html")
    default_storage.delete(stored.file.name)
    default_storage.save(stored.file.name, ContentFile(b"other"))
    assert "changed after it was made" in found(clear, "files")[0].text


def test_a_snapshot_that_cannot_be_read_blocks_and_nothing_else_breaks(clear):
    default_storage.delete(clear.files.get(kind="snapshot").file.name)
    sign_off = check_before_signing(clear)
    assert [each.finding.subject for each in sign_off.result("files").blocking] == ["snapshot"]


def test_a_return_that_was_due_and_is_not_counted_needs_a_sentence(clear):
    quarter = ReportingQuarterFactory(year=2020, number=3)
    late = MonitoringReturnFactory(
        commitment=CommitmentFactory._meta.model.objects.get(ref="G1"),
        quarter=quarter,
        status=MonitoringReturn.Status.OPEN,
        due_on=datetime.date(2021, 1, 15),
    )
    one = found(clear, "returns")[0]
    assert one.weight == Weight.EXPLAIN
    assert "0 of 1 returns due are approved" in one.about
    assert "G1 (not received)" in one.text
    assert "G1" not in one.about
    late.status = MonitoringReturn.Status.WAIVED
    late.waived_because = "Core costs only."
    late.save()
    assert found(clear, "returns") == []


def test_a_return_due_after_the_day_of_the_edition_is_not_missed(clear):
    MonitoringReturnFactory(
        commitment=CommitmentFactory._meta.model.objects.get(ref="G1"),
        quarter=ReportingQuarterFactory(year=2020, number=4),
        status=MonitoringReturn.Status.OPEN,
        due_on=year.AFTER + datetime.timedelta(days=1),
    )
    assert found(clear, "returns") == []


def test_a_sentence_counts_only_for_what_was_found_when_it_was_written(clear, analyst):
    grant = CommitmentFactory._meta.model.objects.get(ref="G1")
    quarters = [ReportingQuarterFactory(year=2020, number=number) for number in (3, 4)]
    due = {"status": MonitoringReturn.Status.OPEN, "due_on": datetime.date(2021, 5, 15)}
    MonitoringReturnFactory(commitment=grant, quarter=quarters[0], **due)
    subject = found(clear, "returns")[0].subject
    explain(edition=clear, check_slug="returns", sentences={subject: "The charity closed."}, by=analyst)
    assert check_before_signing(clear).result("returns").status == "explained"
    MonitoringReturnFactory(
        commitment=CommitmentFactory(programme=grant.programme, ref="G2"), quarter=quarters[0], **due
    )
    judged = check_before_signing(clear).result("returns").unexplained
    assert [(each.explanation, each.earlier) for each in judged] == [(None, "The charity closed.")]


def test_withdrawn_consent_stops_the_signature(clear, director):
    study = CaseStudyFactory(ref="cs-1", commitment=CommitmentFactory._meta.model.objects.get(ref="G1"))
    section = clear.report.sections.get(slug="summary")
    section.text += "\n\n:::case_study cs-1\n:::\n"
    section.save(update_fields=["text"])
    assert found(clear, "case-studies") == []
    study.scope = "internal"
    study.save()
    assert "does not reach beyond the unit" in found(clear, "case-studies")[0].text


def test_an_open_remark_is_said_and_stops_nothing(clear):
    SectionCommentFactory(section=clear.report.sections.get(slug="summary"))
    assert [each.weight for each in found(clear, "remarks")] == [Weight.NOTE]


def test_the_same_sentence_for_several_findings_is_printed_once(clear, analyst):
    DataIssue.objects.update(status=DataIssue.Status.OPEN, severity=DataIssue.Severity.WARNING)
    subjects = [each.subject for each in found(clear, "data-issues")]
    explain(edition=clear, check_slug="data-issues", sentences=dict.fromkeys(subjects, "Known."), by=analyst)
    explained = check_before_signing(clear).explained
    about = [each.about for each in explained if each.sentence == "Known."]
    assert len(about) == 1
    assert "Award G1, Grant G1" in about[0]
    assert len(subjects) == 2


def test_only_those_who_write_reports_explain(clear):
    auditor = StaffRoleFactory(role=Role.AUDITOR).user
    with pytest.raises(ReportRefused, match="Only those who write reports"):
        explain(edition=clear, check_slug="returns", sentences={"x": "Because."}, by=auditor)


def test_an_empty_sentence_takes_the_earlier_one_back(clear, analyst):
    explain(edition=clear, check_slug="returns", sentences={"x": "Because."}, by=analyst)
    explain(edition=clear, check_slug="returns", sentences={"x": "  "}, by=analyst)
    assert not Explanation.objects.filter(subject="x").exists()


@pytest.mark.parametrize("typed", ["a" * (LONGEST_SENTENCE + 1), "with \0 inside"])
def test_a_sentence_that_cannot_be_printed_is_refused(clear, analyst, typed):
    with pytest.raises(ReportRefused, match="sentence"):
        explain(edition=clear, check_slug="returns", sentences={"x": typed}, by=analyst)


def test_a_subject_fits_and_tells_long_topics_apart():
    long = [subject_of("k" * 300 + end, ["found"]) for end in "ab"]
    assert all(len(each) <= LONGEST_SUBJECT for each in long)
    assert long[0] != long[1]
    assert subject_of("topic", [1]) != subject_of("topic", [2])


def test_the_checks_write_nothing(clear):
    before = Revision.objects.count(), Explanation.objects.count(), DataIssue.objects.values_list("status")[0]
    check_before_signing(clear)
    assert before == (Revision.objects.count(), Explanation.objects.count(), DataIssue.objects.values_list("status")[0])
