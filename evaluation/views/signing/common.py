"""What the pages of signing share: the edition they are about, and the way back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from evaluation.models import Edition
from vru.accounts.permissions import person


def find_edition(request: HttpRequest, pk: int) -> Edition:
    """A built edition that the person may see; 404 otherwise."""
    editions = Edition.objects.visible_to(person(request)).built()
    related = ("report__outline", "review_by", "signed_by", "sent_by", "requested_by", "published_by", "superseded_by")
    return get_object_or_404(editions.select_related(*related), pk=pk)


def edition_crumbs(edition: Edition, *, is_inside: bool = True) -> list[dict[str, str]]:
    """Home, reports, the report, and for a page below the edition's own also that one."""
    crumbs = [
        {"text": "Home", "href": reverse("home")},
        {"text": "Reports", "href": reverse("evaluation:reports")},
        {"text": str(edition.report), "href": reverse("evaluation:report-page", args=[edition.report_id])},
    ]
    if is_inside:
        href = reverse("evaluation:report", args=[edition.pk])
        crumbs.append({"text": f"Edition {edition.number}", "href": href})
    return crumbs


def page_of(edition: Edition, title: str, **more: Any) -> dict[str, Any]:
    return {
        "edition": edition,
        "report": edition.report,
        "layer": edition.layer,
        "title": title,
        "crumbs": edition_crumbs(edition),
        **more,
    }
