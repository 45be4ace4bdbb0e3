"""Which function does which kind of job. Higher apps register theirs; this app knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog

from vru.jobs.errors import JobFailed
from vru.jobs.models import Job
from vru.jobs.progress import Progress

Handler = Callable[[Job, Progress], dict[str, Any]]
Failed = Callable[[Job], None]
_handlers: dict[str, Handler] = {}
_failed: dict[str, Failed] = {}
log = structlog.get_logger(__name__)


def job_kind(kind: str, *, failed: Failed | None = None) -> Callable[[Handler], Handler]:
    """Register ``handler(job, progress) -> result`` for a kind, in a module the worker imports (``<app>/tasks.py``).

    ``failed(job)`` is called once a job of the kind has failed for good, also when its worker died of it.
    The result is a JSON-ready dictionary. Raises ``ValueError`` when another function has the kind already.
    """

    def register(handler: Handler) -> Handler:
        known = _handlers.get(kind)
        if known is not None and (known.__module__, known.__qualname__) != (
            handler.__module__,
            handler.__qualname__,
        ):
            raise ValueError(f"Two handlers for job kind {kind!r}: {known.__module__} and {handler.__module__}.")
        _handlers[kind] = handler
        if failed is not None:
            _failed[kind] = failed
        return handler

    return register


def say_failed(job: Job) -> None:
    """Let the kind's own code tell whoever waits. What goes wrong there is logged: the job has failed all the same."""
    tell = _failed.get(job.kind)
    if tell is None or job.status != Job.Status.FAILED:
        return
    try:
        tell(job)
    except Exception:
        log.exception("failure_not_told", job=job.pk, kind=job.kind)


def handler_for(kind: str) -> Handler:
    """The function for a kind; raises ``JobFailed`` with a sentence when there is none."""
    try:
        return _handlers[kind]
    except KeyError as error:
        raise JobFailed(
            f"Nothing here can do a job of kind “{kind}”. The worker may be older than the site: restart it."
        ) from error
