"""What a funder asks for, as it was loaded: tables, bands, sheets; and an edition's return as JSON."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from evaluation.models import ReportOutline
from evaluation.reports.errors import CorruptSnapshot
from evaluation.reports.forms.definition import FormDefinition
from evaluation.reports.forms.describe import described
from evaluation.reports.forms.export import return_json
from evaluation.reports.imprint import Imprint
from evaluation.reports.verify import read_imprint
from evaluation.tracing.stored import facts_of
from evaluation.views.reading.common import unreadable
from evaluation.views.report_pages import crumbs, find_edition
from programmes.models import FundingSource
from vru.accounts.permissions import can_make_reports, can_read_everything, person, require


@require(can_read_everything)
@require_safe
def report_kind(request: HttpRequest, kind: str) -> HttpResponse:
    """One kind of report: how often, about what, its sections and what the funder's form asks."""
    outline = get_object_or_404(ReportOutline, kind=kind)
    titles = dict(FundingSource.objects.values_list("slug", "title"))
    context: dict[str, Any] = {
        "outline": outline,
        "may_make": can_make_reports(person(request)),
        "sources": [titles.get(slug, slug) for slug in outline.sources],
        "sections": outline.sections.order_by("order"),
        "forms": [described(FormDefinition.read(name, outline.forms[name])) for name in _in_order(outline)],
        "crumbs": crumbs(),
    }
    return render(request, "evaluation/report_kind.html", context)


def _in_order(outline: ReportOutline) -> list[str]:
    """Forms as the funder's sheets name them, then the others."""
    named = [name for sheet in outline.workbook for name in sheet.get("forms", ())]
    return list(dict.fromkeys([*(name for name in named if name in outline.forms), *sorted(outline.forms)]))


@require(can_read_everything)
@require_safe
def edition_return(request: HttpRequest, pk: int) -> HttpResponse:
    """The tables and words of a stored edition, for the funder's own system."""
    edition = find_edition(request, pk)
    try:
        facts = facts_of(edition)
        imprint = read_imprint(edition) if edition.imprint else Imprint(edition.number, edition.status)
    except CorruptSnapshot as error:
        return unreadable(request, edition, error)
    return JsonResponse(return_json(facts, imprint), json_dumps_params={"ensure_ascii": False, "indent": 2})
