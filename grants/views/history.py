"""The history of a return: every version, what changed from one to the next, and what happened in between."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grants.answers.changes import changes_between
from grants.answers.sent import lines_of
from grants.answers.warnings import warned_of
from grants.models import MonitoringReturn, ReturnDocument, Revision
from grants.views.receipt import revisions_of
from grants.views.return_page import return_context, visible_return
from vru.accounts.models import AuditEvent, User
from vru.accounts.permissions import person

# What a grantee may read of the unit's own record, and how it is said to them.
EVENTS = {
    "return opened": "Opened",
    "return submitted": "Sent",
    "return signed": "Signed by a second person",
    "return taken back": "Taken back before its signature",
    "return sent back unsigned": "Sent back instead of signed",
    "return queried": "Queried",
    "query answered": "Query answered",
    "return approved": "Approved",
    "return reopened": "Reopened for a correction",
    "return locked": "Locked",
    "return waived": "Waived: no return needed",
    "waiver undone": "Needed after all",
    "return corrected by the unit": "Corrected by the unit",
    "return checked": "Checked by the unit",
    "extension asked for": "More time asked for",
    "extension given": "More time given",
    "extension granted": "More time granted",
    "extension refused": "More time refused",
    "file attached": "File attached",
    "file removed": "File taken away",
    "workbook imported": "Filled in from a workbook",
}
# Its reason is written for the grantee; that of others may not be.
_WITH_REASON = {
    "return taken back",
    "return sent back unsigned",
    "return queried",
    "return reopened",
    "return waived",
    "return corrected by the unit",
}


@require_safe
def return_history(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    item = visible_return(request, ref, quarter)
    revisions = revisions_of(item)
    context = return_context(item, request, f"History of the return for {item.quarter}")
    waits = any(revision.awaits_signature for revision in revisions)
    context["shown_status"] = "awaiting_signature" if waits else item.status
    context["shown_label"] = "Waiting for a signature" if waits else item.get_status_display()
    context["versions"] = _versions(revisions)
    context["events"] = events_of(item, person(request))
    context["extensions"] = item.extensions.select_related("asked_by", "decided_by").order_by("-asked_at", "-pk")
    return render(request, "grants/return_history.html", context)


def _versions(revisions: list[Revision]) -> list[dict[str, Any]]:
    """Newest first, each with what it changed in the version before it."""
    lines = {revision.pk: lines_of(revision) for revision in revisions}
    copies = set(ReturnDocument.objects.filter(revision__in=revisions).values_list("revision_id", flat=True))
    # The first has none before it.
    earlier: list[Revision | None] = [*revisions[1:], None]
    return [
        {
            "revision": revision,
            "before": before,
            "changes": changes_between(lines[before.pk], lines[revision.pk]) if before else [],
            "warnings": warned_of(revision),
            "queries": list(revision.queries.select_related("answered_by")),
            "has_copy": revision.pk in copies,
        }
        for revision, before in zip(revisions, earlier, strict=False)
    ]


def events_of(item: MonitoringReturn, user: User) -> list[dict[str, Any]]:
    """What happened, newest first. A grantee reads the steps of their own return; staff the whole record."""
    events = AuditEvent.objects.about(item).select_related("actor").order_by("-at", "-pk")
    if not user.is_staff_member:
        events = events.filter(action__in=EVENTS)
    return [
        {
            "title": _title(event),
            "at": event.at,
            "by": event.actor.name if event.actor else "",
            "text": event.reason if user.is_staff_member or event.action in _WITH_REASON else "",
        }
        for event in events
    ]


def _title(event: AuditEvent) -> str:
    said = EVENTS.get(event.action, event.action.capitalize())
    version = event.details.get("revision")
    in_name_of = event.details.get("for")
    return f"{said}{f', for {in_name_of}' if in_name_of else ''}{f' (version {version})' if version else ''}"
