"""Everything that changes a job's status.

Claims and finishes are conditional UPDATEs, so that two workers never both win.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from vru.accounts.models import AuditEvent, User
from vru.jobs.errors import JobCancelled, JobRefused, LeaseLost
from vru.jobs.models import Job
from vru.jobs.wake import RUN_TASK, wake_on_commit

# What a job looks like before its next attempt; shared by enqueue, retry and the sweeper.
_FRESH: dict[str, Any] = {
    "status": Job.Status.QUEUED,
    "stage": "",
    "percent": 0,
    "worker": "",
    "lease_expires_at": None,
    "finished_at": None,
    "error": "",
}


def lease_end(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.JOB_LEASE_SECONDS)


@transaction.atomic
def enqueue(*, kind: str, payload: dict[str, Any], by: User, lock_key: str | None = None) -> Job:
    """Queue a job and wake a worker once the transaction commits.

    With ``lock_key``, a live job of the same kind and payload is returned instead of a second one.
    Raises ``JobRefused`` when the key is held by different work, or by a job that ``by`` may not see.
    """
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=kind,
                payload=payload,
                requested_by=by,
                created_at=timezone.now(),
                lock_key=lock_key or "",
            )
    except IntegrityError:
        return _same_live_job(kind, payload, by, lock_key or "")
    AuditEvent.record("job.enqueued", job, by=by, payload=payload)
    wake_on_commit(RUN_TASK, job.pk)
    return job


def _same_live_job(kind: str, payload: dict[str, Any], by: User, lock_key: str) -> Job:
    job = Job.objects.live().visible_to(by).filter(lock_key=lock_key, kind=kind).exclude(lock_key="").first()
    if job is None or job.payload != payload:
        raise JobRefused(
            "The same work is already waiting or running. Wait for it to finish, or cancel it, and try again."
        )
    return job


def claim(*, worker: str, now: datetime, job_id: int | None = None) -> Job | None:
    """Take one waiting job (the oldest, or the one named) for ``worker``; None when somebody else has it.

    ``worker`` must be unique to this claim: it keeps a worker that was thought dead from writing later.
    """
    waiting = Job.objects.claimable(now)
    if job_id is not None:
        waiting = waiting.filter(pk=job_id)
    for pk in waiting.values_list("pk", flat=True)[:10]:
        taken = Job.objects.claimable(now).order_by().filter(pk=pk)
        if taken.update(
            status=Job.Status.RUNNING,
            worker=worker,
            attempts=F("attempts") + 1,
            started_at=now,
            heartbeat_at=now,
            lease_expires_at=lease_end(now),
            stage="Starting",
            percent=0,
        ):
            return Job.objects.get(pk=pk)
    return None


def heartbeat(*, job: Job, stage: str | None = None, percent: int | None = None) -> None:
    """Renew the lease and, when given, say how far the work is (``percent`` 0 to 100).

    Raises ``LeaseLost`` when another worker has the job, ``JobCancelled`` when somebody asked for it to stop.
    """
    now = timezone.now()
    changes: dict[str, Any] = {"heartbeat_at": now, "lease_expires_at": lease_end(now)}
    if stage is not None:
        changes["stage"] = stage[:120]
    if percent is not None:
        changes["percent"] = max(0, min(100, percent))
    mine = Job.objects.filter(pk=job.pk, worker=job.worker, status=Job.Status.RUNNING)
    if not mine.update(**changes):
        raise LeaseLost(f"Job {job.pk} was taken over by another worker, so this one stopped.")
    if mine.filter(cancel_requested=True).exists():
        raise JobCancelled(f"Job {job.pk} was cancelled.")


def _end(job: Job, status: Job.Status, **changes: Any) -> Job:
    """Move a running job to its end, if this worker still holds it; raises ``LeaseLost`` otherwise."""
    mine = Job.objects.filter(pk=job.pk, worker=job.worker, status=Job.Status.RUNNING)
    if not mine.update(
        status=status, finished_at=timezone.now(), lease_expires_at=None, cancel_requested=False, **changes
    ):
        raise LeaseLost(f"Job {job.pk} was taken over by another worker, so its outcome was not recorded here.")
    job.refresh_from_db()
    return job


def finish(*, job: Job, result: dict[str, Any]) -> Job:
    return _end(job, Job.Status.DONE, result=result, stage="Finished", percent=100)


def fail(*, job: Job, error: str) -> Job:
    """``error`` is a plain sentence for whoever asked: what went wrong and what to do."""
    return _end(job, Job.Status.FAILED, error=error or "The job failed without saying why. Look at the worker's log.")


def stop_cancelled(*, job: Job) -> Job:
    return _end(job, Job.Status.CANCELLED)


@transaction.atomic
def cancel(*, job: Job, by: User) -> Job:
    """A waiting job is cancelled at once; a running one is asked to stop at its next sign of progress."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if not job.can_cancel:
        raise JobRefused(f"Job {job.pk} cannot be cancelled: it is {job.get_status_display().lower()}.")
    if job.status == Job.Status.QUEUED:
        job.status, job.finished_at = Job.Status.CANCELLED, timezone.now()
        job.save(update_fields=["status", "finished_at"])
    else:
        Job.objects.filter(pk=job.pk).update(cancel_requested=True)
        job.cancel_requested = True
    AuditEvent.record("job.cancelled", job, by=by)
    return job


@transaction.atomic
def retry(*, job: Job, by: User) -> Job:
    """Queue a failed or cancelled job again, with its attempts counted from nothing."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if not job.can_retry:
        raise JobRefused(f"Job {job.pk} cannot be tried again: it is {job.get_status_display().lower()}.")
    try:
        with transaction.atomic():
            Job.objects.filter(pk=job.pk).update(**_FRESH, attempts=0, started_at=None, cancel_requested=False)
    except IntegrityError as error:
        raise JobRefused("The same work is already waiting or running under another job. Wait for that one.") from error
    job.refresh_from_db()
    AuditEvent.record("job.retried", job, by=by)
    wake_on_commit(RUN_TASK, job.pk)
    return job


def release_expired(*, now: datetime) -> list[Job]:
    """Give back, cancel or fail each job whose worker went silent; returns those that changed."""
    changed = []
    for job in Job.objects.expired(now).order_by("created_at", "pk"):
        if Job.objects.expired(now).filter(pk=job.pk, worker=job.worker).update(**_after_silence(job, now)):
            job.refresh_from_db()
            changed.append(job)
    return changed


def _after_silence(job: Job, now: datetime) -> dict[str, Any]:
    if job.cancel_requested:
        return {
            "status": Job.Status.CANCELLED,
            "finished_at": now,
            "lease_expires_at": None,
            "cancel_requested": False,
        }
    if job.attempts < settings.JOB_MAX_ATTEMPTS:
        return dict(_FRESH)
    reason = f"The worker stopped without a word {job.attempts} times, last at “{job.stage}” ({job.percent}%)."
    advice = "It may have run out of memory: look at the worker's log, then try again."
    return {
        "status": Job.Status.FAILED,
        "finished_at": now,
        "lease_expires_at": None,
        "error": f"{reason} {advice}",
    }
