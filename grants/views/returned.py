"""What a return that came back asks for: each query with the way to its box, or the words it was sent back with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from grants.models import MonitoringReturn, ReturnQuery, Revision, Section
from grants.questionnaire.boxes import Box
from grants.views.return_page import address
from vru.accounts.models import AuditEvent

SENT_BACK = "return sent back unsigned"


def queries_shown(item: MonitoringReturn, revision: Revision | None, boxes: Iterable[Box]) -> list[dict[str, Any]]:
    """Every query about the version that counts, unanswered first, each with what it is about and where that is."""
    if revision is None:
        return []
    boxes = list(boxes)
    titles = {box.name: box.title for box in boxes}
    pages = {box.section for box in boxes} | {Section.EVIDENCE}
    found = revision.queries.select_related("answered_by").order_by("section", "pk")
    shown = [
        {
            "query": query,
            "about": titles.get(query.field, query.get_section_display()),
            "href": _place(item, query, titles, pages),
            "number": number,
        }
        for number, query in enumerate(found, start=1)
    ]
    return sorted(shown, key=lambda each: each["query"].answered_at is not None)


def _place(item: MonitoringReturn, query: ReturnQuery, titles: dict[str, str], pages: set[Section]) -> str:
    """Its box where it has one; its section where that has a page; the declaration for what has neither."""
    if Section(query.section) not in pages:
        return address(item, "declare")
    href = address(item, "section", query.section)
    return f"{href}#id_{query.field}" if query.field in titles else href


def sent_back(item: MonitoringReturn) -> AuditEvent | None:
    """Who sent the last version back instead of signing it, and why; None when nobody did."""
    if not item.is_editable:
        return None
    last = Revision.objects.filter(monitoring_return=item).order_by("-number").first()
    if last is None or last.superseded_at is None:
        return None
    event = AuditEvent.objects.about(item).filter(action=SENT_BACK).select_related("actor").first()
    return event if event is not None and event.details.get("revision") == last.number else None
