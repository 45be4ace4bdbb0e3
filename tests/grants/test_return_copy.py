"""The PDF copy: asked for when a submission is complete, made once by a worker, whole whatever was typed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pdfua
import pymupdf
import pytest
from django.core.files.storage import default_storage

from grants import tasks as _tasks  # noqa: F401 - registers the job
from grants.actions.drafts import save_section
from grants.actions.signing import sign_revision
from grants.actions.submission import submit_return
from grants.documents.copies import make_copy
from grants.documents.queue import JOB_KIND, job_of, queue_copy, retry_copy
from grants.documents.render import render_copy
from grants.errors import ActionRefused
from grants.models import ReturnDocument, Revision, Section
from tests.cast import World, complete_answers
from tests.factories import AttachmentFactory
from vru.jobs.models import Job
from vru.jobs.runner import run_job


@pytest.fixture(autouse=True)
def own_storage(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    }


def sent(world: World, narrative: str = "Ten young people came every week. 🌟", **changes: dict[str, str]) -> Revision:
    answers = complete_answers(world) | {"G": {"answer.what-went-well": narrative}} | changes
    for letter, data in answers.items():
        save_section(
            monitoring_return=world.monitoring_return,
            section=Section(letter),
            data=data,
            version=0,
            by=world.cast.grantee,
            complete=True,
        )
    explanations = {code: f"Explained {code}." for code in ("W206", "W211")}
    return submit_return(
        monitoring_return=world.monitoring_return,
        by=world.cast.grantee,
        declared_name="Gia Grantee",
        explanations=explanations,
    )


def printed(revision: Revision, folder: Path) -> tuple[Path, list[str]]:
    output = folder / "copy.pdf"
    render_copy(Revision.objects.get(pk=revision.pk), output)
    with pymupdf.open(output) as document:
        return output, [page.get_text() for page in document]


def test_the_copy_is_asked_for_when_the_submission_is_complete(world: World) -> None:
    revision = sent(world)
    assert Job.objects.get(kind=JOB_KIND).payload == {"revision": revision.pk}


def test_an_unsigned_version_gets_its_copy_with_the_signature(world: World) -> None:
    world.grant.needs_signatory = True
    world.grant.save()
    revision = sent(world)
    assert job_of(revision) is None
    with pytest.raises(ActionRefused, match="once the return is signed"):
        retry_copy(revision=revision, by=world.cast.grantee)
    sign_revision(revision=revision, by=world.cast.signatory)
    assert job_of(revision) is not None


@pytest.mark.slow
def test_the_worker_makes_one_copy_however_often_it_is_asked(world: World) -> None:
    revision = sent(world)
    again = queue_copy(revision=revision, by=world.cast.grantee)
    jobs = [run_job(job.pk) for job in (job_of(revision), Job.objects.exclude(pk=again.pk).get(kind=JOB_KIND)) if job]
    assert [job.status for job in jobs if job] == ["done", "done"]
    document = ReturnDocument.objects.get()
    assert document.file.read()[:5] == b"%PDF-"
    assert default_storage.listdir(f"returns/{revision.pk}")[1] == [Path(document.file.name).name]
    assert make_copy(revision=revision, by=None) == document
    assert retry_copy(revision=revision, by=world.cast.grantee) is None


def test_a_copy_that_failed_is_asked_for_again_once(world: World) -> None:
    revision = sent(world)
    job = Job.objects.get(kind=JOB_KIND)
    Job.objects.filter(pk=job.pk).update(payload={"revision": 0})
    assert run_job(job.pk).status == "failed"
    Job.objects.filter(pk=job.pk).update(payload={"revision": revision.pk})
    assert retry_copy(revision=revision, by=world.cast.grantee) == job
    assert retry_copy(revision=revision, by=world.cast.grantee) is None
    assert Job.objects.filter(kind=JOB_KIND).count() == 1


def test_a_file_that_cannot_be_recorded_is_not_left_behind(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    revision = sent(world)
    monkeypatch.setattr("grants.documents.copies.render_copy", lambda revision, output: output.write_bytes(b"%PDF-"))

    def lost() -> Any:
        raise RuntimeError("taken over")

    with pytest.raises(RuntimeError):
        make_copy(revision=revision, by=None, hold=lost)
    assert default_storage.listdir(f"returns/{revision.pk}")[1] == []


@pytest.mark.slow
def test_the_copy_says_everything_and_passes_the_checker(world: World, tmp_path: Path) -> None:
    AttachmentFactory(
        monitoring_return=world.monitoring_return,
        name="register.pdf",
        uploaded_at=world.monitoring_return.quarter.opens_on.strftime("%Y-%m-%dT12:00Z"),
    )
    revision = sent(world, F={"spend.labour.actual": "0"})
    path, pages = printed(revision, tmp_path)
    text = " ".join(" ".join(pages).split())
    for wanted in (
        f"{world.grant.ref} 2020-21Q2 v1",
        "Gia Grantee",
        "What went well?",
        "Ten young people came every week. 🌟",
        "1,169",
        "£0.00",
        "Explained W206.",
        "register.pdf",
        f"Page 1 of {len(pages)}",
    ):
        assert wanted in text, wanted
    assert [str(finding) for finding in pdfua.validate(str(path)).findings] == []


@pytest.mark.slow
def test_a_very_long_narrative_survives_whole(world: World, tmp_path: Path) -> None:
    words = [f"word{number}" for number in range(11_500)]
    _, pages = printed(sent(world, narrative=" ".join(words)), tmp_path)
    found = "".join("".join(pages).split())
    assert all(word in found for word in words)


@pytest.mark.slow
@pytest.mark.parametrize("text", ["شكرا جزيلا", "תודה רבה", "Zażółć gęślą jaźń", "Спасибо", "👍🏽 👨‍👩‍👧 ✅"])
def test_other_scripts_survive(world: World, tmp_path: Path, text: str) -> None:
    path, pages = printed(sent(world, narrative=f"They said: {text}"), tmp_path)
    found = "".join(pages)
    missing = [letter for letter in text if not letter.isspace() and letter not in found]
    assert missing == []
    assert [str(finding) for finding in pdfua.validate(str(path)).findings] == []


@pytest.mark.slow
def test_markup_in_an_answer_is_text(world: World, tmp_path: Path) -> None:
    _, pages = printed(sent(world, narrative='<img src="file:///etc/passwd"> \x07 {{ title }}'), tmp_path)
    assert '<img src="file:///etc/passwd">' in "".join(pages)
    assert "{{ title }}" in "".join(pages)


@pytest.mark.slow
def test_the_same_version_gives_the_same_bytes(world: World, tmp_path: Path) -> None:
    revision = sent(world)
    first, _ = printed(revision, tmp_path)
    kept = first.read_bytes()
    assert printed(revision, tmp_path)[0].read_bytes() == kept
