"""The list of programmes."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from programmes.filters import ProgrammeFilter
from programmes.layers import chosen_layer, layers_in_use
from programmes.models import Programme, StrategyVersion
from vru.accounts.permissions import can_read_everything, person, require

PAGE_SIZE = 50


@require(can_read_everything)
@require_safe
def programme_list(request: HttpRequest) -> HttpResponse:
    layer = chosen_layer(request)
    programmes = (
        Programme.objects.visible_to(person(request))
        .in_layer(layer)
        .select_related("theme", "primary_objective", "parent", "manager")
    )
    found = ProgrammeFilter(request.GET or None, queryset=programmes, version=StrategyVersion.objects.last())
    page = Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filter": found,
        "page_obj": page,
        "layer": layer,
        "layers": layers_in_use(),
        "crumbs": [{"text": "Home", "href": reverse("home")}],
    }
    return render(request, "programmes/programme_list.html", context)
