"""A real worker process on the test database: what happens when it is killed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone

from tests.services import WorkerProcess, wait_until
from vru.accounts.models import User
from vru.jobs.actions import cancel, enqueue, retry
from vru.jobs.models import Job
from vru.jobs.tasks import sweep

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]
KINDS = "tests.jobs.kinds"
Start = Callable[..., WorkerProcess]


def status(job: Job) -> str:
    job.refresh_from_db()
    return job.status


def reach(job: Job, wanted: str, seconds: float = 30) -> None:
    wait_until(lambda: status(job) == wanted, f"Job {job.pk} reaching {wanted}", seconds)


def wait_until_half_way(job: Job) -> None:
    wait_until(lambda: bool(Job.objects.filter(pk=job.pk, stage="Half-way")), "The job getting half-way")


def wait_for_the_lease_to_run_out(job: Job) -> None:
    wait_until(lambda: Job.objects.expired(timezone.now()).filter(pk=job.pk).exists(), "The lease running out")


def test_worker_takes_up_a_job_and_records_its_result(celery_worker_process: Start, person: User) -> None:
    celery_worker_process(KINDS)
    job = enqueue(kind="test.add", payload={"numbers": [2, 3]}, by=person)
    reach(job, Job.Status.DONE)
    assert job.result == {"sum": 5}


def test_worker_that_starts_finds_a_job_whose_wake_up_was_lost(celery_worker_process: Start, person: User) -> None:
    job = Job.objects.create(kind="test.add", payload={"numbers": [7]}, requested_by=person, created_at=timezone.now())
    celery_worker_process(KINDS)
    reach(job, Job.Status.DONE)
    assert job.result == {"sum": 7}


def test_job_of_a_killed_worker_is_finished_by_the_next(
    celery_worker_process: Start, person: User, tmp_path: Path
) -> None:
    go_on = tmp_path / "go-on"
    first = celery_worker_process(KINDS)
    job = enqueue(kind="test.wait-for-file", payload={"file": str(go_on)}, by=person)
    wait_until_half_way(job)
    first.kill()
    go_on.touch()
    wait_for_the_lease_to_run_out(job)
    celery_worker_process(KINDS)
    reach(job, Job.Status.DONE)
    assert job.result == {"attempt": 2}


def test_job_that_keeps_killing_its_worker_fails_with_a_reason_and_can_be_retried(
    celery_worker_process: Start, person: User, tmp_path: Path, settings: pytest.FixtureRequest
) -> None:
    settings.JOB_MAX_ATTEMPTS = 1
    go_on = tmp_path / "go-on"
    first = celery_worker_process(KINDS)
    job = enqueue(kind="test.wait-for-file", payload={"file": str(go_on)}, by=person)
    wait_until_half_way(job)
    first.kill()
    wait_for_the_lease_to_run_out(job)
    sweep()
    assert status(job) == Job.Status.FAILED
    assert "Half-way" in job.error
    go_on.touch()
    celery_worker_process(KINDS)
    retry(job=job, by=person)
    reach(job, Job.Status.DONE)


def test_stage_longer_than_the_lease_keeps_it(celery_worker_process: Start, person: User) -> None:
    celery_worker_process(KINDS, lease_seconds=2)
    job = enqueue(kind="test.silent", payload={"seconds": 5}, by=person)
    reach(job, Job.Status.RUNNING)
    first_beat = job.heartbeat_at
    wait_until(lambda: status(job) == Job.Status.DONE or job.heartbeat_at != first_beat, "A heartbeat")
    reach(job, Job.Status.DONE)
    assert (job.result, job.attempts) == ({"attempt": 1}, 1)


def test_running_job_stops_when_it_is_cancelled(celery_worker_process: Start, person: User, tmp_path: Path) -> None:
    celery_worker_process(KINDS)
    job = enqueue(kind="test.wait-for-file", payload={"file": str(tmp_path / "never")}, by=person)
    wait_until_half_way(job)
    cancel(job=job, by=person)
    reach(job, Job.Status.CANCELLED)
    assert job.result == {}
