"""The page of what can be taken away as a file, and the files."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from grants.exports.registry import EXPORTERS
from grants.models import ReportingQuarter
from programmes.layers import chosen_layer, layers_in_use
from programmes.models import BudgetLine, Unit
from vru.accounts.permissions import can_read_everything, person, require
from vru.lib.exports import FORMATS, Export, export_response
from vru.lib.layers import Layer
from vru.lib.periods import FinancialYear, PeriodError


def _year(request: HttpRequest) -> FinancialYear | None:
    asked = request.GET.get("year", "")
    try:
        return FinancialYear.parse(asked) if asked else None
    except PeriodError as error:
        raise Http404(str(error)) from error


@require(can_read_everything)
@require_safe
def export_list(request: HttpRequest) -> HttpResponse:
    layer, year = chosen_layer(request), _year(request)
    years = set(ReportingQuarter.objects.order_by().values_list("year", flat=True).distinct())
    years |= set(BudgetLine.objects.filter(layer=layer).order_by().values_list("year", flat=True).distinct())
    query = f"layer={layer}" + (f"&year={year}" if year else "")
    context = {
        "rows": [
            {
                "exporter": exporter,
                "files": [
                    {"label": label, "href": f"{reverse('exports:file', args=[name, ending])}?{query}"}
                    for ending, label in FORMATS.items()
                ],
            }
            for name, exporter in EXPORTERS.items()
        ],
        "formats": FORMATS,
        "query": query,
        "can_see_audit": person(request).has_role("administrator", "auditor"),
        "year": year,
        "years": [FinancialYear(each) for each in sorted(years, reverse=True)],
        "layer": layer,
        "layers": layers_in_use(),
        "crumbs": [{"text": "Home", "href": reverse("home")}],
    }
    return render(request, "grants/export_list.html", context)


@require(can_read_everything)
@require_safe
def export_file(request: HttpRequest, name: str, file_format: str) -> HttpResponseBase:
    if name not in EXPORTERS:
        raise Http404("No such export.")
    layer, year = chosen_layer(request), _year(request)
    made = EXPORTERS[name].make(layer, year.start if year else None)
    now, unit = timezone.localtime(), Unit.objects.first()
    said = f"{year or 'Every year'}, as at {now:%-d %B %Y, %H:%M}. Records: {Layer(layer).label.lower()}."
    export = Export(made.name, made.title, made.columns, made.rows, (said, *made.notes))
    return export_response(export, file_format, author=unit.name if unit else "", timestamp=now)
