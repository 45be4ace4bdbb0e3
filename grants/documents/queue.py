"""Asking for the PDF copy of a version. Imports nothing that makes one: pages ask, a worker makes."""

from __future__ import annotations

from django.db import transaction

from grants.errors import ActionRefused
from grants.models import ReturnDocument, Revision
from vru.accounts.models import User
from vru.jobs.actions import enqueue, retry
from vru.jobs.models import Job

JOB_KIND = "return-copy"


def queue_copy(*, revision: Revision, by: User) -> Job:
    """Ask for the copy. Needs no worker to be there: the row waits."""
    return enqueue(kind=JOB_KIND, payload={"revision": revision.pk}, by=by)


def job_of(revision: Revision) -> Job | None:
    """The last job that was to make this copy, whoever asked."""
    return Job.objects.filter(kind=JOB_KIND, payload__revision=revision.pk).order_by("-created_at", "-pk").first()


def retry_copy(*, revision: Revision, by: User) -> Job | None:
    """Ask again after a failure. None when the copy is there or on its way, so a double click asks once.

    Raises ``ActionRefused`` for a version that is not complete.
    """
    with transaction.atomic():
        locked = Revision.objects.select_for_update(of=("self",)).get(pk=revision.pk)
        if revision.awaits_signature:
            raise ActionRefused("The copy is made once the return is signed.")
        job = job_of(locked)
        if ReturnDocument.objects.filter(revision=locked).exists() or (job is not None and job.is_live):
            return None
        return retry(job=job, by=by) if job is not None and job.can_retry else queue_copy(revision=locked, by=by)
