"""The dates of quarters, and the returns that are asked for after all or not at all."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants.actions import schedule as actions
from grants.actions.review import waive_return
from grants.errors import ActionRefused
from grants.models import RETURN_STATES, MonitoringReturn, ReportingQuarter
from grants.models.monitoring_return import NOT_SENT, RECEIVED
from grants.views.return_page import address, return_context, visible_return
from vru.accounts.models import AuditEvent
from vru.accounts.permissions import (
    can_read_everything,
    can_review_returns,
    can_set_quarter_dates,
    person,
    require,
)
from vru.lib.govuk.dates import DatePartsField
from vru.lib.govuk.posted import posted
from vru.lib.periods import FinancialYear, PeriodError, Quarter
from vru.lib.state_machine import TransitionRefused

Status = MonitoringReturn.Status


class CutOffForm(forms.Form):
    mark_optional = False

    closes_on = DatePartsField(
        label="Cut-off",
        required=False,
        help_text="The last day on which returns are taken without an extension. Leave empty for no cut-off.",
    )
    reason = forms.CharField(
        label="Why this day?",
        max_length=300,
        error_messages={"required": "Say why the cut-off is set to this day."},
    )


class ReasonForm(forms.Form):
    mark_optional = False

    reason = forms.CharField(label="Why?", max_length=300, error_messages={"required": "Say why."})


@require(can_read_everything)
@require_safe
def quarter_list(request: HttpRequest) -> HttpResponse:
    """Every quarter with its dates and how many returns came in; counted over all layers, because dates are shared."""
    today = timezone.localdate()
    rows = ReportingQuarter.objects.annotate(
        expected=Count("returns", filter=~Q(returns__status=Status.WAIVED)),
        received=Count("returns", filter=Q(returns__status__in=RECEIVED)),
        not_sent=Count("returns", filter=Q(returns__status__in=NOT_SENT)),
    ).order_by("-year", "-number")
    years = sorted({row.year for row in rows}, reverse=True)
    ahead = FinancialYear(years[0] + 1) if years else FinancialYear.of(today)
    context = {
        "title": "Quarters",
        "quarters": rows,
        "today": today,
        "may_change": can_set_quarter_dates(person(request)),
        "next_year": ahead,
        "crumbs": _crumbs(),
    }
    return render(request, "grants/quarter_list.html", context)


@require(can_set_quarter_dates)
@require_POST
def quarters_make(request: HttpRequest) -> HttpResponse:
    """A year's quarters, ahead of their time."""
    try:
        year = FinancialYear.parse(request.POST.get("year", ""))
    except PeriodError as error:
        messages.error(request, str(error))
    else:
        actions.make_quarters(year=year, by=person(request))
        messages.success(request, f"The quarters of {year} are set up with their dates.")
    return redirect("returns:quarters")


@require(can_set_quarter_dates)
@require_http_methods(["GET", "HEAD", "POST"])
def quarter_cut_off(request: HttpRequest, quarter: str) -> HttpResponse:
    row = _quarter(quarter)
    form = CutOffForm(posted(request), initial={"closes_on": row.closes_on})
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_cut_off(
                quarter=row,
                closes_on=form.cleaned_data["closes_on"],
                by=person(request),
                reason=form.cleaned_data["reason"],
            )
        except ActionRefused as refused:
            form.add_error("closes_on", str(refused))
        else:
            messages.success(request, f"{row}: the cut-off is saved.")
            return redirect("returns:quarters")
    context = {
        "title": f"Cut-off of {row}",
        "row": row,
        "form": form,
        "still_out": row.returns.filter(status__in=NOT_SENT).count(),
        "events": AuditEvent.objects.about(row).select_related("actor")[:20],
        "crumbs": [*_crumbs(), {"text": "Quarters", "href": reverse("returns:quarters")}],
    }
    return render(request, "grants/quarter_cut_off.html", context, status=422 if form.errors else 200)


@require(can_review_returns)
@require_http_methods(["GET", "HEAD", "POST"])
def return_waive(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    """Waive a return with a reason, or ask for a waived one after all."""
    item = visible_return(request, ref, quarter)
    undoing = item.status == Status.WAIVED
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        act: Any = actions.undo_waiver if undoing else waive_return
        # The page says which of the two it was opened for: a second click must not undo the first.
        if (request.POST.get("act") == "undo") != undoing:
            return redirect(address(item, "review"))
        try:
            act(monitoring_return=item, by=person(request), reason=form.cleaned_data["reason"])
        except (ActionRefused, TransitionRefused) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "The return is asked for again." if undoing else "The return is waived.")
            return redirect(address(item, "review"))
    context = {
        **return_context(item, request, "Ask for this return after all" if undoing else "Waive this return"),
        "form": form,
        "undoing": undoing,
        "possible": undoing or RETURN_STATES.can(Status(item.status), Status.WAIVED),
    }
    return render(request, "grants/return_waive.html", context, status=422 if form.errors else 200)


def _quarter(text: str) -> ReportingQuarter:
    try:
        period = Quarter.parse(text)
    except PeriodError as error:
        raise Http404(str(error)) from error
    return get_object_or_404(ReportingQuarter, year=period.year, number=period.number)


def _crumbs() -> list[dict[str, str]]:
    return [{"text": "Home", "href": reverse("home")}, {"text": "Grants", "href": reverse("grants:list")}]
