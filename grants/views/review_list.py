"""The list of returns for staff: what needs doing, filtered, sorted, and chosen for doing several at once."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from grants.models import MonitoringReturn
from grants.return_filters import ReturnFilter
from programmes.layers import chosen_layer, layers_in_use
from vru.accounts.permissions import can_read_everything, can_review_returns, person, require

PAGE_SIZE = 50


def filtered_returns(request: HttpRequest) -> ReturnFilter:
    """The returns that the address asks for, with ``pending`` joined, so that the list and what acts on it agree."""
    user, layer = person(request), chosen_layer(request)
    returns = (
        MonitoringReturn.objects.visible_to(user)
        .in_layer(layer)
        .with_pending()
        .select_related("quarter", "commitment__organisation", "commitment__manager", "reviewer")
    )
    return ReturnFilter(request.GET, queryset=returns, user=user, layer=layer)


@require(can_read_everything)
@require_safe
def return_list(request: HttpRequest) -> HttpResponse:
    found = filtered_returns(request)
    returns = found.qs if found.is_valid() else found.queryset.none()
    returns = returns.annotate(sent_at=F("pending__submitted_at"), sent_warnings=F("pending__warnings"))
    page = Paginator(returns, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filter": found,
        "page_obj": page,
        "rows": [_row(item) for item in page],
        "may_act": can_review_returns(person(request)),
        "layer": chosen_layer(request),
        "layers": layers_in_use(),
        "crumbs": [{"text": "Home", "href": reverse("home")}],
    }
    return render(request, "grants/return_list.html", context)


def _row(item: MonitoringReturn) -> dict[str, object]:
    sent = getattr(item, "sent_at", None)
    return {
        "item": item,
        "overdue": item.is_overdue(timezone.localdate()),
        "sent_at": sent,
        "is_late": sent is not None and timezone.localdate(sent) > item.due_on,
        "warnings": len(getattr(item, "sent_warnings", None) or []),
        "reviewer": item.reviewer or item.commitment.manager,
    }
