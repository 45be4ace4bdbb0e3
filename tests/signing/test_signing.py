"""Signing: who may, what is checked again, what it freezes, locks and supersedes."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from evaluation.actions.explaining import explain
from evaluation.actions.final_files import finish_edition
from evaluation.actions.finishing import JOB_KIND, request_final_files
from evaluation.actions.sending import send_edition
from evaluation.actions.signing import back_to_draft, send_to_review, sign_edition
from evaluation.models import DataIssue, Edition
from evaluation.reports.errors import CorruptSnapshot, ReportRefused
from evaluation.reports.verify import check_edition
from evaluation.signing.comparing import compared_with_signed, imprint_to_sign
from evaluation.signing.evidence import stored_facts
from evaluation.signing.run import check_before_signing
from evaluation.tasks import finish_report
from grants.models import MonitoringReturn, ReportingQuarter
from tests.factories import CellFactory, RevisionFactory, UserFactory
from tests.report import unit_year as year
from tests.signing.conftest import accept_issues, answer, approve_sections, build
from vru.accounts.models import AuditEvent, User
from vru.jobs.models import Job, Notification
from vru.jobs.registry import handler_for
from vru.jobs.runner import run_job

pytestmark = pytest.mark.django_db
Status = Edition.Status


def seen(edition: Edition) -> str:
    comparison = compared_with_signed(edition, stored_facts(edition))
    return imprint_to_sign(edition, check_before_signing(edition), comparison).sha256


def signed(edition: Edition, by: User) -> Edition:
    return sign_edition(edition=edition, by=by, seen=seen(edition))


def finished(edition: Edition, by: User) -> Edition:
    signed(edition, by)
    job = Job.objects.filter(kind=JOB_KIND).latest("pk")
    run_job(job.pk)
    return Edition.objects.select_related("report__outline").get(pk=edition.pk)


def corrected(number: int, people: int) -> None:
    """The first grant's return of a quarter is corrected, and the correction approved."""
    item = MonitoringReturn.objects.get(commitment__ref="G1", quarter__number=number)
    old = item.revisions.get(superseded_at__isnull=True)
    moment = timezone.make_aware(datetime.datetime(2021, 6, 1, 12))
    old.superseded_at = moment
    old.save()
    new = RevisionFactory(
        monitoring_return=item,
        number=old.number + 1,
        submitted_by=old.submitted_by,
        submitted_at=moment,
        approved_by=old.approved_by,
        approved_at=moment,
        correction_reason="Two schools were counted twice.",
    )
    for cell in old.cells.select_related("category"):
        value = people if cell.measure == "new" and cell.category.slug in ("total", "district-1") else cell.value
        CellFactory(revision=new, category=cell.category, measure=cell.measure, value=value)


def test_a_director_signs_and_everything_is_written_down(clear, director):
    edition = signed(clear, director)
    assert edition.status == Status.SIGNED_OFF
    assert (edition.signed_name, edition.signed_role) == ("Ama Director", "Director")
    assert edition.imprint["signature"]["name"] == "Ama Director"
    event = AuditEvent.objects.about(edition).get(action="edition.signed")
    assert event.details["snapshot"] == edition.snapshot_hash
    assert event.details["imprint"] == edition.imprint_hash


def test_the_hash_that_is_signed_is_the_one_the_draft_had(clear, director):
    before = clear.snapshot_hash
    assert signed(clear, director).snapshot_hash == before
    assert stored_facts(clear).sha256 == before


@pytest.mark.parametrize("who", ["analyst", "nobody"])
def test_nobody_but_a_director_signs(clear, who, request):
    by = UserFactory() if who == "nobody" else request.getfixturevalue(who)
    with pytest.raises(ReportRefused, match="Only a director"):
        sign_edition(edition=clear, by=by, seen=seen(clear))


def test_whoever_sent_it_to_be_signed_cannot_sign_it_but_another_director_can(report, analyst, clear, director):
    back_to_draft(edition=clear, reason="Once more.", by=director)
    edition = send_to_review(edition=clear, by=director)
    with pytest.raises(ReportRefused, match="somebody else must sign"):
        signed(edition, director)
    assert Edition.objects.get(pk=edition.pk).signed_at is None


def test_the_database_itself_refuses_a_signature_of_the_sender(clear):
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(pk=clear.pk).update(
            status=Status.SIGNED_OFF,
            signed_by=clear.review_by,
            signed_at=timezone.now(),
            signed_name="X",
            signed_role="Y",
            imprint_hash="0" * 64,
        )


def test_a_draft_that_was_not_sent_to_be_signed_is_not_signed(report, analyst, director):
    approve_sections(report, director)
    edition = build(report, analyst)
    with pytest.raises(ReportRefused, match="signed while it is in review"):
        signed(edition, director)


