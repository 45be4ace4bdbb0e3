"""What a grantee's own system reads: its returns, what each asks, and what was saved so far."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from grants.answers.known import Known, known_values, last_answers, previous_revision
from grants.answers.values import box_values, drafts_of
from grants.api.filing import versions_of
from grants.api.parsing import number_as_typed
from grants.models import MonitoringReturn, Revision, Section
from grants.questionnaire import Box, boxes_for
from grants.timetable.locks import lock_of


def return_row(item: MonitoringReturn, today: datetime.date) -> dict[str, Any]:
    ref, quarter = item.commitment.ref, item.quarter.key
    return {
        "grant": ref,
        "quarter": quarter,
        "title": item.commitment.title,
        "organisation": item.commitment.organisation.name,
        "status": item.status,
        "opens_on": item.opens_on.isoformat(),
        "due_on": item.due_on.isoformat(),
        "is_overdue": item.is_overdue(today),
        "address": settings.SITE_URL + reverse("api-return", args=[ref, quarter]),
    }


def return_detail(item: MonitoringReturn, today: datetime.date) -> dict[str, Any]:
    lock = lock_of(item, today)
    sent = item.revisions.live().order_by("-number").first()
    return {
        **return_row(item, today),
        "sections": section_titles(item),
        "lock": {"code": lock.code, "reason": lock.reason, "next_step": lock.next_step} if lock else None,
        "versions": {section.value: number for section, number in versions_of(item).items()},
        "sent": _sent(item, sent) if sent else None,
        "queries": _open_queries(sent) if sent else [],
        "page": settings.SITE_URL + reverse("returns:tasks", args=[item.commitment.ref, item.quarter.key]),
    }


def _sent(item: MonitoringReturn, revision: Revision) -> dict[str, Any]:
    # The row in hand, so that asking about the signature reads it no second time.
    revision.monitoring_return = item
    return {
        "number": revision.number,
        "submitted_at": revision.submitted_at.isoformat(),
        "channel": revision.channel,
        "is_nil": revision.is_nil,
        "signature_needed": revision.awaits_signature,
        "is_approved": revision.approved_at is not None,
    }


def _open_queries(revision: Revision) -> list[dict[str, str]]:
    open_now = revision.queries.filter(answered_at__isnull=True).order_by("pk")
    return [{"section": query.section, "text": query.text} for query in open_now]


def section_titles(item: MonitoringReturn) -> dict[str, str]:
    return {section.value: str(section.label) for section in item.sections}


def template_of(item: MonitoringReturn) -> dict[str, Any]:
    """Every box with what is known of it already: last quarter as raw text, so that it can be sent again."""
    boxes = boxes_for(item)
    before = previous_revision(item)
    last = {**box_values(boxes, before), **last_answers(item, boxes)} if before else {}
    known = known_values(item, boxes)
    rows = []
    for box in boxes:
        beside = known.get(box.name, Known())
        rows.append(
            {
                **_box(box),
                "last_quarter": last.get(box.name, ""),
                "year_before": "" if beside.before is None else number_as_typed(beside.before),
                "target": beside.target,
                "plan": beside.plan,
            }
        )
    return {"grant": item.commitment.ref, "quarter": item.quarter.key, "sections": section_titles(item), "boxes": rows}


def _box(box: Box) -> dict[str, Any]:
    return {
        "name": box.name,
        "section": box.section.value,
        "label": box.label,
        "group": box.group,
        "hint": box.hint,
        "kind": box.kind.value,
        "required": box.required,
        "choices": [{"value": value, "label": label} for value, label in box.choices],
    }


def draft_of(item: MonitoringReturn, versions: dict[Section, int]) -> dict[str, Any]:
    """What is saved, or for a return that came back what was sent, by box name."""
    typed = drafts_of(item)
    values = {name: text for section in Section for name, text in typed.get(section, {}).items() if text}
    return {
        "grant": item.commitment.ref,
        "quarter": item.quarter.key,
        "status": item.status,
        "versions": {section.value: number for section, number in versions.items()},
        "values": values,
    }
