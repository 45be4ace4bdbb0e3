"""What the worker and the clock call for returns. Each task calls one action and is safe to repeat."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.utils import timezone

from grants.actions import payment_jobs as _payments  # noqa: F401 - registers the job that tells who was paid
from grants.actions.acceptance import start_due
from grants.actions.clock import lock_closed, remind_due
from grants.actions.drafts import open_due_returns
from grants.agreements import jobs as _agreements  # noqa: F401 - registers the job that prints agreements
from grants.documents import jobs as _documents  # noqa: F401 - registers the job that makes copies of returns
from vru.jobs.wake import send

OPEN_TASK = "grants.tasks.open_returns"
REMIND_TASK = "grants.tasks.remind"
LOCK_TASK = "grants.tasks.lock_approved"


@shared_task(name=OPEN_TASK)
def open_returns() -> None:
    """What begins with the day: accepted awards whose first day it is, then returns that open."""
    today = timezone.localdate()
    start_due(today=today)
    open_due_returns(today=today)


@shared_task(name=REMIND_TASK)
def remind() -> None:
    remind_due(today=timezone.localdate())


@shared_task(name=LOCK_TASK)
def lock_approved() -> None:
    lock_closed(today=timezone.localdate())


@worker_ready.connect
def catch_up_at_start(**_: Any) -> None:
    """A worker that was off at midnight opens and locks what fell due meanwhile. Sent, not called, as every task is."""
    for task in (OPEN_TASK, LOCK_TASK):
        send(task)
