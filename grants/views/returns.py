"""The grantee's pages around one return: the list of its sections, and the check of all answers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from grants.answers.values import drafts_of
from grants.models import MonitoringReturn, Section
from grants.questionnaire import boxes_for
from grants.questionnaire.boxes import Box
from grants.questionnaire.progress import (
    NEW_PEOPLE,
    Progress,
    next_section,
    progress_of,
    sections_with_pages,
    still_needed,
)
from grants.timetable.locks import about_to_lock, lock_of
from grants.validation import Outcome, validate
from grants.views.attachments import attachments_of
from grants.views.return_page import address, may_sign, place_of, return_context, visible_return
from grants.views.returned import queries_shown, sent_back
from vru.accounts.permissions import person


@require_safe
def return_tasks(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    item = visible_return(request, ref, quarter)
    context = return_context(item, request, f"Return for {item.quarter}")
    today = timezone.localdate()
    lock = lock_of(item, today)
    revision = item.revisions.live().select_related("submitted_by").order_by("-number").first()
    drafts = {draft.section: draft for draft in item.drafts.all()}
    is_back = item.status == MonitoringReturn.Status.QUERIED
    boxes = boxes_for(item) if context["can_edit"] or is_back else []
    progress = progress_of(item.sections, boxes, drafts, revision) if context["can_edit"] else []
    queries = queries_shown(item, revision, boxes) if is_back else []
    can_sign = revision is not None and may_sign(person(request), item, revision)
    waits = revision is not None and revision.awaits_signature
    context |= {
        "tasks": [_task(item, each, linked=context["can_edit"]) for each in progress],
        "sections_done": [each.status for each in progress].count("completed"),
        "sections_all": len(progress),
        "needed_left": sum(each.left for each in progress),
        "waived": [section.label for section in Section if section not in item.sections],
        "next_href": _next_href(item, progress),
        "has_words": any(draft.data for draft in drafts.values()),
        "lock": lock,
        "closing": about_to_lock(item, today) if context["can_edit"] else None,
        "revision": revision,
        "queries": queries,
        "open_queries": [each for each in queries if each["query"].answered_at is None],
        "sent_back": sent_back(item),
        "can_sign": can_sign,
        "awaits_signature": waits,
        "shown_status": "awaiting_signature" if waits else item.status,
        "shown_label": "Waiting for a signature" if waits else item.get_status_display(),
    }
    return render(request, "grants/return_tasks.html", context)


def _task(item: MonitoringReturn, each: Progress, *, linked: bool) -> dict[str, Any]:
    left = f"{each.left} needed {'answer' if each.left == 1 else 'answers'} left" if each.left else ""
    optional = not each.needed and each.status == "not_started"
    return {
        "title": str(each.section.label),
        "href": address(item, "section", each.section.value) if linked else None,
        "hint": "Only if you have something to tell us." if optional else left,
        "status": "optional" if optional else each.status,
        "label": "Optional" if optional else "",
    }


def _next_href(item: MonitoringReturn, progress: list[Progress]) -> str:
    """Where "Continue" leads: the first section still needed, then the check."""
    following = next_section(progress, Section.DECLARATION)
    return address(item, "section", following.value) if following else address(item, "check")


@require_safe
def return_check(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    item = visible_return(request, ref, quarter)
    context = return_context(item, request, "Check your answers")
    if not context["can_edit"]:
        return redirect(address(item, "tasks"))
    typed = drafts_of(item)
    outcome = validate(item, typed)
    wrong = {problem.field for problem in outcome.errors}
    context |= {
        "sections": [
            _checked(item, section, outcome, typed.get(section, {}), wrong)
            for section in sections_with_pages(item.sections, outcome.boxes)
        ],
        "errors": [(problem, place_of(item, problem)) for problem in outcome.errors_in_order()],
        "warnings": [(problem, place_of(item, problem)) for problem in outcome.warnings_for_grantee()],
        "files": attachments_of(item) if Section.EVIDENCE in item.sections else [],
        "needed_left": sum(
            still_needed(
                [box for box in outcome.boxes if box.section == section],
                typed.get(section, {}),
                typed.get(Section.REACH, {}).get(NEW_PEOPLE, ""),
            )
            for section in item.sections
        ),
    }
    return render(request, "grants/return_check.html", context)


def _checked(
    item: MonitoringReturn, section: Section, outcome: Outcome, typed: dict[str, str], wrong: set[str]
) -> dict[str, Any]:
    """Every answered box, and every needed one that is empty, each with the way to change it."""
    href = address(item, "section", section.value)
    rows = [
        {
            "key": box.title,
            "value": _shown(box, typed.get(box.name, "")),
            "href": f"{href}#id_{box.name}",
            "is_wrong": box.name in wrong,
        }
        for box in outcome.boxes
        if box.section == section and (typed.get(box.name, "").strip() or box.required)
    ]
    return {"section": section, "href": href, "rows": rows}


def _shown(box: Box, typed: str) -> str | None:
    """As typed: nothing is tidied before it is sent. None for a needed box that is empty."""
    return box.in_words(typed) if typed.strip() else None
