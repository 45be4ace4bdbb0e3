"""What Celery calls. Each task takes ids, calls one function and is safe to repeat."""

from __future__ import annotations

from typing import Any

import structlog
from celery import shared_task
from celery.signals import worker_ready
from django.conf import settings
from django.utils import timezone

from vru.jobs.actions import release_expired, send_queued
from vru.jobs.models import Job
from vru.jobs.registry import say_failed
from vru.jobs.runner import run_job
from vru.jobs.wake import RUN_TASK, SEND_TASK, send

# As many lost jobs as one sweep wakes; the next sweep takes the rest.
WAKE_LIMIT = 100
log = structlog.get_logger(__name__)


@shared_task(name=RUN_TASK)
def run_next(job_id: int) -> None:
    run_job(job_id, background=True)


@shared_task(name=SEND_TASK)
def send_mail() -> None:
    send_queued(now=timezone.now())


@shared_task(name="vru.jobs.tasks.sweep")
def sweep() -> None:
    """Give lost jobs back or fail them, wake workers for what waits, and try unsent mail again."""
    now = timezone.now()
    for job in release_expired(now=now):
        log.warning("job_lease_expired", job=job.pk, kind=job.kind, attempts=job.attempts, status=job.status)
        say_failed(job)
    for pk in Job.objects.claimable(now).values_list("pk", flat=True)[:WAKE_LIMIT]:
        # A wake-up nobody takes expires, so that a long queue does not fill the broker with repeats.
        if not send(RUN_TASK, pk, expires=settings.JOB_LEASE_SECONDS):
            break
    send_queued(now=now)


@worker_ready.connect
def sweep_at_start(**_: Any) -> None:
    """A worker that starts looks for what the last one left. Sent, not called: the parent keeps no connection."""
    send("vru.jobs.tasks.sweep")
