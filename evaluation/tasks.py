"""Background work of this app."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.utils import timezone

from evaluation.actions.auditing import keep_audit
from evaluation.actions.building import build_edition
from evaluation.actions.drafts import make_due_drafts, prune_drafts
from evaluation.actions.final_files import finish_edition
from evaluation.actions.finishing import JOB_KIND as FINISH_KIND
from evaluation.actions.reports import JOB_KIND
from evaluation.messages import tell_failed
from evaluation.models import Edition
from evaluation.reports.errors import ReportError
from evaluation.signing.messages import tell_not_finished
from vru.jobs.errors import JobFailed
from vru.jobs.models import Job
from vru.jobs.progress import Progress
from vru.jobs.registry import job_kind
from vru.jobs.wake import send
from vru.lib.pdf import PdfFailed, RepairError, ResourceRefused

DRAFTS_TASK = "evaluation.tasks.make_drafts"
PRUNE_TASK = "evaluation.tasks.prune"


def say_not_made(job: Job) -> None:
    """Tell whoever asked for a report that it was not made, and why."""
    edition = Edition.objects.select_related("report__outline").filter(pk=job.payload.get("edition")).first()
    if edition is not None:
        tell_failed(job, edition)


@job_kind(JOB_KIND, failed=say_not_made)
def build_report(job: Job, progress: Progress) -> dict[str, Any]:
    """Build the edition named in the payload. Safe to repeat: one that is built already is left alone."""
    return _made(job, progress, build_edition)


def say_not_finished(job: Job) -> None:
    """Tell whoever signed that the final files were not made, and why."""
    edition = Edition.objects.select_related("report__outline").filter(pk=job.payload.get("edition")).first()
    if edition is not None:
        tell_not_finished(job, edition)


@job_kind(FINISH_KIND, failed=say_not_finished)
def finish_report(job: Job, progress: Progress) -> dict[str, Any]:
    """Make the final files of the signed edition named in the payload. Safe to repeat."""
    return _made(job, progress, finish_edition)


def _made(job: Job, progress: Progress, make: Callable[..., Edition]) -> dict[str, Any]:
    edition = (
        Edition.objects.visible_to(job.requested_by)
        .select_related("report__outline")
        .filter(pk=job.payload.get("edition"))
        .first()
    )
    if edition is None:
        raise JobFailed("The edition to build does not exist any more, or you may no longer see it. Start a new one.")
    try:
        edition = make(edition=edition, by=job.requested_by, progress=progress, hold=progress.hold)
    except (ReportError, RepairError, ResourceRefused, PdfFailed) as error:
        raise JobFailed(str(error)) from error
    # Now, so that nobody waits for it on the page of the checks.
    keep_audit(edition=edition)
    return {"edition": edition.pk, "snapshot_sha256": edition.snapshot_hash}


@shared_task(name=DRAFTS_TASK)
def make_drafts() -> None:
    make_due_drafts(today=timezone.localdate())


@shared_task(name=PRUNE_TASK)
def prune() -> None:
    prune_drafts(now=timezone.now())


@worker_ready.connect
def catch_up_at_start(**_: Any) -> None:
    """A worker that was off in the morning makes the drafts that fell due meanwhile. Sent, not called."""
    send(DRAFTS_TASK)
