"""Beginning the report of another time from the one at hand."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from evaluation.actions.copying import copy_report
from evaluation.reports.errors import ReportError
from evaluation.views.report_pages import crumbs, find_report
from evaluation.views.starting.forms import TimeForm
from evaluation.views.starting.page import report_context
from vru.accounts.permissions import can_make_reports, person, require
from vru.lib.govuk.posted import posted


@require(can_make_reports)
@require_http_methods(["GET", "HEAD", "POST"])
def report_copy(request: HttpRequest, pk: int) -> HttpResponse:
    report = find_report(request, pk)
    first = {"year": str(report.financial_year.next()), "period": report.period}
    form = TimeForm(posted(request), outline=report.outline, layers=[report.layer], initial=first)
    if request.method == "POST" and form.is_valid():
        year, period = form.time
        try:
            copy = copy_report(source=report, year=year, period=period, by=person(request))
        except ReportError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Begun with the words of {report.period_label}. Go over what is out of date.")
            return redirect("evaluation:report-page", copy.pk)
    context = {**report_context(report), "form": form, "crumbs": crumbs(report)}
    return render(request, "evaluation/report_copy.html", context, status=422 if form.errors else 200)
