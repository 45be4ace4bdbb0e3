"""What the worker does for copies of returns."""

from __future__ import annotations

from typing import Any

from grants.documents.copies import make_copy
from grants.documents.queue import JOB_KIND
from grants.models import Revision
from vru.jobs.errors import JobFailed
from vru.jobs.models import Job
from vru.jobs.progress import Progress
from vru.jobs.registry import job_kind
from vru.lib.pdf import RepairError, ResourceRefused


@job_kind(JOB_KIND)
def copy_return(job: Job, progress: Progress) -> dict[str, Any]:
    """Make the copy of the version named in the payload. Safe to repeat."""
    revision = (
        Revision.objects.visible_to(job.requested_by)
        .select_related(
            "monitoring_return__commitment__organisation",
            "monitoring_return__commitment__programme",
            "monitoring_return__quarter",
            "monitoring_return__questionnaire",
            "submitted_by",
            "signed_by",
        )
        .filter(pk=job.payload.get("revision"))
        .first()
    )
    if revision is None:
        raise JobFailed("The return to copy does not exist any more, or you may no longer see it.")
    progress("Making the copy", 10)
    try:
        document = make_copy(revision=revision, by=job.requested_by, hold=progress.hold)
    except (RepairError, ResourceRefused) as error:
        raise JobFailed(f"The copy could not be made: {error}") from error
    return {"document": document.pk, "sha256": document.sha256}
