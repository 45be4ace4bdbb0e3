"""The figures of an edition, and where one of them comes from; the returns behind it, and back from a return."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from evaluation.models import Edition
from evaluation.reports.errors import CorruptSnapshot
from evaluation.reports.facts import Facts
from evaluation.tracing import Share, appearances_of, facts_of, shares_of, trace_of
from evaluation.tracing.words import line_of, verdict
from evaluation.views.reading.common import PAGE_SIZE, searched, unreadable
from evaluation.views.report_pages import edition_crumbs, find_edition
from grants.models import MonitoringReturn
from vru.accounts.permissions import can_read_everything, person, require

ROWS = 50


@require(can_read_everything)
@require_safe
def edition_figures(request: HttpRequest, pk: int) -> HttpResponse:
    """All figures of an edition; with ``key``, the trace of one. The web edition's figures lead here."""
    edition = find_edition(request, pk)
    try:
        facts = facts_of(edition)
    except CorruptSnapshot as error:
        return unreadable(request, edition, error)
    key = " ".join(request.GET.get("key", "").split())
    return _one(request, edition, facts, key) if key else _all(request, edition, facts)


def _all(request: HttpRequest, edition: Edition, facts: Facts) -> HttpResponse:
    words, found = searched(request, facts.data["figures"])
    context = {
        "edition": edition,
        "layer": edition.layer,
        "text": words,
        "page_obj": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "crumbs": edition_crumbs(edition),
    }
    return render(request, "evaluation/edition_figures.html", context)


def _one(request: HttpRequest, edition: Edition, facts: Facts, key: str) -> HttpResponse:
    trace = trace_of(edition, facts, key, today=timezone.localdate())
    if trace is None:
        raise Http404("This edition prints no such figure.")
    figures = reverse("evaluation:edition-figures", args=[edition.pk])
    page = Paginator(trace.rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "edition": edition,
        "layer": edition.layer,
        "trace": trace,
        "printed": trace.printed,
        "definition": trace.definition,
        "verdict": verdict(trace),
        "lines": [line_of(row, trace) for row in page],
        "page_obj": page,
        "crumbs": edition_crumbs(edition, ("Figures", figures)),
    }
    return render(request, "evaluation/edition_trace.html", context)


@require(can_read_everything)
@require_safe
def printed_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Every edition that counted a return; with ``edition``, what it added to each figure of that one."""
    rows = MonitoringReturn.objects.visible_to(person(request)).select_related(
        "commitment__programme", "commitment__organisation", "quarter"
    )
    item = get_object_or_404(rows, pk=pk)
    appearances = appearances_of(item, user=person(request))
    chosen = request.GET.get("edition", "")
    edition = next((each.edition for each in appearances if str(each.edition.pk) == chosen), None)
    if chosen and edition is None:
        raise Http404("No such edition printed this return.")
    shares: list[Share] = []
    if edition is not None:
        try:
            shares = shares_of(edition, facts_of(edition), item)
        except CorruptSnapshot as error:
            return unreadable(request, edition, error)
    address = reverse("returns:review", args=[item.commitment.ref, item.quarter.key])
    context = {
        "item": item,
        "appearances": appearances,
        "edition": edition,
        "page_obj": Paginator(shares, PAGE_SIZE).get_page(request.GET.get("page")),
        "crumbs": [
            {"text": "Home", "href": reverse("home")},
            {"text": f"{item.commitment.ref}, {item.quarter}", "href": address},
        ],
    }
    return render(request, "evaluation/return_printed.html", context)
