"""What an analyst's page shows: one year, one layer, as at a day."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from evaluation.figures.scope import Scope
from evaluation.position import scope_now
from grants.models import MonitoringReturn
from programmes.layers import chosen_layer, layers_in_use
from programmes.models import Allocation
from vru.lib.periods import FinancialYear, PeriodError


def years_in(layer: str) -> list[FinancialYear]:
    """Financial years with money or returns in the layer, newest first."""
    years = set(Allocation.objects.filter(layer=layer).order_by().values_list("year", flat=True).distinct())
    years |= set(MonitoringReturn.objects.in_layer(layer).order_by().values_list("quarter__year", flat=True).distinct())
    return [FinancialYear(year) for year in sorted(years, reverse=True)]


def scope_of(request: HttpRequest) -> Scope:
    """The scope asked for in the address. An address with a year that cannot be read is not found (404)."""
    layer = chosen_layer(request)
    asked = request.GET.get("year", "")
    if asked:
        try:
            return scope_now(FinancialYear.parse(asked), layer)
        except PeriodError as error:
            raise Http404(str(error)) from error
    return scope_now(newest_year(layer), layer)


def newest_year(layer: str) -> FinancialYear:
    """The newest year with returns, because money is allocated before anything happens; else the newest with money;
    this year when there is neither.
    """
    returns = MonitoringReturn.objects.in_layer(layer).order_by("-quarter__year")
    reported = returns.values_list("quarter__year", flat=True).first()
    if reported is not None:
        return FinancialYear(reported)
    years = years_in(layer)
    return years[0] if years else FinancialYear.of(timezone.localdate())


def page_context(scope: Scope, *crumbs: tuple[str, str]) -> dict[str, Any]:
    """What the heading of such a page needs. ``crumbs`` are (text, address name) pairs after Home."""
    trail = [{"text": "Home", "href": reverse("home")}]
    trail += [{"text": text, "href": reverse(name)} for text, name in crumbs]
    return {
        "scope": scope,
        "year": scope.year,
        "years": years_in(scope.layer),
        "layer": scope.layer,
        "layers": layers_in_use(),
        "crumbs": trail,
    }