def test_what_blocks_is_looked_for_again_when_it_is_signed(clear, director):
    hashed = seen(clear)
    DataIssue.objects.filter(rule="parts-miss-total").update(status=DataIssue.Status.OPEN, note="")
    with pytest.raises(ReportRefused, match="To mend"):
        sign_edition(edition=clear, by=director, seen=hashed)
    assert Edition.objects.get(pk=clear.pk).status == Status.IN_REVIEW


def waiting() -> None:
    """A return that was due and is not there."""
    quarter = ReportingQuarter.objects.get(year=2020, number=1)
    other = MonitoringReturn.objects.filter(quarter=quarter).first()
    assert other is not None
    MonitoringReturn.objects.create(
        commitment=other.commitment,
        quarter=ReportingQuarter.objects.create(
            year=2020, number=3, opens_on=datetime.date(2021, 1, 1), due_on=datetime.date(2021, 1, 31)
        ),
        status=MonitoringReturn.Status.OPEN,
        opens_on=datetime.date(2021, 1, 1),
        due_on=datetime.date(2021, 1, 31),
    )


@pytest.fixture
def with_late_return(report, analyst, director) -> Edition:
    """In review, everything mended, one sentence missing."""
    waiting()
    approve_sections(report, director)
    accept_issues(analyst)
    edition = build(report, analyst)
    answer(edition, analyst, "It is a small test.", without="returns")
    return send_to_review(edition=edition, by=analyst)


def test_a_missing_sentence_stops_the_signature_and_a_given_one_is_in_the_imprint(with_late_return, director, analyst):
    with pytest.raises(ReportRefused, match="To explain"):
        signed(with_late_return, director)
    answer(with_late_return, analyst, "The charity closed in December.")
    edition = signed(with_late_return, director)
    assert "The charity closed in December." in [each["sentence"] for each in edition.imprint["explanations"]]


def test_a_sentence_that_was_not_on_the_page_is_not_signed(with_late_return, director, analyst):
    answer(with_late_return, analyst, "The charity closed in December.")
    hashed = seen(with_late_return)
    judged = check_before_signing(with_late_return).result("returns").to_explain[0]
    changed = {judged.finding.subject: "It never sent one."}
    explain(edition=with_late_return, check_slug="returns", sentences=changed, by=analyst)
    with pytest.raises(ReportRefused, match="changed since you opened this page"):
        sign_edition(edition=with_late_return, by=director, seen=hashed)


def test_nothing_can_be_explained_once_it_is_signed(clear, director, analyst):
    signed(clear, director)
    with pytest.raises(ReportRefused, match="is signed"):
        explain(edition=clear, check_slug="returns", sentences={"x": "Later."}, by=analyst)


def test_signing_twice_changes_nothing(clear, director):
    hashed = seen(clear)
    first = sign_edition(edition=clear, by=director, seen=hashed)
    again = sign_edition(edition=clear, by=director, seen=hashed)
    assert again.signed_at == first.signed_at
    assert Job.objects.filter(kind=JOB_KIND).count() == 1


def test_returns_of_quarters_due_before_the_day_are_locked_and_later_ones_are_not(clear, director):
    ReportingQuarter.objects.filter(number=1).update(due_on=year.AFTER - datetime.timedelta(days=1), closes_on=None)
    ReportingQuarter.objects.filter(number=2).update(due_on=year.AFTER, closes_on=None)
    signed(clear, director)
    states = dict(MonitoringReturn.objects.values_list("quarter__number", "status"))
    assert states == {1: MonitoringReturn.Status.LOCKED, 2: MonitoringReturn.Status.APPROVED}
    locked = MonitoringReturn.objects.get(quarter__number=1)
    assert AuditEvent.objects.about(locked).filter(action="return locked", actor=director).exists()


def test_the_final_files_are_made_by_a_job_that_may_run_again(clear, director):
    edition = finished(clear, director)
    files = {each.kind: each.sha256 for each in edition.files.filter(is_final=True)}
    assert set(files) == {"pdf", "html", "annex_xlsx", "annex_zip", "snapshot"}
    assert files["snapshot"] == edition.snapshot_hash
    assert finish_edition(edition=edition, by=director).finished_at == edition.finished_at
    assert handler_for(JOB_KIND) is finish_report


def test_the_final_page_names_who_signed_and_bears_no_draft_mark(clear, director):
    edition = finished(clear, director)
    final = edition.files.get(kind="html", is_final=True).file.read().decode()
    draft = edition.files.get(kind="html", is_final=False).file.read().decode()
    assert "Ama Director" in final
    assert "Not signed" not in final
    assert 'data-mark=""' in final
    assert 'data-mark="Draft"' in draft


def test_a_worker_that_dies_leaves_a_signed_edition_whose_files_are_made_on_the_next_try(clear, director, monkeypatch):
    signed(clear, director)
    job = Job.objects.get(kind=JOB_KIND)

    def killed(*args, **kwargs):
        raise MemoryError("no memory left")

    with monkeypatch.context() as patch:
        patch.setattr("evaluation.actions.final_files.build_from", killed)
        assert run_job(job.pk).status == Job.Status.FAILED
    edition = Edition.objects.get(pk=clear.pk)
    assert (edition.status, edition.finished_at) == (Status.SIGNED_OFF, None)
    assert not edition.files.filter(is_final=True).exists()
    again = request_final_files(edition=edition, by=director)
    assert run_job(again.pk).status == Job.Status.DONE
    assert Edition.objects.get(pk=clear.pk).finished_at is not None


