"""Drafts that are made by themselves: how often, from when, and stopping them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from evaluation.actions.drafts import set_schedule, stop_schedule
from evaluation.models import ReportSchedule
from evaluation.reports.errors import ReportRefused
from evaluation.views.report_pages import crumbs, find_report
from vru.accounts.permissions import can_make_reports, person, require
from vru.lib.govuk.dates import DatePartsField
from vru.lib.govuk.posted import posted


class ScheduleForm(forms.Form):
    every = forms.ChoiceField(
        label="How often?", choices=ReportSchedule.Every.choices, widget=forms.RadioSelect, initial="week"
    )
    first_on = DatePartsField(label="First draft on", help_text="It is made at about six in the morning.")


@require(can_make_reports)
@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    report = find_report(request, pk)
    planned = ReportSchedule.objects.filter(report=report, is_active=True).select_related("set_by").first()
    initial = {"every": planned.every if planned else "week", "first_on": timezone.localdate()}
    form = ScheduleForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            set_schedule(report=report, by=person(request), **form.cleaned_data)
        except ReportRefused as refused:
            form.add_error("first_on", str(refused))
        else:
            messages.success(request, "Drafts will be made by themselves. You are told when each is ready.")
            return redirect("evaluation:report-schedule", pk)
    context: dict[str, Any] = {
        "report": report,
        "layer": report.layer,
        "form": form,
        "planned": planned,
        "crumbs": crumbs(report),
    }
    return render(request, "evaluation/report_schedule.html", context, status=422 if form.errors else 200)


@require(can_make_reports)
@require_POST
def schedule_stop(request: HttpRequest, pk: int) -> HttpResponse:
    stop_schedule(report=find_report(request, pk), by=person(request))
    messages.success(request, "No further drafts are made by themselves.")
    return redirect("evaluation:report-schedule", pk)
