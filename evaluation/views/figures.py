"""The figures of a year, family by family, and where one comes from."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluation.figures.figure import Figure
from evaluation.figures.key import FigureError, FigureKey
from evaluation.figures.registry import compute, compute_family, families
from evaluation.figures.snapshot import read_snapshot
from evaluation.figures.trace import contributions
from evaluation.position import basis_of
from evaluation.views.scope import page_context, scope_of
from vru.accounts.permissions import can_read_everything, require
from vru.lib.periods import PeriodError

PAGE_SIZE = 100
TRACE_SIZE = 50
# All families together are thousands of figures, so the page shows one of them at a time.
FIRST_SHOWN = "award.total"


@require(can_read_everything)
@require_safe
def figure_list(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request)
    known = {family.name: family for family in families()}
    asked = request.GET.get("family", "")
    chosen = known.get(asked, known[FIRST_SHOWN])
    words = request.GET.get("text", "").strip().lower()
    # Whoever looks for words without naming a family does not know which one holds them.
    everywhere = bool(words) and asked not in known
    with read_snapshot():
        shown = list((compute(scope) if everywhere else compute_family(scope, chosen)).values())
    if words:
        shown = [figure for figure in shown if words in figure.key.lower() or words in figure.label.lower()]
    page = Paginator([_row(figure) for figure in shown if figure.has_value], PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {
        **page_context(scope),
        "page_obj": page,
        "families": list(known.values()),
        "family": chosen,
        "everywhere": everywhere,
        "text": words,
    }
    return render(request, "evaluation/figure_list.html", context)


def _row(figure: Figure) -> dict[str, Any]:
    return {"figure": figure, "basis": basis_of(figure)}


@require(can_read_everything)
@require_safe
def figure_detail(request: HttpRequest) -> HttpResponse:
    """One figure: what it means, what it rests on, and the approved revisions that re-add to it."""
    scope = scope_of(request)
    try:
        key = str(FigureKey.parse(request.GET.get("key", "")))
        with read_snapshot():
            figure = compute(scope, [key])[key]
            parts = contributions(scope, key)
    except (FigureError, PeriodError) as error:
        raise Http404(str(error)) from error
    name = key.split(" ")[0]
    context = page_context(scope, ("Figures", "evaluation:figures"))
    context |= {
        "figure": figure,
        "basis": basis_of(figure),
        "page_obj": Paginator(parts, TRACE_SIZE).get_page(request.GET.get("page")),
        "family": next(family for family in families() if family.name == name),
    }
    return render(request, "evaluation/figure_detail.html", context)
