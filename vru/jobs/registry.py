"""Which function does which kind of job. Higher apps register theirs; this app knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vru.jobs.errors import JobFailed
from vru.jobs.models import Job
from vru.jobs.progress import Progress

Handler = Callable[[Job, Progress], dict[str, Any]]
_handlers: dict[str, Handler] = {}


def job_kind(kind: str) -> Callable[[Handler], Handler]:
    """Register ``handler(job, progress) -> result`` for a kind, in a module the worker imports (``<app>/tasks.py``).

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
        return handler

    return register


def handler_for(kind: str) -> Handler:
    """The function for a kind; raises ``JobFailed`` with a sentence when there is none."""
    try:
        return _handlers[kind]
    except KeyError as error:
        raise JobFailed(
            f"Nothing here can do a job of kind “{kind}”. The worker may be older than the site: restart it."
        ) from error
