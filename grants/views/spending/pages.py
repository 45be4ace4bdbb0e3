"""What the pages about the year's spending share: year, layer, quarter."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from grants.models import MonitoringReturn, ProfileLine
from programmes.views.money.pages import year_in
from vru.lib.periods import FinancialYear


def years_of_work(layer: str) -> list[FinancialYear]:
    """Years with returns or profiles in the layer, newest first."""
    years: set[int] = set()
    for rows in (
        MonitoringReturn.objects.in_layer(layer),
        ProfileLine.objects.filter(commitment__programme__layer=layer),
    ):
        years |= set(rows.order_by().values_list("quarter__year", flat=True).distinct())
    return [FinancialYear(year) for year in sorted(years, reverse=True)]


def year_shown(request: HttpRequest, years: list[FinancialYear], current: FinancialYear) -> FinancialYear:
    """The year in the address; else the one it is now where there is work in it, else the newest with any."""
    asked = request.GET.get("year", "")
    if asked:
        return year_in(asked)
    return current if current in years or not years else years[0]


def quarter_shown(request: HttpRequest) -> int:
    """1 to 4; the third unless another is named, because that is when money can still be moved."""
    asked = request.GET.get("quarter", "3")
    if asked not in {"1", "2", "3", "4"}:
        raise Http404("Quarters are numbered 1 to 4.")
    return int(asked)
