"""What pages about a report or an edition share: the one they are about, found for this person, and the way back."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from evaluation.models import Edition, Report
from vru.accounts.permissions import person

Crumb = dict[str, str]


def find_report(request: HttpRequest, pk: int) -> Report:
    """The report with its outline. 404 for whom it does not exist."""
    shown = Report.objects.visible_to(person(request)).select_related("outline", "copied_from__outline", "made_by")
    return get_object_or_404(shown, pk=pk)


def find_edition(request: HttpRequest, pk: int) -> Edition:
    """A built edition, with everybody who moved it on. 404 for whom it does not exist."""
    editions = Edition.objects.visible_to(person(request)).built()
    related = ("report__outline", "review_by", "signed_by", "sent_by", "requested_by", "published_by", "superseded_by")
    return get_object_or_404(editions.select_related(*related), pk=pk)


def crumbs(report: Report | None = None, *more: tuple[str, str]) -> list[Crumb]:
    """Home, reports, the report where there is one, then ``more`` as (text, address)."""
    trail = [("Home", reverse("home")), ("Reports", reverse("evaluation:reports"))]
    if report is not None:
        trail.append((str(report), reverse("evaluation:report-page", args=[report.pk])))
    return [{"text": text, "href": href} for text, href in (*trail, *more)]


def edition_crumbs(edition: Edition, *more: tuple[str, str]) -> list[Crumb]:
    """The way to a page below an edition's own."""
    own = (f"Edition {edition.number}", reverse("evaluation:report", args=[edition.pk]))
    return crumbs(edition.report, own, *more)
