"""Making an edition of a report: asking for it, watching it, stopping it, trying again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.actions.reports import JOB_KIND, edition_of
from evaluation.models import Edition
from evaluation.reports.as_at import default_as_at
from evaluation.reports.errors import ReportError
from evaluation.views.report_pages import crumbs, find_report
from evaluation.views.starting.forms import EditionForm
from evaluation.views.starting.page import report_context
from vru.accounts.permissions import can_make_reports, can_read_everything, person, require
from vru.jobs import actions as jobs
from vru.jobs.errors import JobRefused
from vru.jobs.models import Job
from vru.lib.govuk.posted import posted


@require(can_make_reports)
@require_http_methods(["GET", "HEAD", "POST"])
def report_make(request: HttpRequest, pk: int) -> HttpResponse:
    report = find_report(request, pk)
    usual = default_as_at(report.financial_year, report.layer, report.period)
    form = EditionForm(report.financial_year, posted(request), initial={"as_at": usual})
    if request.method == "POST" and form.is_valid():
        try:
            edition = edition_of(report=report, by=person(request), as_at=form.cleaned_data["as_at"])
        except ReportError as error:
            form.add_error(None, str(error))
        else:
            return redirect("evaluation:report-job", edition.job_id)
    context = {
        **report_context(report),
        "form": form,
        "usual": usual,
        "newest": report.editions.built().order_by("-number").first(),
        "crumbs": crumbs(report),
    }
    return render(request, "evaluation/report_make.html", context, status=422 if form.errors else 200)


@require(can_read_everything)
@require_safe
def report_job(request: HttpRequest, pk: int) -> HttpResponse:
    """Stage and percent; the part is refreshed by htmx, the page by hand."""
    job = _find_job(request, pk)
    edition = Edition.objects.filter(job=job).select_related("report__outline").first()
    if job.status == Job.Status.DONE and edition is not None and edition.built_at is not None:
        if request.htmx:  # type: ignore[attr-defined]
            response = HttpResponse()
            response["HX-Redirect"] = reverse("evaluation:report", args=[edition.pk])
            return response
        return redirect("evaluation:report", edition.pk)
    context: dict[str, Any] = {
        "job": job,
        "edition": edition,
        "may_start": can_make_reports(person(request)),
        "crumbs": crumbs(edition.report if edition else None),
    }
    template = "evaluation/_report_progress.html" if request.htmx else "evaluation/report_job.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@require(can_make_reports)
@require_POST
def report_job_change(request: HttpRequest, pk: int, change: str) -> HttpResponse:
    job, user = _find_job(request, pk), person(request)
    try:
        jobs.cancel(job=job, by=user) if change == "cancel" else jobs.retry(job=job, by=user)
    except JobRefused as refused:
        messages.error(request, str(refused))
    return redirect("evaluation:report-job", pk)


def _find_job(request: HttpRequest, pk: int) -> Job:
    return get_object_or_404(Job.objects.visible_to(person(request)).filter(kind=JOB_KIND), pk=pk)
