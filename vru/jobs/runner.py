"""Runs one job from claim to outcome, in this process."""

from __future__ import annotations

import os
import socket
from uuid import uuid4

import structlog
from django.utils import timezone

from vru.jobs.actions import claim, fail, finish, stop_cancelled
from vru.jobs.errors import JobCancelled, JobFailed, LeaseLost
from vru.jobs.models import Job
from vru.jobs.progress import BackgroundProgress, Progress
from vru.jobs.registry import handler_for, say_failed

log = structlog.get_logger(__name__)


def worker_name() -> str:
    """Unique to one claim, because the name is also the fence."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{uuid4().hex[:12]}"


def run_job(job_id: int, *, background: bool = False) -> Job | None:
    """Claim a job and run its handler; returns the job as it ended, None when there was nothing to claim.

    ``background`` keeps the lease from a thread with its own connection, as a worker does. Without it all
    happens on the caller's connection. Never raises what a handler raises: the row says how it went.
    """
    job = claim(worker=worker_name(), now=timezone.now(), job_id=job_id)
    if job is None:
        return None
    progress = BackgroundProgress(job) if background else Progress(job)
    try:
        ended = _outcome(job, progress)
    except LeaseLost as error:
        log.warning("lease_lost", job=job.pk, kind=job.kind, error=str(error))
        return None
    say_failed(ended)
    return ended


def _outcome(job: Job, progress: Progress) -> Job:
    try:
        handler = handler_for(job.kind)
        with progress:
            result = handler(job, progress)
    except LeaseLost:
        raise
    except JobCancelled:
        return stop_cancelled(job=job)
    except JobFailed as error:
        return fail(job=job, error=str(error))
    except Exception as error:  # the handler's own fault: the row must say so, the log has the rest
        log.exception("job_failed", job=job.pk, kind=job.kind)
        what = f"Something unexpected went wrong ({type(error).__name__}: {error})."
        return fail(job=job, error=f"{what} The worker's log has the details.")
    return finish(job=job, result=result)
