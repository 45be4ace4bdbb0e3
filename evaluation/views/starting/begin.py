"""Beginning a report: which kind, for what time, from the outline or from an earlier report."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from evaluation.actions.copying import copy_report
from evaluation.actions.reports import begin_report
from evaluation.models import Report, ReportOutline
from evaluation.reports.errors import ReportError
from evaluation.views.report_pages import crumbs
from evaluation.views.scope import newest_year
from evaluation.views.starting.forms import BeginForm
from programmes.layers import chosen_layer
from vru.accounts.permissions import can_make_reports, person, require
from vru.lib.govuk.posted import posted


@require(can_make_reports)
@require_http_methods(["GET", "HEAD", "POST"])
def report_begin(request: HttpRequest) -> HttpResponse:
    """First the kind, where there are several; then what that kind asks for."""
    kinds = list(ReportOutline.objects.order_by("title", "kind"))
    asked = request.GET.get("kind", "")
    outline = next((each for each in kinds if each.kind == asked), kinds[0] if len(kinds) == 1 else None)
    context = {
        "kinds": kinds,
        "outline": outline,
        "crumbs": crumbs(),
    }
    if outline is None:
        return render(request, "evaluation/report_begin_kind.html", context | {"nothing_chosen": "kind" in request.GET})
    layer = chosen_layer(request)
    form = BeginForm(posted(request), outline=outline, initial={"year": str(newest_year(layer)), "layer": layer})
    if request.method == "POST" and form.is_valid():
        report = _begun(request, form)
        if report is not None:
            return redirect("evaluation:report-page", report.pk)
    return render(request, "evaluation/report_begin.html", context | {"form": form}, status=422 if form.errors else 200)


def _begun(request: HttpRequest, form: BeginForm) -> Report | None:
    """The report, or None with the reason on the form."""
    user, (year, period) = person(request), form.time
    known = Report.objects.filter(
        outline=form.outline, year=year.start, period=period, layer=form.layer_chosen, subject=form.subject
    ).exists()
    try:
        if form.source is not None:
            report = copy_report(source=form.source, year=year, period=period, subject=form.subject, by=user)
        else:
            report = begin_report(
                kind=form.outline.kind,
                year=year,
                layer=form.layer_chosen,
                period=period,
                subject=form.subject,
                by=user,
            )
    except ReportError as error:
        form.add_error(None, str(error))
        return None
    if form.source is not None:
        messages.success(request, f"Begun with the words of {form.source.period_label}. Go over what is out of date.")
    elif known:
        messages.info(request, "This report was begun before. Here it is.")
    else:
        messages.success(request, "Begun. Share the sections out, then write.")
    return report
