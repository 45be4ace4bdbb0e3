"""What the worker does for agreements."""

from __future__ import annotations

from typing import Any

from grants.agreements.files import make_file
from grants.agreements.queue import JOB_KIND
from grants.models import AwardAgreement
from vru.jobs.errors import JobFailed
from vru.jobs.models import Job
from vru.jobs.progress import Progress
from vru.jobs.registry import job_kind
from vru.lib.pdf import RepairError, ResourceRefused


@job_kind(JOB_KIND)
def print_agreement(job: Job, progress: Progress) -> dict[str, Any]:
    """Make the file of the agreement named in the payload. Safe to repeat."""
    agreement = (
        AwardAgreement.objects.visible_to(job.requested_by)
        .select_related("template", "commitment__organisation", "commitment__programme")
        .filter(pk=job.payload.get("agreement"))
        .first()
    )
    if agreement is None:
        raise JobFailed("The agreement to print does not exist any more, or you may no longer see it.")
    progress("Making the agreement", 10)
    try:
        made = make_file(agreement=agreement, by=job.requested_by, hold=progress.hold)
    except (RepairError, ResourceRefused) as error:
        raise JobFailed(f"The agreement could not be made: {error}") from error
    return {"agreement": made.pk, "sha256": made.sha256}
