"""What the pages around an edition share: the edition a person may see, its facts, the way back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from evaluation.models import Edition
from evaluation.reports.errors import CorruptSnapshot
from vru.accounts.permissions import person

PAGE_SIZE = 100
# Words that are looked for are read no further than this.
LONGEST_SEARCH = 100


def visible_edition(request: HttpRequest, pk: int) -> Edition:
    """A built edition that this person may see; 404 otherwise."""
    editions = Edition.objects.visible_to(person(request)).built().select_related("report__outline")
    return get_object_or_404(editions, pk=pk)


def edition_crumbs(edition: Edition, *more: tuple[str, str]) -> list[dict[str, str]]:
    """Home, reports, the edition, then ``more`` as (text, address)."""
    trail = [
        ("Home", reverse("home")),
        ("Reports", reverse("evaluation:reports")),
        (f"{edition.report}, edition {edition.number}", reverse("evaluation:report", args=[edition.pk])),
        *more,
    ]
    return [{"text": text, "href": href} for text, href in trail]


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
