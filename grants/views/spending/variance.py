"""Profile, actual, forecast and variance of a year, by any of the ways in which people ask for it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from grants.money.spending_views import NARROWED_BY, VIEWS, Table, Total, table
from grants.views.spending.pages import year_shown, years_of_work
from programmes.layers import chosen_layer, layers_in_use
from vru.accounts.permissions import can_read_everything, person, require
from vru.lib.charts import ChartSpec, Series
from vru.lib.charts.column_pairs import column_pairs_svg
from vru.lib.exports import Export, export_response
from vru.lib.layers import Layer
from vru.lib.money import Money
from vru.lib.periods import FinancialYear
from vru.lib.sheets import SheetColumn

# More names than this do not stand beside each other under a picture.
MOST_DRAWN = 6
LONGEST_NAME = 20
TABS = tuple(key for key in VIEWS if key != "grant")
COLUMNS = (
    SheetColumn("Profile of the year", "money"),
    SheetColumn("Profile to date", "money"),
    SheetColumn("Actual", "money"),
    SheetColumn("Variance", "money"),
    SheetColumn("Variance, %", "percent"),
    SheetColumn("Forecast", "money"),
    SheetColumn("Returns approved", "count"),
    SheetColumn("Returns expected", "count"),
)


@require(can_read_everything)
@require_safe
def variance(request: HttpRequest) -> HttpResponse:
    layer, by, within = chosen_layer(request), _by(request), _within(request)
    today = timezone.localdate()
    years = years_of_work(layer)
    year = year_shown(request, years, FinancialYear.of(today))
    found = table(year, layer, by, on=today, within=within)
    query = {"year": str(year), "layer": layer} | ({within[0]: within[1]} if within else {})
    context: dict[str, Any] = {
        "title": "Spend against profile",
        "layer": layer,
        "layers": layers_in_use(),
        "year": year,
        "years": years,
        "by": by,
        "table": found,
        "rows": [{"row": row, "href": _down(by, row, year, layer, within)} for row in found.rows],
        "tabs": [
            {"text": VIEWS[key].title, "href": f"?{urlencode(query | {'by': key})}", "current": key == by}
            for key in TABS
        ],
        "chart": _chart(found),
        "clear": f"?{urlencode({'by': by, 'year': str(year), 'layer': layer})}" if within else "",
        "exports": [
            (label, f"{reverse('money:variance-export', args=[kind])}?{urlencode(query | {'by': by})}")
            for kind, label in (("csv", "CSV"), ("xlsx", "Excel"))
        ],
        "crumbs": [{"text": "Home", "href": reverse("home")}],
    }
    return render(request, "grants/variance.html", context)


@require(can_read_everything)
@require_safe
def variance_export(request: HttpRequest, file_format: str) -> HttpResponseBase:
    """Exactly the rows of the page, the total last."""
    layer, by, today = chosen_layer(request), _by(request), timezone.localdate()
    year = year_shown(request, years_of_work(layer), FinancialYear.of(today))
    found = table(year, layer, by, on=today, within=_within(request))
    narrowed = f", {found.narrowed_to}" if found.narrowed_to else ""
    export = Export(
        name=f"spend against profile {year} by {by}",
        title=f"Spend against profile, {year}",
        columns=(SheetColumn(found.view.title), *COLUMNS),
        rows=lambda: [_cells(row) for row in (*found.rows, found.total)],
        notes=(f"{Layer(layer).label} records{narrowed}. As at {today:%d/%m/%Y}.",),
    )
    return export_response(export, file_format, author=person(request).name, timestamp=timezone.now())


def _cells(row: Total) -> tuple[Any, ...]:
    amounts = (row.profile, row.to_date, row.actual, row.variance)
    pounds = [Money(pence).pounds for pence in amounts]
    return (row.label, *pounds, row.percent, Money(row.forecast).pounds, row.approved, row.expected)


def _by(request: HttpRequest) -> str:
    by = request.GET.get("by", "source")
    if by not in VIEWS:
        raise Http404(f"There is no view by {by!r}.")
    return by


def _within(request: HttpRequest) -> tuple[str, str] | None:
    """The one row of another view that this page is narrowed to."""
    return next(((key, request.GET[key]) for key in NARROWED_BY if request.GET.get(key)), None)


def _down(by: str, row: Total, year: FinancialYear, layer: str, within: tuple[str, str] | None) -> str:
    """From a row to the awards behind it, and from an award to its money."""
    if by == "grant":
        return reverse("grants:money", args=[row.key])
    if within is not None or by not in NARROWED_BY or not row.key:
        return ""
    return f"?{urlencode({'by': 'grant', by: row.key, 'year': str(year), 'layer': layer})}"


def _chart(found: Table) -> str:
    """Profile to date beside spend; '' where names would run into each other: the table says the same."""
    rows = [row for row in found.rows if row.to_date or row.actual]
    if not rows or len(rows) > MOST_DRAWN:
        return ""
    spec = ChartSpec(
        kind="grouped_bar",
        prefix="variance",
        title=f"Profile to date and spend by {found.view.title.lower()}",
        categories=tuple(_short(row.label) for row in rows),
        series=(
            Series("Profile to date", tuple(row.to_date / 100 for row in rows)),
            Series("Approved spend", tuple(row.actual / 100 for row in rows)),
        ),
        unit="£",
    )
    return column_pairs_svg(spec)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"
