"""The life of a job: who may see it, what may follow what, and what two workers may not both do."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from vru.accounts.models import AuditEvent, User
from vru.jobs.actions import cancel, claim, enqueue, fail, finish, heartbeat, release_expired, retry
from vru.jobs.errors import JobCancelled, JobRefused, LeaseLost
from vru.jobs.models import JOB_STATES, Job
from vru.jobs.tasks import sweep

Status = Job.Status


def queued(by: User, **changes: Any) -> Job:
    return enqueue(**{"kind": "test.add", "payload": {"numbers": [1, 2]}, "by": by, **changes})


def running(by: User, worker: str = "a:1:x") -> Job:
    job = claim(worker=worker, now=timezone.now(), job_id=queued(by).pk)
    assert job is not None
    return job


def in_status(by: User, status: Status) -> Job:
    """A job brought to a status the way jobs get there."""
    if status == Status.QUEUED:
        return queued(by)
    if status == Status.CANCELLED:
        return cancel(job=queued(by), by=by)
    job = running(by)
    if status == Status.DONE:
        finish(job=job, result={})
    if status == Status.FAILED:
        fail(job=job, error="It rained.")
    return job


def expire(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_expires_at=timezone.now() - timedelta(seconds=1))


def test_enqueue_records_who_asked(person: User) -> None:
    job = queued(person)
    assert (job.status, job.requested_by, job.attempts) == (Status.QUEUED, person, 0)
    assert AuditEvent.objects.about(job).get().actor == person


def test_enqueue_wakes_a_worker_only_after_the_commit(
    person: User, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[tuple[Any, ...]] = []
    monkeypatch.setattr("vru.jobs.wake.current_app.send_task", lambda name, args, **_: woken.append((name, *args)))
    with django_capture_on_commit_callbacks(execute=True):
        job = queued(person)
        assert woken == []
    assert woken == [("vru.jobs.tasks.run_next", job.pk)]


def test_job_stays_queued_when_the_broker_is_down(
    person: User, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise ConnectionRefusedError("no broker")

    monkeypatch.setattr("vru.jobs.wake.current_app.send_task", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        job = queued(person)
    job.refresh_from_db()
    assert job.status == Status.QUEUED


def test_same_key_and_work_returns_the_live_job(person: User) -> None:
    assert queued(person, lock_key="report 2020").pk == queued(person, lock_key="report 2020").pk


def test_same_key_with_other_work_is_refused(person: User) -> None:
    queued(person, lock_key="report 2020")
    with pytest.raises(JobRefused, match="already waiting or running"):
        queued(person, lock_key="report 2020", payload={"numbers": [9]})


def test_key_held_by_somebody_elses_job_is_refused_to_an_outsider(person: User, outsider: User) -> None:
    queued(person, lock_key="report 2020")
    with pytest.raises(JobRefused):
        queued(outsider, lock_key="report 2020")


def test_key_is_free_again_once_the_job_is_over(person: User) -> None:
    first = cancel(job=queued(person, lock_key="report 2020"), by=person)
    assert queued(person, lock_key="report 2020").pk != first.pk


def test_database_refuses_two_live_jobs_with_one_key(person: User) -> None:
    queued(person, lock_key="report 2020")
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind="x", requested_by=person, created_at=timezone.now(), lock_key="report 2020")


@pytest.mark.parametrize(
    "broken",
    [
        {"percent": 101},
        {"status": "lost"},
        {"status": "running"},
        {"status": "done"},
        {"status": "failed", "finished_at": timezone.now()},
        {"kind": ""},
    ],
    ids=lambda broken: ",".join(f"{key}={value}"[:20] for key, value in broken.items()),
)
def test_database_refuses_an_impossible_job(person: User, broken: dict[str, Any]) -> None:
    job = queued(person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**broken)


def test_people_see_their_own_jobs_and_staff_see_all(person: User, outsider: User, director: User) -> None:
    job = queued(person)
    assert list(Job.objects.visible_to(person)) == [job]
    assert list(Job.objects.visible_to(outsider)) == []
    assert list(Job.objects.visible_to(director)) == [job]


def test_one_claim_wins(person: User) -> None:
    job = queued(person)
    first = claim(worker="a:1:x", now=timezone.now(), job_id=job.pk)
    assert first is not None
    assert (first.status, first.attempts, first.worker) == (Status.RUNNING, 1, "a:1:x")
    assert claim(worker="b:1:y", now=timezone.now(), job_id=job.pk) is None


def test_claim_without_a_number_takes_the_oldest(person: User) -> None:
    older, newer = queued(person), queued(person)
    taken = [claim(worker=f"w{number}", now=timezone.now()) for number in range(3)]
    assert [job.pk if job else None for job in taken] == [older.pk, newer.pk, None]


def test_heartbeat_moves_the_lease_and_shows_progress(person: User) -> None:
    job = running(person)
    before = job.lease_expires_at
    heartbeat(job=job, stage="Charts", percent=40)
    job.refresh_from_db()
    assert (job.stage, job.percent) == ("Charts", 40)
    assert before is not None
    assert job.lease_expires_at is not None
    assert job.lease_expires_at > before


def test_worker_that_lost_its_lease_can_write_nothing(person: User) -> None:
    slow = running(person, "slow:1:x")
    expire(slow)
    release_expired(now=timezone.now())
    quick = claim(worker="quick:1:y", now=timezone.now(), job_id=slow.pk)
    assert quick is not None
    for late in (
        lambda: heartbeat(job=slow, percent=99),
        lambda: finish(job=slow, result={"from": "slow"}),
        lambda: fail(job=slow, error="too late"),
    ):
        with pytest.raises(LeaseLost):
            late()
    assert finish(job=quick, result={"from": "quick"}).result == {"from": "quick"}


def test_running_job_is_told_to_stop(person: User) -> None:
    job = running(person)
    assert cancel(job=job, by=person).cancel_requested
    with pytest.raises(JobCancelled):
        heartbeat(job=job)


@pytest.mark.parametrize("status", list(Status))
def test_cancel_follows_the_table(person: User, status: Status) -> None:
    job = in_status(person, status)
    if JOB_STATES.can(status, Status.CANCELLED):
        cancel(job=job, by=person)
        assert AuditEvent.objects.about(job).filter(action="job.cancelled").exists()
    else:
        with pytest.raises(JobRefused, match=f"Job {job.pk} cannot be cancelled"):
            cancel(job=job, by=person)


@pytest.mark.parametrize("status", list(Status))
def test_retry_is_for_jobs_that_are_over_without_success(person: User, status: Status) -> None:
    job = in_status(person, status)
    if status in (Status.FAILED, Status.CANCELLED):
        again = retry(job=job, by=person)
        assert (again.status, again.attempts, again.error, again.finished_at) == (Status.QUEUED, 0, "", None)
    else:
        with pytest.raises(JobRefused, match=f"Job {job.pk} cannot be tried again"):
            retry(job=job, by=person)


def test_retry_waits_for_the_job_that_took_its_key(person: User) -> None:
    first = cancel(job=queued(person, lock_key="report 2020"), by=person)
    queued(person, lock_key="report 2020")
    with pytest.raises(JobRefused, match="under another job"):
        retry(job=first, by=person)


@pytest.mark.parametrize(("frm", "to"), list(product(Status, Status)))
def test_a_finished_job_never_moves_and_no_job_stays_where_it_is(frm: Status, to: Status) -> None:
    if frm in (Status.DONE, to):
        assert not JOB_STATES.can(frm, to)
    if JOB_STATES.can(frm, to):
        assert to == Status.QUEUED or frm in (Status.QUEUED, Status.RUNNING)


def test_expired_job_goes_back_to_the_queue(person: User) -> None:
    job = running(person)
    expire(job)
    assert release_expired(now=timezone.now()) == [job]
    job.refresh_from_db()
    assert (job.status, job.worker, job.lease_expires_at, job.attempts) == (Status.QUEUED, "", None, 1)


def test_expired_job_can_be_claimed_without_waiting_for_the_sweeper(person: User) -> None:
    job = running(person)
    expire(job)
    again = claim(worker="b:1:y", now=timezone.now(), job_id=job.pk)
    assert again is not None
    assert (again.attempts, again.worker) == (2, "b:1:y")


def test_expired_job_without_attempts_left_cannot_be_claimed(person: User, settings: Any) -> None:
    settings.JOB_MAX_ATTEMPTS = 1
    job = running(person)
    expire(job)
    assert claim(worker="b:1:y", now=timezone.now(), job_id=job.pk) is None


def test_expired_job_fails_with_a_reason_after_the_last_attempt(person: User, settings: Any) -> None:
    settings.JOB_MAX_ATTEMPTS = 1
    job = running(person)
    heartbeat(job=job, stage="Charts", percent=40)
    expire(job)
    release_expired(now=timezone.now())
    job.refresh_from_db()
    assert job.status == Status.FAILED
    assert "Charts" in job.error
    assert retry(job=job, by=person).status == Status.QUEUED


def test_expired_job_that_was_to_be_cancelled_is_cancelled(person: User) -> None:
    job = cancel(job=running(person), by=person)
    expire(job)
    release_expired(now=timezone.now())
    job.refresh_from_db()
    assert (job.status, job.cancel_requested) == (Status.CANCELLED, False)


def test_job_within_its_lease_is_left_alone(person: User) -> None:
    job = running(person)
    assert release_expired(now=timezone.now()) == []
    job.refresh_from_db()
    assert job.status == Status.RUNNING


def test_sweep_wakes_workers_for_lost_and_waiting_jobs(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[int] = []
    monkeypatch.setattr("vru.jobs.tasks.send", lambda _task, pk, **_: woken.append(pk) or True)
    lost, waiting, healthy = running(person), queued(person), running(person)
    expire(lost)
    sweep()
    assert sorted(woken) == sorted([lost.pk, waiting.pk])
    healthy.refresh_from_db()
    assert healthy.status == Status.RUNNING
