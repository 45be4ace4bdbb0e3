"""Editions: numbered, built whole or not at all, kept with their hashes, and checked afterwards."""

from __future__ import annotations

import io
import json
import zipfile
from contextlib import contextmanager

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from evaluation.actions import reports
from evaluation.actions.building import build_edition
from evaluation.actions.reports import request_edition
from evaluation.models import Edition, EditionFile
from evaluation.reports import build
from evaluation.reports.annex import annex_xlsx, annex_zip
from evaluation.reports.as_at import default_as_at
from evaluation.reports.errors import NothingToReport
from evaluation.reports.verify import check_edition
from evaluation.tasks import build_report as build_report_job
from grants.models import Revision
from tests.factories import JobFactory, SourceDocumentFactory, StaffRoleFactory, StatementFactory
from tests.report import unit_year as year
from tests.report.quick_pdf import QuickPdf
from vru.accounts.models import AuditEvent, Role
from vru.jobs.models import Job
from vru.jobs.registry import handler_for
from vru.jobs.runner import run_job

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def director():
    return StaffRoleFactory(role=Role.DIRECTOR).user


@pytest.fixture
def store(settings, tmp_path):
    """A file store of our own, and a PDF engine that is quick: the real one has its own tests."""
    options = {"location": str(tmp_path / "files"), "base_url": None}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}
    return tmp_path / "files"


@pytest.fixture
def quick_pdf(monkeypatch):
    monkeypatch.setattr(build, "PdfProcess", QuickPdf)


@pytest.fixture
def loaded():
    year.unit_year()
    year.outline()


def ask(by, **more) -> Edition:
    return request_edition(
        **{"kind": year.KIND, "year": year.YEAR, "layer": year.LAYER, "by": by, "as_at": year.AFTER} | more
    )


def stored_names(folder) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def built(loaded, store, quick_pdf, director) -> Edition:
    edition = ask(director)
    assert run_job(edition.job_id).status == Job.Status.DONE
    edition.refresh_from_db()
    return edition


def test_the_worker_knows_the_kind_of_job():
    assert handler_for(reports.JOB_KIND) is build_report_job


def test_editions_count_up_and_each_has_its_job(loaded, director):
    first, second = ask(director), ask(director, as_at=year.YEAR.ends_on)
    assert (first.number, second.number) == (1, 2)
    assert first.job.payload == {"edition": first.pk}
    assert AuditEvent.objects.about(first).filter(action="edition.requested", actor=director).exists()


def test_asking_twice_for_the_same_gives_the_one_being_made(loaded, director):
    assert ask(director) == ask(director)


def test_an_unknown_layer_or_kind_is_refused(loaded, director):
    with pytest.raises(NothingToReport, match="not a layer"):
        ask(director, layer="imagined")
    with pytest.raises(NothingToReport, match="Known kinds"):
        ask(director, kind="weekly")


def test_the_worker_builds_stores_hashes_and_records(built, store):
    assert built.built_at is not None
    assert stored_names(store) == ["annex.xlsx", "annex.zip", "report.html", "report.pdf", "snapshot.json"]
    assert built.files.get(kind=EditionFile.Kind.SNAPSHOT).sha256 == built.snapshot_hash
    assert set(built.revisions.all()) == set(Revision.objects.all())
    assert [each.problem for each in check_edition(built)] == [""] * 5


def test_a_job_run_again_leaves_a_built_edition_alone(built, director):
    before = built.built_at
    assert build_edition(edition=built, by=director).built_at == before


def test_a_build_that_dies_half_way_leaves_nothing(loaded, store, director, monkeypatch):
    monkeypatch.setattr(build, "PdfProcess", type("Burst", (QuickPdf,), {"failure": MemoryError}))
    edition = ask(director)
    job = run_job(edition.job_id)
    edition.refresh_from_db()
    assert job.status == Job.Status.FAILED
    assert edition.built_at is None
    assert stored_names(store) == []


def test_a_build_that_cannot_be_recorded_takes_its_files_back(loaded, store, quick_pdf, director):
    @contextmanager
    def lost():
        raise RuntimeError("another worker has the job")
        yield

    edition = ask(director)
    with pytest.raises(RuntimeError):
        build_edition(edition=edition, by=director, hold=lost)
    assert stored_names(store) == []
    assert not edition.files.exists()


def test_a_retry_removes_what_a_killed_worker_left(loaded, store, quick_pdf, director):
    edition = ask(director)
    left = store / "editions" / str(edition.pk) / "dead" / "report.pdf"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    build_edition(edition=edition, by=director)
    assert not left.exists()
    assert len(stored_names(store)) == 5


def test_a_failing_report_says_why_on_its_job(loaded, store, director):
    edition = ask(director, layer="illustrative")
    job = run_job(edition.job_id)
    assert job.status == Job.Status.FAILED
    assert job.error.startswith("There is no illustrative data for 2020-21")


