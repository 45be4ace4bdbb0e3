"""Wakes workers. Losing a wake-up costs time, never work: the sweeper finds what is still waiting."""

from __future__ import annotations

from functools import partial

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import KombuError, OperationalError

RUN_TASK = "vru.jobs.tasks.run_next"
SEND_TASK = "vru.jobs.tasks.send_mail"
log = structlog.get_logger(__name__)


def send(task: str, *args: int, expires: float | None = None) -> bool:
    """Put one wake-up on the broker; False when the broker cannot be reached, which is logged."""
    try:
        current_app.send_task(task, args=args, expires=expires, retry=False, ignore_result=True)
    except (KombuError, OperationalError, OSError) as error:
        log.warning("wake_up_not_sent", task=task, error=str(error), hint="The sweeper will try again.")
        return False
    return True


def wake_on_commit(task: str, *args: int) -> None:
    """After the commit, because a worker that wakes before it would find no row."""
    transaction.on_commit(partial(send, task, *args))
