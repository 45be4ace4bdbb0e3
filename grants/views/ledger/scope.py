"""Which ledger a page is about: one year, one layer."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from grants.models import LedgerImport, Payment
from programmes.layers import chosen_layer, layers_in_use
from vru.lib.periods import FinancialYear, PeriodError

Crumb = dict[str, str]


def years_with_payments(layer: str) -> list[FinancialYear]:
    """Years in which something was paid or a ledger was taken in, newest first. Two queries."""
    paid = Payment.objects.filter(status=Payment.Status.PAID, commitment__programme__layer=layer)
    days = paid.order_by().values_list("paid_on", flat=True).distinct()
    years = {FinancialYear.of(day).start for day in days if day is not None}
    years |= set(LedgerImport.objects.filter(layer=layer).order_by().values_list("year", flat=True).distinct())
    return [FinancialYear(year) for year in sorted(years, reverse=True)]


def ledger_scope(request: HttpRequest) -> dict[str, Any]:
    """``year``, ``years``, ``layer``, ``layers`` for a page. An address with a year that cannot be read is 404."""
    layer = chosen_layer(request)
    years = years_with_payments(layer)
    asked = request.GET.get("year", "")
    try:
        year = FinancialYear.parse(asked) if asked else (years[0] if years else FinancialYear.of(timezone.localdate()))
    except PeriodError as error:
        raise Http404(str(error)) from error
    return {"year": year, "years": years, "layer": layer, "layers": layers_in_use()}


def ledger_crumbs(*more: Crumb) -> list[Crumb]:
    return [{"text": "Home", "href": reverse("home")}, {"text": "Ledger", "href": reverse("money:ledger")}, *more]
