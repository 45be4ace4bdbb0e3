"""The one search box: what is found, by kind, with counts; and all of one kind, page by page."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from grants import search as finding
from programmes.layers import chosen_layer, layers_in_use
from vru.accounts.permissions import person
from vru.lib.finding.full_text import has_full_text
from vru.lib.finding.words import MOST_WORDS, words_of

PAGE_SIZE = 50


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """``q`` is what was typed, ``in`` a kind of thing. Of a text that is too long the beginning is used."""
    user = person(request)
    typed = request.GET.get("q", "").strip()
    text = typed[: finding.LONGEST]
    layer = chosen_layer(request) if user.is_staff_member else ""
    asked = finding.Asked(text, user, layer)
    chosen = [kind for kind in finding.KINDS if kind.key == request.GET.get("in")]
    context: dict[str, Any] = {
        "typed": typed,
        "text": text,
        "is_shortened": len(typed) > len(text) or len(words_of(text)) >= MOST_WORDS,
        "has_words": not finding.is_too_short(text),
        "knows_english": has_full_text(),
        "layer": layer,
        "layers": layers_in_use() if user.is_staff_member else [],
        "crumbs": [{"text": "Home", "href": reverse("home")}],
    }
    if context["has_words"] and chosen:
        rows = Paginator(chosen[0].rows(asked), PAGE_SIZE).get_page(request.GET.get("page"))
        context |= {"kind": chosen[0], "page_obj": rows, "hits": [chosen[0].hit(row, asked) for row in rows]}
    elif context["has_words"]:
        groups = finding.search(asked, finding.KINDS)
        exact = finding.exactly(asked)
        context |= {"groups": groups, "exact": exact, "total": sum(group.count for group in groups)}
    return render(request, "grants/search.html", context)
