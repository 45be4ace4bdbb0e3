"""Background work of this app."""

from __future__ import annotations

from typing import Any

from evaluation.actions.building import build_edition
from evaluation.actions.reports import JOB_KIND
from evaluation.models import Edition
from evaluation.reports.errors import ReportError
from vru.jobs.errors import JobFailed
from vru.jobs.models import Job
from vru.jobs.progress import Progress
from vru.jobs.registry import job_kind
from vru.lib.pdf import PdfFailed, RepairError, ResourceRefused


@job_kind(JOB_KIND)
def build_report(job: Job, progress: Progress) -> dict[str, Any]:
    """Build the edition named in the payload. Safe to repeat: one that is built already is left alone."""
    edition = (
        Edition.objects.visible_to(job.requested_by)
        .select_related("report__outline")
        .filter(pk=job.payload.get("edition"))
        .first()
    )
    if edition is None:
        raise JobFailed("The edition to build does not exist any more, or you may no longer see it. Start a new one.")
    try:
        edition = build_edition(edition=edition, by=job.requested_by, progress=progress, hold=progress.hold)
    except (ReportError, RepairError, ResourceRefused, PdfFailed) as error:
        raise JobFailed(str(error)) from error
    return {"edition": edition.pk, "snapshot_sha256": edition.snapshot_hash}
