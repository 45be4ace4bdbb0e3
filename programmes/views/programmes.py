"""The list of programmes: filtered, sorted, counted, kept as a view and taken away as a file."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from programmes.exports import programme_register
from programmes.filters import ProgrammeFilter
from programmes.layers import chosen_layer, layers_in_use
from programmes.models import Programme, StrategyVersion, Unit
from vru.accounts.lists import ListPage, list_tools
from vru.accounts.permissions import can_edit_programmes, can_read_everything, person, require
from vru.lib.exports import export_response
from vru.lib.layers import Layer

PAGE_SIZE = 50
PROGRAMMES = ListPage("programmes:list", "Programmes", export="programmes:export")


def found_programmes(request: HttpRequest, layer: str) -> ProgrammeFilter:
    """The programmes that the address asks for."""
    programmes = Programme.objects.visible_to(person(request)).in_layer(layer)
    return ProgrammeFilter(request.GET, queryset=programmes, version=StrategyVersion.objects.last())


@require(can_read_everything)
@require_safe
def programme_list(request: HttpRequest) -> HttpResponse:
    layer = chosen_layer(request)
    found = found_programmes(request, layer)
    rows = found.found.select_related("theme", "primary_objective", "parent", "manager")
    context = {
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "layer": layer,
        "layers": layers_in_use(),
        "may_add": can_edit_programmes(person(request)),
        "crumbs": [{"text": "Home", "href": reverse("home")}],
        **list_tools(request, PROGRAMMES, found, layer=layer),
    }
    return render(request, "programmes/programme_list.html", context)


@require(can_read_everything)
@require_safe
def programme_export(request: HttpRequest, file_format: str) -> HttpResponseBase:
    """Every row that the list shows with the same address, in the same order."""
    layer = chosen_layer(request)
    found = found_programmes(request, layer)
    if not found.is_valid():
        # The list says which filter cannot be read; a file without rows would look like an answer.
        return redirect(f"{reverse(PROGRAMMES.name)}?{request.GET.urlencode()}")
    unit, now = Unit.objects.first(), timezone.localtime()
    notes = (f"As at {now:%-d %B %Y, %H:%M}. Records: {Layer(layer).label.lower()}.", *found.described)
    return export_response(
        programme_register(found.found, notes=notes), file_format, author=unit.name if unit else "", timestamp=now
    )
