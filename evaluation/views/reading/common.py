"""What the pages around an edition share: figures searched for, and the page where its facts are gone."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from evaluation.models import Edition
from evaluation.reports.errors import CorruptSnapshot
from evaluation.views.report_pages import edition_crumbs

PAGE_SIZE = 100
# Words that are looked for are read no further than this.
LONGEST_SEARCH = 100


def unreadable(request: HttpRequest, edition: Edition, error: CorruptSnapshot) -> HttpResponse:
    """The page in place of one that needs the facts, when those are gone or damaged."""
    context: dict[str, Any] = {"edition": edition, "problem": str(error), "crumbs": edition_crumbs(edition)}
    return render(request, "evaluation/edition_unreadable.html", context, status=503)


def searched(request: HttpRequest, figures: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    """(The words looked for, the figures with them in key or label), in printed order."""
    words = " ".join(request.GET.get("text", "")[:LONGEST_SEARCH].split())
    wanted = words.casefold()
    found = [
        figure for key, figure in figures.items() if wanted in key.casefold() or wanted in figure["label"].casefold()
    ]
    return words, sorted(found, key=lambda figure: figure["order"])
