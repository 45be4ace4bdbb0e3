"""One job from claim to outcome, without a broker."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from tests.jobs import kinds
from vru.accounts.models import User
from vru.jobs.actions import cancel, claim, enqueue
from vru.jobs.errors import JobCancelled, LeaseLost
from vru.jobs.models import Job
from vru.jobs.progress import Progress
from vru.jobs.registry import handler_for, job_kind
from vru.jobs.runner import run_job, worker_name


def run(kind: str, by: User, **payload: Any) -> Job:
    job = run_job(enqueue(kind=kind, payload=payload, by=by).pk)
    assert job is not None
    return job


def test_handler_result_is_kept(person: User) -> None:
    job = run("test.add", person, numbers=[19, 23])
    assert (job.status, job.result, job.percent) == (Job.Status.DONE, {"sum": 42}, 100)


def test_handler_sentence_becomes_the_error(person: User) -> None:
    job = run("test.refuse", person)
    assert (job.status, job.error) == (Job.Status.FAILED, "The year 1066 has no returns. Choose another year.")


def test_unexpected_error_fails_the_job_and_names_itself(person: User) -> None:
    job = run("test.break", person)
    assert job.status == Job.Status.FAILED
    assert "KeyError" in job.error
    assert "log" in job.error


def test_unknown_kind_fails_with_a_sentence(person: User) -> None:
    job = run("test.nobody-does-this", person)
    assert job.status == Job.Status.FAILED
    assert "test.nobody-does-this" in job.error


def test_job_runs_once_however_often_workers_are_woken(person: User) -> None:
    job = enqueue(kind="test.add", payload={"numbers": [1]}, by=person)
    assert run_job(job.pk) is not None
    assert run_job(job.pk) is None


def test_job_cancelled_while_running_ends_cancelled(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    @job_kind("test.cancelled-inside")
    def handler(job: Job, progress: Progress) -> dict[str, Any]:
        cancel(job=job, by=person)
        progress("Next", 60)
        raise AssertionError("progress lets a cancelled job go on")

    assert run("test.cancelled-inside", person).status == Job.Status.CANCELLED


def test_results_are_written_only_while_the_job_is_held(person: User) -> None:
    queued = enqueue(kind="test.add", payload={}, by=person)
    job = claim(worker=worker_name(), now=timezone.now(), job_id=queued.pk)
    assert job is not None
    with Progress(job).hold():
        assert Job.objects.get(pk=job.pk).status == Job.Status.RUNNING
    cancel(job=job, by=person)
    with pytest.raises(JobCancelled), Progress(job).hold():
        pass
    Job.objects.filter(pk=job.pk).update(worker="somebody else")
    with pytest.raises(LeaseLost), Progress(job).hold():
        pass


def test_two_functions_cannot_share_a_kind() -> None:
    def another(job: Job, progress: Progress) -> dict[str, Any]:
        return {}

    with pytest.raises(ValueError, match="Two handlers"):
        job_kind("test.add")(another)
    assert handler_for("test.add") is kinds.add


def test_worker_names_differ_between_claims() -> None:
    assert worker_name() != worker_name()
