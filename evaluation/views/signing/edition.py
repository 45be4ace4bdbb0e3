"""The page of an edition: what became of it, and its files."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluation.actions.finishing import finishing_job
from evaluation.models import Edition
from evaluation.views.report_pages import crumbs, find_edition
from evaluation.views.signing.common import page_of
from vru.accounts.permissions import can_make_reports, can_read_everything, can_sign_reports, person, require


@require(can_read_everything)
@require_safe
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One edition: what was made, how far it is on its way to the funder, and its files."""
    edition = find_edition(request, pk)
    user = person(request)
    files = list(edition.files.order_by("kind"))
    is_finished = edition.finished_at is not None
    context = page_of(
        edition,
        str(edition),
        files=[each for each in files if each.is_final is is_finished],
        draft_files=[each for each in files if is_finished and not each.is_final],
        revisions=edition.revisions.count(),
        events=events_of(edition),
        finishing=finishing_job(edition) if edition.signed_at and not is_finished else None,
        may_make=can_make_reports(user),
        may_sign=can_sign_reports(user),
        supersedes=edition.supersedes.order_by("number"),
    )
    context["crumbs"] = crumbs(edition.report)
    return render(request, "evaluation/report_detail.html", context)


def events_of(edition: Edition) -> list[dict[str, Any]]:
    """What became of an edition, newest first."""
    sent_to = f"To {edition.sent_to}" if edition.sent_to else ""
    steps = (
        ("Made", edition.built_at, edition.requested_by, ""),
        ("Sent to be signed", edition.review_at, edition.review_by, ""),
        ("Signed", edition.signed_at, edition.signed_by, "Restated" if edition.is_restated else ""),
        ("Final files made", edition.finished_at, None, ""),
        ("Sent", edition.sent_at, edition.sent_by, sent_to),
        ("Published", edition.published_at, edition.published_by, ""),
    )
    events = [
        {"title": title, "at": at, "by": by.name if by else "", "text": text} for title, at, by, text in steps if at
    ]
    return events[::-1]
