"""Drafts that come and go by themselves, and what people are told about them."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from evaluation.actions.drafts import make_due_drafts, next_day, prune_drafts, set_schedule, stop_schedule
from evaluation.actions.reports import begin_report, request_edition
from evaluation.models import Edition, Report, ReportSchedule
from evaluation.reports import build
from evaluation.reports.errors import ReportRefused
from evaluation.tasks import PRUNE_TASK, make_drafts, prune
from tests.factories import EditionFactory, ReportFactory, ReportScheduleFactory, StaffRoleFactory
from tests.report import unit_year as year
from tests.report.quick_pdf import QuickPdf
from vru.accounts.models import AuditEvent, Role, User
from vru.jobs.models import Job, Notification
from vru.jobs.runner import run_job

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2021, 4, 14)
BUILT = {"built_at": timezone.now(), "snapshot_hash": "0" * 64}


@pytest.fixture
def director() -> User:
    return StaffRoleFactory(role=Role.DIRECTOR).user


@pytest.fixture
def private_files(settings: Any, tmp_path: Path) -> None:
    options = {"location": str(tmp_path / "files"), "base_url": None}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, private_files: None) -> None:
    monkeypatch.setattr(build, "PdfProcess", QuickPdf)


def planned(director: User, **more: object) -> ReportSchedule:
    year.unit_year()
    year.outline()
    report = begin_report(kind=year.KIND, year=year.YEAR, layer=year.LAYER, by=director)
    return ReportScheduleFactory(**{"report": report, "set_by": director, "next_on": TODAY} | more)


def test_a_draft_is_asked_for_on_its_day_and_once_however_often_the_clock_calls(director: User) -> None:
    schedule = planned(director)
    assert [make_due_drafts(today=TODAY), make_due_drafts(today=TODAY)] == [1, 0]
    schedule.refresh_from_db()
    assert schedule.next_on == TODAY + datetime.timedelta(days=7)
    assert Edition.objects.get().requested_by == director


def test_a_worker_that_was_away_makes_one_draft_and_not_one_for_each_day_missed(director: User) -> None:
    schedule = planned(director, next_on=TODAY - datetime.timedelta(days=30))
    assert make_due_drafts(today=TODAY) == 1
    schedule.refresh_from_db()
    assert TODAY < schedule.next_on <= TODAY + datetime.timedelta(days=7)


def test_a_schedule_stops_when_its_owner_may_make_no_reports_any_more(director: User) -> None:
    schedule = planned(director)
    director.staff_roles.all().delete()
    assert make_due_drafts(today=TODAY) == 0
    schedule.refresh_from_db()
    assert not schedule.is_active
    assert AuditEvent.objects.filter(action="report.schedule_stopped").exists()


@pytest.mark.parametrize(
    ("every", "last", "planned_on"),
    [
        ("day", datetime.date(2021, 4, 1), datetime.date(2021, 4, 15)),
        ("week", datetime.date(2021, 4, 7), datetime.date(2021, 4, 21)),
        ("month", datetime.date(2021, 3, 31), datetime.date(2021, 4, 30)),
        ("month", datetime.date(2021, 4, 14), datetime.date(2021, 5, 14)),
    ],
)
def test_the_next_day_is_the_first_planned_one_after_today(
    every: str, last: datetime.date, planned_on: datetime.date
) -> None:
    assert next_day(every, last, TODAY) == planned_on


def test_before_a_bank_holiday_the_daily_draft_waits_for_the_next_working_day() -> None:
    assert next_day("day", datetime.date(2021, 4, 1), datetime.date(2021, 4, 1)) == datetime.date(2021, 4, 6)


def test_a_day_that_is_past_and_people_who_make_no_reports_are_refused(director: User) -> None:
    report = ReportFactory()
    with pytest.raises(ReportRefused, match="in the past"):
        set_schedule(report=report, every="week", first_on=datetime.date(2020, 1, 1), by=director)
    auditor = StaffRoleFactory(role=Role.AUDITOR).user
    with pytest.raises(ReportRefused, match="Only a director"):
        set_schedule(report=report, every="week", first_on=timezone.localdate(), by=auditor)
    with pytest.raises(ReportRefused, match="Only a director"):
        stop_schedule(report=report, by=auditor)


def test_a_schedule_is_set_changed_and_stopped(director: User) -> None:
    report = ReportFactory()
    set_schedule(report=report, every="week", first_on=timezone.localdate(), by=director)
    set_schedule(report=report, every="month", first_on=timezone.localdate(), by=director)
    assert ReportSchedule.objects.get().every == "month"
    stop_schedule(report=report, by=director)
    assert not ReportSchedule.objects.get().is_active


def old_draft(report: Report, number: int, **more: object) -> Edition:
    edition = EditionFactory(report=report, number=number, **{**BUILT, **more})
    Edition.objects.filter(pk=edition.pk).update(created_at=timezone.now() - datetime.timedelta(days=90))
    return edition


def test_old_drafts_go_with_their_files_and_the_newest_and_the_signed_stay(
    settings: Any, director: User, private_files: None, django_capture_on_commit_callbacks: Any
) -> None:
    settings.DRAFTS_KEPT = 2
    report = ReportFactory()
    drafts = [old_draft(report, number) for number in range(1, 5)]
    signed = old_draft(
        report, 5, status="signed_off", signed_by=director, signed_at=timezone.now(), signed_name="D",
        signed_role="Director", imprint_hash="1" * 64,
    )  # fmt: skip
    reviewed = old_draft(report, 6, status="in_review")
    name = default_storage.save(f"editions/{drafts[0].pk}/a/report.pdf", ContentFile(b"%PDF"))
    with django_capture_on_commit_callbacks(execute=True):
        assert prune_drafts(now=timezone.now()) == 2
    assert set(report.editions.all()) == {drafts[2], drafts[3], signed, reviewed}
    assert not default_storage.exists(name)


def test_a_young_draft_and_one_that_is_being_made_stay(settings: Any, director: User) -> None:
    settings.DRAFTS_KEPT = 1
    report = ReportFactory()
    young = [EditionFactory(report=report, number=number, **BUILT) for number in (1, 2)]
    year.unit_year()
    year.outline()
    made = request_edition(kind=year.KIND, year=year.YEAR, layer=year.LAYER, by=director)
    Edition.objects.filter(pk=made.pk).update(created_at=timezone.now() - datetime.timedelta(days=90))
    assert prune_drafts(now=timezone.now()) == 0
    assert set(young) <= set(Edition.objects.all())


def test_an_edition_that_was_never_made_goes_when_it_is_old() -> None:
    old_draft(ReportFactory(), 1, built_at=None, snapshot_hash="")
    prune()
    assert not Edition.objects.exists()
    assert prune.name == PRUNE_TASK


def test_whoever_asked_is_told_when_a_report_is_ready(director: User, quick: None) -> None:
    year.unit_year()
    year.outline()
    edition = request_edition(kind=year.KIND, year=year.YEAR, layer=year.LAYER, by=director, as_at=year.AFTER)
    assert run_job(edition.job_id).status == Job.Status.DONE
    told = Notification.objects.get()
    assert (told.user, told.title, told.href) == (director, "A report is ready", f"/reports/editions/{edition.pk}/")


def test_whoever_asked_is_told_why_a_report_was_not_made(director: User, quick: None) -> None:
    year.unit_year()
    year.outline()
    edition = request_edition(kind=year.KIND, year=year.YEAR, layer="illustrative", by=director)
    assert run_job(edition.job_id).status == Job.Status.FAILED
    told = Notification.objects.get()
    assert told.title == "A report was not made"
    assert "no illustrative data" in told.text
    assert told.href == f"/reports/jobs/{edition.job_id}/"


def test_the_clock_makes_what_is_due(director: User) -> None:
    planned(director, next_on=timezone.localdate())
    make_drafts()
    assert Edition.objects.count() == 1


def test_the_page_plans_and_stops(client: Client, director: User) -> None:
    report = ReportFactory()
    client.force_login(director)
    day = timezone.localdate() + datetime.timedelta(days=3)
    parts = {"first_on-day": day.day, "first_on-month": day.month, "first_on-year": day.year}
    assert client.post(f"/reports/{report.pk}/schedule/", {"every": "week", **parts}).status_code == 302
    assert "every week" in client.get(f"/reports/{report.pk}/schedule/").content.decode()
    past = client.post(f"/reports/{report.pk}/schedule/", {"every": "week", **parts, "first_on-year": 2020})
    assert (past.status_code, "in the past" in past.content.decode()) == (422, True)
    client.post(f"/reports/{report.pk}/schedule/stop/")
    assert "Nothing is planned" in client.get(f"/reports/{report.pk}/schedule/").content.decode()