def test_a_job_for_an_edition_that_is_gone_fails_with_a_sentence(director):
    job = run_job(JobFactory(kind=reports.JOB_KIND, payload={"edition": 0}, requested_by=director).pk)
    assert "does not exist any more" in job.error


def test_a_changed_file_and_a_missing_one_are_both_found(built):
    pdf = built.files.get(kind=EditionFile.Kind.PDF)
    with default_storage.open(pdf.file.name, "ab") as file:
        file.write(b"!")
    default_storage.delete(built.files.get(kind=EditionFile.Kind.ANNEX_ZIP).file.name)
    problems = {each.kind: each.problem for each in check_edition(built)}
    assert "changed after it was made" in problems["pdf"]
    assert "missing from the file store" in problems["annex_zip"]
    assert problems["html"] == ""
    with pytest.raises(CommandError, match="missing from the file store"):
        call_command("verify_edition", built.pk)


def test_a_snapshot_that_is_not_the_signed_one_is_found_even_with_its_hash_changed(built):
    snapshot = built.files.get(kind=EditionFile.Kind.SNAPSHOT)
    with default_storage.open(snapshot.file.name, "wb") as file:
        file.write(b"{}")
    snapshot.sha256 = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    snapshot.save(update_fields=["sha256"])
    problems = {each.kind: each.problem for each in check_edition(built)}
    assert "The snapshot was changed after it was made" in problems["snapshot"]


def test_verify_edition_prints_what_it_checked(built):
    out = io.StringIO()
    call_command("verify_edition", built.pk, format="json", stdout=out)
    found = json.loads(out.getvalue())
    assert found["ok"] is True
    assert len(found["files"]) == 5


def test_verify_edition_refuses_an_edition_that_is_unknown_or_unbuilt(loaded, director):
    with pytest.raises(CommandError, match="There is no edition 0"):
        call_command("verify_edition", 0)
    with pytest.raises(CommandError, match="has not been built"):
        call_command("verify_edition", ask(director).pk)


def test_the_published_layer_stands_as_at_its_newest_document(loaded):
    for key, day in (("OLD", "2019-09-01"), ("NEW", "2021-03-01"), ("LATER", "2024-01-01")):
        StatementFactory(source_document=SourceDocumentFactory(key=key, published_on=day))
    assert str(default_as_at(year.YEAR, "published")) == "2021-03-01"
    assert default_as_at(year.YEAR, "illustrative") == year.YEAR.ends_on


def test_build_report_writes_five_files_twice_the_same(loaded, tmp_path, quick_pdf):
    made = [build_report(tmp_path / name) for name in ("one", "two")]
    assert [file["name"] for file in made[0]["files"]] == list(build.NAMES.values())
    assert [file["sha256"] for file in made[0]["files"]] == [file["sha256"] for file in made[1]["files"]]
    assert set(made[0]["seconds"]) >= {"facts", "pages", "pdf", "annex", "storing"}
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == sorted(build.NAMES.values())


def build_report(folder, **more) -> dict:
    out = io.StringIO()
    options = {"kind": year.KIND, "year": "2020-21", "layer": year.LAYER, "as_at": "2021-06-30", "format": "json"}
    call_command("build_report", **{**options, "output": folder, **more}, stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue())


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"year": "2020"}, "could be a calendar year"),
        ({"year": "1999-00"}, "no recorded data for 1999-00"),
        ({"kind": "weekly"}, "no kind of report"),
        ({"layer": "imagined"}, "not a layer"),
        ({"as_at": "31/3/2021"}, "is not a day"),
    ],
)
def test_build_report_refuses_what_does_not_exist_in_one_sentence(loaded, tmp_path, wrong, sentence):
    with pytest.raises(CommandError, match=sentence):
        build_report(tmp_path / "out", **wrong)
    assert not list((tmp_path / "out").iterdir()) if (tmp_path / "out").exists() else True


def test_a_folder_that_cannot_be_written_is_one_sentence(loaded, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(CommandError, match=r"cannot be written \("):
        build_report(blocked / "out")


def test_the_annex_holds_every_table_with_its_numbers_and_keys(loaded):
    facts = year.facts()
    with zipfile.ZipFile(io.BytesIO(annex_zip(facts))) as archive:
        names = archive.namelist()
        metadata = json.loads(archive.read("metadata.json"))
        funding = next(each for each in metadata["files"] if each["title"].endswith("Table of funding_by_source"))
        rows = archive.read(funding["file"]).decode().splitlines()
    assert len(names) == len(year.TABLES) + len(year.CHARTS) + 4
    assert {each["file"] for each in metadata["files"]} == set(names) - {"metadata.json"}
    assert rows[:2] == ["Source,Funding,Share of total", "Home Office,7600000.00,93.8"]
    assert funding["keys"][0][1] == "funding.source source=home"
    assert metadata["snapshot_sha256"] == facts.sha256
    assert annex_xlsx(facts) == annex_xlsx(facts)
