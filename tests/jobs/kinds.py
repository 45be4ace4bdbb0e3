"""Job kinds that exist only for these tests; a test worker includes this module."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from vru.jobs.errors import JobFailed
from vru.jobs.models import Job
from vru.jobs.progress import Progress
from vru.jobs.registry import job_kind


@job_kind("test.add")
def add(job: Job, progress: Progress) -> dict[str, Any]:
    progress("Adding", 50)
    return {"sum": sum(job.payload["numbers"])}


@job_kind("test.refuse")
def refuse(job: Job, progress: Progress) -> dict[str, Any]:
    raise JobFailed("The year 1066 has no returns. Choose another year.")


@job_kind("test.break")
def break_down(job: Job, progress: Progress) -> dict[str, Any]:
    raise KeyError("budget")


@job_kind("test.wait-for-file")
def wait_for_file(job: Job, progress: Progress) -> dict[str, Any]:
    """Half-way, wait until a file appears; the test decides when, or kills the worker first."""
    progress("Half-way", 50)
    end = time.monotonic() + 60
    while not Path(job.payload["file"]).exists():
        if time.monotonic() > end:
            raise JobFailed("The file never came.")
        time.sleep(0.05)
        progress("Half-way", 50)
    with progress.hold():
        return {"attempt": job.attempts}


@job_kind("test.silent")
def stay_silent(job: Job, progress: Progress) -> dict[str, Any]:
    """A long stage that reports nothing: only the heartbeat keeps the lease."""
    time.sleep(job.payload["seconds"])
    return {"attempt": job.attempts}