def test_final_files_are_not_made_of_an_imprint_that_was_changed(clear, director):
    edition = signed(clear, director)
    edition.imprint["signature"]["name"] = "Somebody Else"
    edition.save(update_fields=["imprint"])
    with pytest.raises(CorruptSnapshot, match="imprint was changed"):
        finish_edition(edition=edition, by=director)


def test_the_same_snapshot_and_imprint_give_the_same_bytes(clear, director):
    edition = finished(clear, director)
    first = dict(edition.files.filter(is_final=True).values_list("kind", "sha256"))
    edition.files.filter(is_final=True).delete()
    Edition.objects.filter(pk=edition.pk).update(finished_at=None)
    again = finish_edition(edition=Edition.objects.get(pk=edition.pk), by=director)
    assert dict(again.files.filter(is_final=True).values_list("kind", "sha256")) == first


def test_verification_covers_the_draft_the_imprint_and_the_final_files(clear, director):
    edition = finished(clear, director)
    checked = check_edition(edition)
    assert [each.problem for each in checked] == [""] * 11
    Edition.objects.filter(pk=edition.pk).update(signed_name="Somebody Else")
    edition = Edition.objects.select_related("report__outline").get(pk=edition.pk)
    assert any("Somebody Else" in each.problem for each in check_edition(edition))


def test_sending_waits_for_the_final_files_and_keeps_to_whom(clear, director):
    signed(clear, director)
    with pytest.raises(ReportRefused, match="still being made"):
        send_edition(edition=clear, to="Home Office", by=director)
    run_job(Job.objects.get(kind=JOB_KIND).pk)
    sent = send_edition(edition=clear, to=" Home  Office ", by=director)
    assert (sent.status, sent.sent_to, sent.sent_by) == (Status.SENT, "Home Office", director)


def test_only_a_director_sends(clear, director, analyst):
    finished(clear, director)
    with pytest.raises(ReportRefused, match="Only a director"):
        send_edition(edition=clear, to="Home Office", by=analyst)


def test_a_second_edition_supersedes_the_first_and_says_what_changed(clear, director, analyst, report):
    first = finished(clear, director)
    hashes = dict(first.files.values_list("pk", "sha256"))
    corrected(1, 60)
    accept_issues(analyst)
    edition = build(report, analyst)
    answer(edition, analyst, "It is a small test.")
    second = send_to_review(edition=edition, by=analyst)
    edition = signed(second, director)
    first.refresh_from_db()
    assert (first.status, first.superseded_by) == (Status.SUPERSEDED, edition)
    assert edition.is_restated
    assert edition.imprint["since"].startswith("edition 1, signed ")
    changed = {each["key"]: (each["old"], each["new"]) for each in edition.imprint["changes"]}
    assert changed["reach.new"] == ("140", "130")
    assert dict(first.files.values_list("pk", "sha256")) == hashes


def test_an_edition_with_the_same_figures_restates_nothing(clear, director, analyst, report):
    finished(clear, director)
    edition = signed(send_to_review(edition=build(report, analyst), by=analyst), director)
    assert not edition.is_restated
    assert edition.imprint["changes"] == []


def test_an_earlier_edition_is_not_signed_after_a_later_one(clear, director, analyst, report):
    later = send_to_review(edition=build(report, analyst), by=analyst)
    signed(later, director)
    with pytest.raises(ReportRefused, match="To mend"):
        signed(clear, director)


def test_going_back_to_draft_needs_a_reason_and_tells_the_sender(clear, director, analyst):
    with pytest.raises(ReportRefused, match="why it goes back"):
        back_to_draft(edition=clear, reason=" ", by=director)
    edition = back_to_draft(edition=clear, reason="The summary is too long.", by=director)
    assert (edition.status, edition.review_by) == (Status.DRAFT, None)
    assert Notification.objects.filter(user=analyst, text__contains="The summary is too long.").exists()


def test_directors_are_told_when_one_waits_and_writers_when_it_is_signed(clear, director, other_director, analyst):
    assert Notification.objects.filter(title="A report waits for your signature").count() == 1
    signed(clear, director)
    told = Notification.objects.filter(title="A report was signed").values_list("user", flat=True)
    assert analyst.pk in told
    assert director.pk not in told


def test_an_edition_that_is_not_built_is_not_sent_to_be_signed(report, analyst):
    edition = Edition.objects.create(report=report, number=9, as_at=year.AFTER)
    with pytest.raises(ReportRefused, match="not built yet"):
        send_to_review(edition=edition, by=analyst)
