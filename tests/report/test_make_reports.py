"""`make_reports`: both editions through the queue, with their progress, or the reason why not."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from evaluation.actions.reports import JOB_KIND
from evaluation.models import Edition
from evaluation.reports import build
from evaluation.tasks import build_report
from tests.factories import StaffRoleFactory
from tests.report import unit_year as year
from tests.report.quick_pdf import QuickPdf
from vru.accounts.models import Role
from vru.jobs.models import Job
from vru.jobs.registry import handler_for
from vru.jobs.runner import run_job
from vru.management.commands import make_reports

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def loaded(settings, tmp_path, monkeypatch):
    options = {"location": str(tmp_path / "files"), "base_url": None}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}
    monkeypatch.setattr(build, "PdfProcess", QuickPdf)
    year.unit_year()
    year.outline()


@pytest.fixture
def director():
    return StaffRoleFactory(role=Role.DIRECTOR).user


@pytest.fixture
def worker(monkeypatch):
    """Whenever the command waits, the oldest waiting job is done."""

    assert handler_for(JOB_KIND) is build_report

    def work(_seconds: float) -> None:
        job = Job.objects.filter(status=Job.Status.QUEUED).order_by("created_at", "pk").first()
        if job is not None:
            run_job(job.pk)

    monkeypatch.setattr(make_reports.time, "sleep", work)


def make(tmp_path, **more) -> tuple[list[str], str]:
    out, err = io.StringIO(), io.StringIO()
    call_command(
        "make_reports", **{"year": "2020-21", "layer": [year.LAYER], "output": tmp_path} | more, stdout=out, stderr=err
    )
    return out.getvalue().splitlines(), err.getvalue()


def test_the_files_are_copied_and_their_paths_printed(tmp_path, director, worker):
    paths, progress = make(tmp_path)
    folder = tmp_path / "2020-21" / year.LAYER
    assert paths == sorted(str(folder / name) for name in build.NAMES.values())
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF-1.7 stand-in")
    assert "recorded   0% waiting for a worker" in progress
    assert "recorded 100% Finished" in progress
    assert Edition.objects.get().requested_by == director


def test_one_edition_that_fails_gives_its_reason_and_the_other_its_files(tmp_path, director, worker):
    with pytest.raises(CommandError, match=r"illustrative edition was not made\. There is no illustrative data"):
        make(tmp_path, layer=[year.LAYER, "illustrative"])
    assert (tmp_path / "2020-21" / year.LAYER / "report.pdf").exists()


def test_without_a_worker_it_says_so(tmp_path, director, monkeypatch):
    monkeypatch.setattr(make_reports, "PATIENCE_SECONDS", 0)
    monkeypatch.setattr(make_reports.time, "sleep", lambda seconds: None)
    with pytest.raises(CommandError, match="No worker took the report up"):
        make(tmp_path)
    assert Job.objects.get().status == Job.Status.QUEUED


def test_a_wrong_year_or_nobody_to_make_it_for_is_one_sentence(tmp_path):
    with pytest.raises(CommandError, match="demo_accounts"):
        make(tmp_path)
    with pytest.raises(CommandError, match="could be a calendar year"):
        make(tmp_path, year="2020")
    with pytest.raises(CommandError, match="not an active member of staff"):
        make(tmp_path, by="nobody@example.org")
