"""Asking for an agreement's file. Imports nothing that makes one: pages ask, a worker makes."""

from __future__ import annotations

from django.db import transaction

from grants.models import AwardAgreement
from vru.accounts.models import User
from vru.jobs.actions import enqueue, retry
from vru.jobs.models import Job

JOB_KIND = "award-agreement"


def queue_agreement(*, agreement: AwardAgreement, by: User) -> Job:
    return enqueue(kind=JOB_KIND, payload={"agreement": agreement.pk}, by=by)


def job_of(agreement: AwardAgreement) -> Job | None:
    """The last job that was to make this file, whoever asked."""
    found = Job.objects.filter(kind=JOB_KIND, payload__agreement=agreement.pk)
    return found.order_by("-created_at", "-pk").first()


def retry_agreement(*, agreement: AwardAgreement, by: User) -> Job | None:
    """Ask again after a failure. None when the file is there or on its way, so a double click asks once."""
    with transaction.atomic():
        locked = AwardAgreement.objects.select_for_update().get(pk=agreement.pk)
        job = job_of(locked)
        if locked.file or (job is not None and job.is_live):
            return None
        return retry(job=job, by=by) if job is not None and job.can_retry else queue_agreement(agreement=locked, by=by)
