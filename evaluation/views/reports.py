"""Reports: start one, watch it being made, read it, download its files."""

from __future__ import annotations

import datetime
from typing import Any

from csp.decorators import csp_replace
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.actions.reports import request_edition
from evaluation.models import Edition, EditionFile, ReportOutline
from evaluation.reports.errors import ReportError
from evaluation.views.scope import page_context, scope_of, years_in
from programmes.layers import layers_in_use
from vru.accounts.permissions import can_make_reports, can_read_everything, person, require
from vru.jobs import actions as jobs
from vru.jobs.errors import JobRefused
from vru.jobs.models import Job
from vru.lib.govuk.dates import DatePartsField
from vru.lib.govuk.posted import posted
from vru.lib.layers import Layer
from vru.lib.periods import FinancialYear

CONTENT_TYPES = {
    EditionFile.Kind.PDF: "application/pdf",
    EditionFile.Kind.WEB: "text/html; charset=utf-8",
    EditionFile.Kind.ANNEX_XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    EditionFile.Kind.ANNEX_ZIP: "application/zip",
    EditionFile.Kind.SNAPSHOT: "application/json",
}
NAMES = {"pdf": "pdf", "html": "html", "annex_xlsx": "xlsx", "annex_zip": "zip", "snapshot": "json"}


class StartForm(forms.Form):
    mark_optional = False

    kind = forms.ModelChoiceField(
        queryset=ReportOutline.objects.all(), to_field_name="kind", label="Which report?", empty_label=None
    )
    year = forms.ChoiceField(label="Financial year")
    layer = forms.ChoiceField(label="Which records?", widget=forms.RadioSelect)
    as_at = DatePartsField(
        label="As at",
        required=False,
        help_text="Returns approved by the end of this day count. Leave empty for the usual day.",
    )

    def __init__(self, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        layers = layers_in_use()
        years = sorted({year for layer in layers for year in years_in(layer)}, reverse=True)
        self.fields["year"].choices = [(str(year), str(year)) for year in years]  # type: ignore[attr-defined]
        self.fields["layer"].choices = [(layer, Layer(layer).label) for layer in layers]  # type: ignore[attr-defined]

    def clean_as_at(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["as_at"]
        if day and day > datetime.date(2199, 3, 31):
            raise ValidationError("Enter a day before 2199.")
        return day


@require(can_read_everything)
@require_http_methods(["GET", "HEAD", "POST"])
def report_list(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request)
    may_start = can_make_reports(person(request))
    form = StartForm(posted(request), initial={"year": str(scope.year), "layer": scope.layer})
    if request.method == "POST" and may_start and form.is_valid():
        started = _start(request, form)
        if started is not None:
            return redirect("evaluation:report-job", started.pk)
    context = {
        **page_context(scope),
        "form": form,
        "may_start": may_start,
        "editions": Edition.objects.visible_to(person(request))
        .built()
        .select_related("report__outline")
        .order_by("-created_at", "-pk")[:50],
        "jobs": Job.objects.visible_to(person(request)).filter(kind="report.build").live(),
    }
    return render(request, "evaluation/report_list.html", context, status=422 if form.errors else 200)


def _start(request: HttpRequest, form: StartForm) -> Job | None:
    data = form.cleaned_data
    try:
        return request_edition(
            kind=data["kind"].kind,
            year=FinancialYear.parse(data["year"]),
            layer=data["layer"],
            as_at=data["as_at"],
            by=person(request),
        ).job
    except ReportError as error:
        form.add_error(None, str(error))
        return None


@require(can_read_everything)
@require_safe
def report_job(request: HttpRequest, pk: int) -> HttpResponse:
    """Stage and percent; the part is refreshed by htmx, the page by hand."""
    job = get_object_or_404(Job.objects.visible_to(person(request)).filter(kind="report.build"), pk=pk)
    edition = Edition.objects.built().filter(job=job).first()
    if job.status == Job.Status.DONE and edition is not None:
        if request.htmx:  # type: ignore[attr-defined]
            response = HttpResponse()
            response["HX-Redirect"] = reverse("evaluation:report", args=[edition.pk])
            return response
        return redirect("evaluation:report", edition.pk)
    context = {
        "job": job,
        "may_start": can_make_reports(person(request)),
        "crumbs": [
            {"text": "Home", "href": reverse("home")},
            {"text": "Reports", "href": reverse("evaluation:reports")},
        ],
    }
    template = "evaluation/_report_progress.html" if request.htmx else "evaluation/report_job.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@require(can_make_reports)
@require_POST
def report_job_change(request: HttpRequest, pk: int, change: str) -> HttpResponse:
    job = get_object_or_404(Job.objects.visible_to(person(request)).filter(kind="report.build"), pk=pk)
    user = person(request)
    try:
        jobs.cancel(job=job, by=user) if change == "cancel" else jobs.retry(job=job, by=user)
    except JobRefused as refused:
        messages.error(request, str(refused))
    return redirect("evaluation:report-job", pk)


@require(can_read_everything)
@require_safe
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    editions = (
        Edition.objects.visible_to(person(request))
        .built()
        .select_related("report__outline", "signed_by", "requested_by")
    )
    edition = get_object_or_404(editions, pk=pk)
    context = {
        "edition": edition,
        "layer": edition.layer,
        "files": edition.files.all(),
        "revisions": edition.revisions.count(),
        "crumbs": [
            {"text": "Home", "href": reverse("home")},
            {"text": "Reports", "href": reverse("evaluation:reports")},
        ],
    }
    return render(request, "evaluation/report_detail.html", context)


@require_safe
@xframe_options_sameorigin
@csp_replace({"style-src": ["'self'", "'unsafe-inline'"], "font-src": ["'self'", "data:"], "script-src": ["'none'"]})
@require(can_read_everything)
def report_file(request: HttpRequest, pk: int, kind: str) -> FileResponse:
    """One file of an edition, to whoever may see the edition. The web page opens; the others download."""
    editions = Edition.objects.visible_to(person(request)).built()
    stored = (
        EditionFile.objects.filter(edition__in=editions, edition_id=pk, kind=kind)
        .select_related("edition__report__outline")
        .first()
    )
    if stored is None:
        raise Http404("There is no such file.")
    edition = stored.edition
    name = f"{edition.outline.kind}-{edition.financial_year}-{edition.layer}-{edition.number}.{NAMES[kind]}"
    inline = kind in {EditionFile.Kind.WEB, EditionFile.Kind.PDF}
    response = FileResponse(stored.file.open("rb"), as_attachment=not inline, filename=name)
    response["Content-Type"] = CONTENT_TYPES[EditionFile.Kind(kind)]
    return response
