"""The numbers that were typed into a report: what each may be, and one of them with everything it may be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from evaluation.figures.figure import OPTIONS
from evaluation.models import Report
from evaluation.numbers import Found, NumbersState, Standing, state_of
from evaluation.views.numbers.common import page_of, shown
from evaluation.views.report_pages import find_report
from vru.accounts.permissions import can_read_everything, require

PAGE_SIZE = 25
TO_DECIDE, DECIDED, ASIDE = "", "decided", "aside"


@require(can_read_everything)
@require_safe
def number_list(request: HttpRequest, pk: int) -> HttpResponse:
    report = find_report(request, pk)
    state = state_of(report)
    sections = [(section.slug, str(section)) for section in report.sections.order_by("order")]
    section = request.GET.get("section", "")
    section = section if section in dict(sections) else ""
    standing = request.GET.get("standing", "")
    standing = standing if standing in (*Standing.values, DECIDED, ASIDE) else TO_DECIDE
    chosen = [each for each in _chosen(state, standing) if not section or each.section == section]
    page = Paginator(chosen, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        **page_of(request, report),
        "state": state,
        "page_obj": page,
        "rows": [shown(found, state) for found in page.object_list],
        "standing": standing,
        "section": section,
        "sections": sections,
        "kinds": _kinds(report, state, standing, section),
        "is_aside": standing == ASIDE,
        "is_decided": standing == DECIDED,
    }
    return render(request, "evaluation/number_list.html", context)


@require(can_read_everything)
@require_safe
def number_detail(request: HttpRequest, pk: int, fingerprint: str) -> HttpResponse:
    """One number, the figures that it may be, and how the sentence would read with each."""
    report = find_report(request, pk)
    state = state_of(report)
    found = next((each for each in state.amounts if each.fingerprint == fingerprint), None)
    if found is None:
        messages.warning(request, "The sentence has changed since, so this number is not where it was.")
        return redirect("evaluation:numbers", report.pk)
    row = shown(found, state)
    context = {
        **page_of(request, report, title=f"“{found.typed.plain}”"),
        "row": row,
        "candidates": [row.with_candidate(each) for each in found.candidates],
        "can_bind": any(each.key for each in found.candidates),
        "options": OPTIONS,
    }
    return render(request, "evaluation/number_detail.html", context)


def _chosen(state: NumbersState, standing: str) -> Sequence[Found]:
    if standing == ASIDE:
        return state.set_aside
    if standing == DECIDED:
        return state.decided
    order = list(Standing)
    found = [each for each in state.undecided if standing in (TO_DECIDE, each.standing)]
    return sorted(found, key=lambda each: order.index(each.standing))


def _kinds(report: Report, state: NumbersState, chosen: str, section: str) -> list[dict[str, Any]]:
    """The pages beside each other, each with how many it lists."""
    counts = state.counts
    listed: list[tuple[str, str, int]] = [
        (TO_DECIDE, "To decide", len(state.undecided)),
        *((each.value, each.label, counts[each]) for each in Standing if counts[each] or each.value == chosen),
        (DECIDED, "Decided", len(state.decided)),
        (ASIDE, "No figures", len(state.set_aside)),
    ]
    base = reverse("evaluation:numbers", args=[report.pk])
    made = []
    for value, label, count in listed:
        asked = {name: text for name, text in (("standing", value), ("section", section)) if text}
        href = f"{base}?{urlencode(asked)}" if asked else base
        made.append({"text": f"{label} ({count:,})", "href": href, "current": value == chosen})
    return made
