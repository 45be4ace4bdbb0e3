"""The unit's areas: a map of tiles by measure with its table, one area's page, and the table as a file."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from evaluation.areas import MEASURES, RATE, AreaRow, Areas, Measure, areas_of, map_of
from evaluation.figures.scope import Scope
from evaluation.position import as_number, trace_href
from evaluation.views.scope import page_context, scope_of
from grants.models import AreaShare, Commitment
from programmes.models import Area, Programme, Unit
from vru.accounts.permissions import can_read_everything, person, require
from vru.lib.exports import Export, Row, export_response
from vru.lib.layers import Layer
from vru.lib.periods import long_date
from vru.lib.sheets import SheetColumn

MOST_GRANTS = 20


def _measure(request: HttpRequest) -> Measure:
    asked = request.GET.get("measure", "")
    return next((measure for measure in MEASURES if measure.key == asked), MEASURES[0])


@require(can_read_everything)
@require_safe
def area_list(request: HttpRequest) -> HttpResponse:
    scope, measure = scope_of(request), _measure(request)
    areas = areas_of(scope)
    context = page_context(scope)
    context |= {
        "measure": measure,
        "measures": [
            {"text": each.title, "href": f"?measure={each.key}&year={scope.year}", "current": each == measure}
            for each in MEASURES
        ],
        "map": map_of(areas, measure),
        "table": _table(areas, scope),
        "population": areas.population,
        "query": f"year={scope.year}&layer={scope.layer}",
    }
    return render(request, "evaluation/area_list.html", context)


def _table(areas: Areas, scope: Scope) -> dict[str, Any]:
    """Every measure of every area, with what is apportioned to none below."""
    columns = [{"label": "Area"}, *({"label": measure.heading, "numeric": True} for measure in MEASURES)]
    rows = [_row(row, scope) for row in areas.rows]
    foot = [
        "Not apportioned to an area",
        *(figure.shown("exact") if figure.has_value else "–" for figure in areas.whole.values()),
        "–",
    ]
    caption = f"Money and people by area, {scope.year}"
    return {"caption": caption, "columns": columns, "rows": rows, "foot": foot if areas.whole else []}


def _row(row: AreaRow, scope: Scope) -> list[Any]:
    where = reverse("areas:detail", args=[row.area.code])
    cells: list[Any] = [{"text": row.area.name, "href": f"{where}?year={scope.year}", "header": True}]
    for measure in MEASURES:
        shown = row.exact(measure.key)
        if measure.key == RATE or row.value(measure.key) is None:
            cells.append(shown)
        else:
            cells.append({"text": shown, "href": trace_href(row.figures[measure.key], scope)})
    return cells


@require(can_read_everything)
@require_safe
def area_export(request: HttpRequest, file_format: str) -> HttpResponseBase:
    """The table of the page, numbers as numbers."""
    scope = scope_of(request)
    areas = areas_of(scope)
    columns = (
        SheetColumn("Code"),
        SheetColumn("Area"),
        *(
            SheetColumn(measure.heading, "money" if measure.unit else "number" if measure.key == RATE else "count")
            for measure in MEASURES
        ),
        SheetColumn("Young people", "count"),
    )

    def rows() -> list[Row]:
        return [
            (row.area.code, row.area.name, *(row.value(measure.key) for measure in MEASURES), row.people)
            for row in areas.rows
        ]

    now, unit = timezone.localtime(), Unit.objects.first()
    notes = [f"{scope.year}, as at {long_date(scope.as_at)}. Records: {Layer(scope.layer).label.lower()}."]
    notes += [f"{measure.title}: {measure.note}" for measure in MEASURES]
    if areas.population:
        notes.append(f"Young people: {areas.population.said}.")
    export = Export(f"Areas {scope.year}", f"Areas {scope.year}", columns, rows, tuple(notes))
    return export_response(export, file_format, author=unit.name if unit else "", timestamp=now)


@require(can_read_everything)
@require_safe
def area_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One area: its figures, the programmes that work there and the grants with a share for it."""
    area = get_object_or_404(Area.objects.places(), code=code)
    scope, user = scope_of(request), person(request)
    areas = areas_of(scope)
    row = next(row for row in areas.rows if row.area == area)
    year = scope.year
    running = Commitment.objects.visible_to(user).in_layer(scope.layer).overlapping(year.starts_on, year.ends_on)
    shares = AreaShare.objects.filter(area=area, commitment__in=running.values("pk"))
    programmes = (
        Programme.objects.visible_to(user)
        .in_layer(scope.layer)
        .filter(pk__in=Programme.areas.through.objects.filter(area=area).values("programme_id"))
    )
    context = page_context(scope, ("Areas", "areas:list"))
    context |= {
        "area": area,
        "numbers": _numbers(row, scope),
        "people": row.people,
        "population": areas.population,
        "programmes": programmes.order_by("title", "ref"),
        "shares": shares.select_related("commitment__organisation").order_by("-amount_pence", "commitment__ref")[
            :MOST_GRANTS
        ],
        "share_count": shares.count(),
        "share_pence": shares.order_by().aggregate(pence=Sum("amount_pence"))["pence"] or 0,
    }
    return render(request, "evaluation/area_detail.html", context)


def _numbers(row: AreaRow, scope: Scope) -> list[dict[str, str]]:
    made = [
        as_number(row.figures[measure.key], scope, measure.title)
        for measure in MEASURES
        if measure.key != RATE and row.figures[measure.key].has_value
    ]
    rate: Decimal | None = row.rate
    if rate is not None:
        title = next(measure.title for measure in MEASURES if measure.key == RATE)
        made.append({"label": title, "value": str(rate), "basis": f"of {row.people:,} young people", "href": ""})
    return made
