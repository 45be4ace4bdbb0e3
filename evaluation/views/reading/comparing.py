"""Two editions side by side: each figure's old and new value and why, corrected returns, and what was written anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from evaluation.models import Edition
from evaluation.reports.errors import CorruptSnapshot
from evaluation.tracing.comparing import compare
from evaluation.views.reading.common import PAGE_SIZE, unreadable
from evaluation.views.report_pages import edition_crumbs, find_edition
from vru.accounts.permissions import can_read_everything, person, require

FIGURES_LISTED = 30


@require(can_read_everything)
@require_safe
def edition_choose(request: HttpRequest, pk: int) -> HttpResponse:
    """The editions that this one may be compared with: those of the same year and records."""
    edition = find_edition(request, pk)
    others = _comparable(request, edition).order_by("-signed_at", "-built_at", "-pk")
    context = {
        "edition": edition,
        "layer": edition.layer,
        "page_obj": Paginator(others, PAGE_SIZE).get_page(request.GET.get("page")),
        "crumbs": edition_crumbs(edition),
    }
    return render(request, "evaluation/edition_choose.html", context)


@require(can_read_everything)
@require_safe
def edition_compare(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """The older of the two on the left, whichever was named first."""
    edition = find_edition(request, pk)
    beside = get_object_or_404(_comparable(request, edition), pk=other)
    old, new = sorted((edition, beside), key=lambda each: (each.as_at, each.number, each.pk))
    try:
        comparison = compare(old, new)
    except CorruptSnapshot as error:
        return unreadable(request, edition, error)
    context: Mapping[str, Any] = {
        "edition": edition,
        "layer": edition.layer,
        "old": old,
        "new": new,
        "comparison": comparison,
        "listed": FIGURES_LISTED,
        "listed_slice": f":{FIGURES_LISTED}",
        "page_obj": Paginator(comparison.changes, PAGE_SIZE).get_page(request.GET.get("page")),
        "crumbs": edition_crumbs(edition),
    }
    return render(request, "evaluation/edition_compare.html", context)


def _comparable(request: HttpRequest, edition: Edition) -> Any:
    report = edition.report
    rows = Edition.objects.visible_to(person(request)).built().exclude(pk=edition.pk)
    return rows.filter(report__year=report.year, report__layer=report.layer).select_related("report__outline")
