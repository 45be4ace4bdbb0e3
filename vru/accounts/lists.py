"""The lists of the site that can be saved, exported and opened again with the same filters and order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from vru.accounts.models import SavedView
from vru.accounts.permissions import person
from vru.lib.exports import FORMATS
from vru.lib.finding.list_filter import ListFilter

_LISTS: dict[str, ListPage] = {}


@dataclass(frozen=True, slots=True)
class ListPage:
    """A list by the name of its address. ``export`` names the address of its files, which takes a format."""

    name: str
    title: str
    export: str = ""

    def __post_init__(self) -> None:
        _LISTS[self.name] = self


def lists() -> dict[str, ListPage]:
    """Every list by the name of its address. Known once the addresses of the site are loaded."""
    return dict(_LISTS)


def list_tools(request: HttpRequest, page: ListPage, found: ListFilter, *, layer: str = "") -> dict[str, Any]:
    """What stands around a list: filters, what is chosen, saved views and files. One query.

    ``query`` keeps the layer too, so that a view shows tomorrow, and to a colleague, what it shows now.
    """
    query = QueryDict(found.query, mutable=True)
    if layer:
        query["layer"] = layer
    said = query.urlencode()
    views = SavedView.objects.visible_to(person(request)).filter(page=page.name).select_related("owner")
    files = [
        {"label": label, "href": f"{reverse(page.export, args=[ending])}?{said}"} for ending, label in FORMATS.items()
    ]
    return {
        "found": found,
        "list_page": page,
        "list_query": said,
        "list_files": files if page.export else [],
        "saved_views": [{"view": view, "is_here": view.query == said} for view in views],
    }
