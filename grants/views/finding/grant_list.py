"""The list of grants, contracts and unit costs: filtered, sorted, counted, kept as a view and taken away as a file."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from grants.exports.register import register
from grants.filters import CommitmentFilter, last_rag
from grants.models import Commitment
from programmes.layers import chosen_layer, layers_in_use
from programmes.models import StrategyVersion, Unit
from vru.accounts.lists import ListPage, list_tools
from vru.accounts.permissions import can_edit_programmes, can_read_everything, person, require
from vru.lib.exports import export_response
from vru.lib.layers import Layer

PAGE_SIZE = 50
GRANTS = ListPage("grants:list", "Grants", export="grants:export")


class Counted(Paginator):
    """Pages of a list whose length is known already."""

    def __init__(self, rows: QuerySet[Any], per_page: int, *, count: int) -> None:
        super().__init__(rows, per_page)
        self._known = count

    @cached_property
    def count(self) -> int:
        return self._known


def found_grants(request: HttpRequest, layer: str) -> CommitmentFilter:
    """The grants that the address asks for, so that the list, its files and what is done to it at once agree."""
    grants = Commitment.objects.visible_to(person(request)).in_layer(layer)
    version = StrategyVersion.objects.last()
    return CommitmentFilter(request.GET, queryset=grants, today=timezone.localdate(), layer=layer, version=version)


def counts_of(grants: QuerySet[Commitment]) -> dict[str, Any]:
    """How many in all and in each status, and what they come to: one query."""
    rows = {
        row["status"]: row
        for row in grants.order_by().values("status").annotate(many=Count("pk"), pence=Sum("award_pence"))
    }
    return {
        "count": sum(row["many"] for row in rows.values()),
        "pence": sum(row["pence"] for row in rows.values()),
        "by_status": [
            {"label": status.label, "count": rows[status.value]["many"]}
            for status in Commitment.Status
            if status.value in rows
        ],
    }


@require(can_read_everything)
@require_safe
def grant_list(request: HttpRequest) -> HttpResponse:
    layer = chosen_layer(request)
    found = found_grants(request, layer)
    counts = counts_of(found.found)
    rows = found.found.select_related("programme", "organisation").annotate(last_rag=last_rag())
    context = {
        "page_obj": Counted(rows, PAGE_SIZE, count=counts["count"]).get_page(request.GET.get("page")),
        "counts": counts,
        "layer": layer,
        "layers": layers_in_use(),
        "may_change": can_edit_programmes(person(request)),
        "crumbs": [{"text": "Home", "href": reverse("home")}],
        **list_tools(request, GRANTS, found, layer=layer),
    }
    return render(request, "grants/grant_list.html", context)


@require(can_read_everything)
@require_safe
def grant_export(request: HttpRequest, file_format: str) -> HttpResponseBase:
    """Every row that the list shows with the same address, in the same order."""
    layer = chosen_layer(request)
    found = found_grants(request, layer)
    if not found.is_valid():
        # The list says which filter cannot be read; a file without rows would look like an answer.
        return redirect(f"{reverse(GRANTS.name)}?{request.GET.urlencode()}")
    unit = Unit.objects.first()
    now = timezone.localtime()
    notes = (f"As at {now:%-d %B %Y, %H:%M}. Records: {Layer(layer).label.lower()}.", *found.described)
    return export_response(
        register(found.found, notes=notes), file_format, author=unit.name if unit else "", timestamp=now
    )
