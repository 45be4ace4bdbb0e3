"""What a handler is given to say how far it is and to learn that it must stop."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection, transaction

from vru.jobs.actions.job import heartbeat
from vru.jobs.errors import JobCancelled, JobError, LeaseLost
from vru.jobs.models import Job

log = structlog.get_logger(__name__)


class Progress:
    """Writes straight through the caller's connection: for one process, without a worker."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def __call__(self, stage: str, percent: int) -> None:
        """Say what is being done (a short phrase for people) and how far (0 to 100).

        Raises ``JobCancelled`` or ``LeaseLost``; the handler lets them pass.
        """
        heartbeat(job=self.job, stage=stage, percent=percent)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """A transaction in which the job cannot change hands: write the handler's results inside it.

        Raises ``LeaseLost`` or ``JobCancelled`` before anything is written, so a lost worker leaves nothing.
        """
        with transaction.atomic():
            job = (
                Job.objects.select_for_update()
                .filter(pk=self.job.pk, worker=self.job.worker, status=Job.Status.RUNNING)
                .first()
            )
            if job is None:
                raise LeaseLost(f"Job {self.job.pk} was taken over by another worker, so this one wrote nothing.")
            if job.cancel_requested:
                raise JobCancelled(f"Job {self.job.pk} was cancelled.")
            yield

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None


class BackgroundProgress(Progress):
    """Writes from a thread with its own connection.

    The lease is then kept through stages that take longer than it lasts, and progress is seen at once even when
    the handler reports it inside a transaction or a read-only snapshot.
    """

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self._wake = threading.Event()
        self._over = threading.Event()
        self._stop_reason: JobError | None = None
        self._said: tuple[str, int] | None = None
        self._thread = threading.Thread(target=self._beat, name=f"heartbeat-{job.pk}", daemon=True)

    def __call__(self, stage: str, percent: int) -> None:
        self._said = (stage, percent)
        self._wake.set()
        if self._stop_reason is not None:
            raise self._stop_reason

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._wake.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._over.is_set():
                self._wake.wait(timeout=settings.JOB_LEASE_SECONDS / 3)
                self._wake.clear()
                if not self._over.is_set() and not self._write():
                    return
        finally:
            connection.close()

    def _write(self) -> bool:
        """One heartbeat; False when the work must stop."""
        stage, percent = self._said or (None, None)
        try:
            heartbeat(job=self.job, stage=stage, percent=percent)
        except JobError as reason:
            self._stop_reason = reason
            return False
        except DatabaseError as error:
            # A busy or restarting database is no reason to stop: the lease outlasts two missed beats.
            log.warning("heartbeat_missed", job=self.job.pk, error=str(error))
            connection.close()
        return True
