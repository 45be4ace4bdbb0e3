"""Deciding about typed numbers, one or several at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from evaluation.actions.numbers import bind_number, dismiss_numbers, reopen_number, source_numbers
from evaluation.models import Report
from evaluation.numbers import Found, NumbersState
from evaluation.numbers.scanning import find
from evaluation.numbers.state import decisions_of, sections_of
from evaluation.reports.errors import ReportRefused, StaleSection
from evaluation.views.numbers.common import page_of, shown
from evaluation.views.numbers.forms import DismissForm, SourceForm
from evaluation.views.report_pages import find_report
from vru.accounts.permissions import can_write_reports, person, require
from vru.lib.govuk.posted import posted


@require(can_write_reports)
@require_POST
def number_bind(request: HttpRequest, pk: int, fingerprint: str) -> HttpResponse:
    """Puts the token in place of the number. What was chosen comes as "key|option"."""
    report = find_report(request, pk)
    key, _, option = request.POST.get("figure", "").partition("|")
    try:
        section = bind_number(
            report=report,
            fingerprint=fingerprint,
            key=key,
            option=request.POST.get("option") or option,
            by=person(request),
        )
    except (ReportRefused, StaleSection) as refused:
        messages.error(request, str(refused))
        return redirect("evaluation:number", report.pk, fingerprint)
    messages.success(request, f"Bound. The number in {section} now follows the figure.")
    return redirect("evaluation:numbers", report.pk)


@require(can_write_reports)
@require_http_methods(["GET", "HEAD", "POST"])
def number_source(request: HttpRequest, pk: int) -> HttpResponse:
    def act(report: Report, chosen: list[str], data: dict[str, Any]) -> int:
        rows = source_numbers(report=report, fingerprints=chosen, by=person(request), **data)
        return len(rows)

    return _decide(request, pk, SourceForm, act, title="Say where it comes from", done="The source is kept")


@require(can_write_reports)
@require_http_methods(["GET", "HEAD", "POST"])
def number_dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    def act(report: Report, chosen: list[str], data: dict[str, Any]) -> int:
        rows = dismiss_numbers(report=report, fingerprints=chosen, by=person(request), **data)
        return len(rows)

    return _decide(request, pk, DismissForm, act, title="Let it stay as it is", done="The reason is kept")


@require(can_write_reports)
@require_POST
def number_reopen(request: HttpRequest, pk: int, fingerprint: str) -> HttpResponse:
    report = find_report(request, pk)
    try:
        reopen_number(report=report, fingerprint=fingerprint, by=person(request))
    except ReportRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "The decision is taken back. The number waits for another.")
    return redirect("evaluation:numbers", report.pk)


def _decide(
    request: HttpRequest,
    pk: int,
    form_class: Callable[..., forms.Form],
    act: Callable[[Report, list[str], dict[str, Any]], int],
    *,
    title: str,
    done: str,
) -> HttpResponse:
    """One page for one number or for those that were ticked; they come as ``number`` in the address or the post."""
    report = find_report(request, pk)
    source = request.POST if request.method == "POST" else request.GET
    wanted = source.getlist("number")
    rows = _rows(report, wanted)
    if not rows:
        message = "The sentence has changed since. Look at the list again." if wanted else "Tick at least one number."
        messages.warning(request, message)
        return redirect("evaluation:numbers", report.pk)
    form = form_class(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            count = act(report, [row.found.fingerprint for row in rows], form.cleaned_data)
        except ReportRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{done} for {count} {'number' if count == 1 else 'numbers'}.")
            return redirect("evaluation:numbers", report.pk)
    context = {**page_of(request, report, title=title), "form": form, "rows": rows}
    return render(request, "evaluation/number_decide.html", context, status=422 if form.errors else 200)


def _rows(report: Report, wanted: list[str]) -> list[Any]:
    found = {each.fingerprint: each for each in find(sections_of(report)) if each.is_amount}
    chosen: list[Found] = [found[each] for each in dict.fromkeys(wanted) if each in found]
    state = NumbersState(chosen, (), decisions_of(report), 0)
    return [shown(each, state) for each in chosen]
