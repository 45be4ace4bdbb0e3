"""Asking for the final files of a signed edition. Making them is `final_files`, which only a worker loads."""

from __future__ import annotations

from django.db import transaction

from evaluation.models import Edition
from evaluation.reports.errors import ReportRefused
from vru.accounts.models import User
from vru.accounts.permissions import can_sign_reports
from vru.jobs.actions import enqueue
from vru.jobs.errors import JobRefused
from vru.jobs.models import Job

JOB_KIND = "report.finish"


@transaction.atomic
def request_final_files(*, edition: Edition, by: User) -> Job:
    """Queue the job that makes them; a job that waits or runs already is returned.

    Raises ReportRefused for anybody but a director, before the signature, and when the files are there.
    """
    if not can_sign_reports(by):
        raise ReportRefused("Only a director can have the final files made.")
    stored = Edition.objects.select_for_update().get(pk=edition.pk)
    if stored.signed_at is None:
        raise ReportRefused("Final files are made of a signed edition only.")
    if stored.finished_at is not None:
        raise ReportRefused("The final files are there already, and never change.")
    try:
        job = enqueue(kind=JOB_KIND, payload={"edition": stored.pk}, by=by, lock_key=f"{JOB_KIND}:{stored.pk}")
    except JobRefused as error:
        raise ReportRefused(str(error)) from error
    return job


def finishing_job(edition: Edition) -> Job | None:
    """The latest job that makes or made the final files."""
    return Job.objects.filter(kind=JOB_KIND, payload__edition=edition.pk).order_by("-created_at", "-pk").first()
