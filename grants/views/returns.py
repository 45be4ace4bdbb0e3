"""The grantee's pages of one return: task list, sections, check answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import escape
from django.views.decorators.http import require_http_methods, require_safe

from grants.actions.drafts import save_section
from grants.actions.submission import drafts_of
from grants.errors import ActionRefused, StaleDraft
from grants.models import Measure, MonitoringReturn, Revision, Section, SectionDraft
from grants.questionnaire import Box, boxes_for
from grants.validation import validate
from grants.views.known import known_values, last_answers
from grants.views.return_page import (
    address,
    answers_shown,
    may_sign,
    number_in,
    return_context,
    sections_with_pages,
    visible_return,
)
from grants.views.section_form import build_section_form
from vru.accounts.permissions import person


@require_safe
def return_tasks(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    item = visible_return(request, ref, quarter)
    context = return_context(item, request, f"Return for {item.quarter}")
    drafts = {draft.section: draft for draft in item.drafts.all()}
    sections = sections_with_pages(item, boxes_for(item))
    revision = item.revisions.live().order_by("-number").first()
    # What was sent stands until somebody changes it, so a section of a return that came back is not "not started".
    statuses = {section: _section_status(drafts.get(section.value), revision) for section in sections}
    context["tasks"] = [
        {
            "title": str(section.label),
            "href": address(item, "section", section.value) if context["can_edit"] else None,
            "status": status,
        }
        for section, status in statuses.items()
    ]
    context["sections_done"] = list(statuses.values()).count("completed")
    context["sections_all"] = len(sections)
    context["revision"] = revision
    context["open_queries"] = list(revision.queries.filter(answered_at__isnull=True)) if revision else []
    context["can_sign"] = revision is not None and may_sign(person(request), item, revision)
    return render(request, "grants/return_tasks.html", context)


def _section_status(draft: SectionDraft | None, sent: Revision | None) -> str:
    if draft is None:
        return "completed" if sent else "not_started"
    return "completed" if draft.is_complete else "in_progress"


def _section_boxes(item: MonitoringReturn, letter: str) -> tuple[Section, list[Box]]:
    if letter not in Section.values or Section(letter) not in item.sections:
        raise Http404(f"This return has no section {letter}.")
    section = Section(letter)
    boxes = [box for box in boxes_for(item) if box.section == section]
    if section is Section.DECLARATION and not boxes:
        raise Http404("The declaration is made after the answers are checked.")
    return section, boxes


@require_http_methods(["GET", "HEAD", "POST"])
def section_edit(request: HttpRequest, ref: str, quarter: str, letter: str) -> HttpResponse:
    item = visible_return(request, ref, quarter)
    section, boxes = _section_boxes(item, letter)
    context = return_context(item, request, str(section.label))
    if not context["can_edit"]:
        messages.warning(request, "This return cannot be changed now.")
        return redirect(address(item, "tasks"))
    draft = SectionDraft.objects.filter(monitoring_return=item, section=section).first()
    context["new_people"] = _new_people(item) if section is Section.BREAKDOWNS else ""
    form_class = build_section_form(boxes, known_values(item, boxes))
    if request.method == "POST":
        return _save(request, item, section, form_class(request.POST), context)
    context["is_from_last_quarter"] = False
    typed = drafts_of(item).get(section, {})
    if not typed and draft is None and section is Section.CONTACTS:
        typed = last_answers(item, boxes)
        context["is_from_last_quarter"] = bool(typed)
    initial = {**typed, "version": draft.version if draft else 0}
    return render(
        request, "grants/section_edit.html", {**context, "form": form_class(initial=initial), "section": section}
    )


def _new_people(item: MonitoringReturn) -> str:
    """What was typed as the number of new people: each breakdown must add up to it."""
    draft = item.drafts.filter(section=Section.REACH).first()
    return str(draft.data.get(f"reach.{Measure.NEW.value}", "")) if draft else ""


def _save(
    request: HttpRequest, item: MonitoringReturn, section: Section, form: Any, context: dict[str, Any]
) -> HttpResponse:
    version = number_in(request, "version")
    autosave = bool(request.htmx)  # type: ignore[attr-defined]
    finishing = "finish" in request.POST and not autosave
    # A save that runs behind the page and finds nothing new must not take "finished" back.
    unchanged = SectionDraft.objects.filter(monitoring_return=item, section=section, data=form.typed())
    complete = autosave and unchanged.filter(is_complete=True).exists()
    problems = []
    if finishing:
        outcome = validate(item, {**drafts_of(item), section: form.typed()})
        problems = outcome.errors_in(section)
        complete = not problems
    try:
        draft = save_section(
            monitoring_return=item,
            section=section,
            data=form.typed(),
            version=version,
            by=person(request),
            complete=complete,
        )
    except StaleDraft as stale:
        return _show_both(request, item, section, form, stale, context)
    except ActionRefused as refused:
        if autosave:
            return HttpResponse(escape(str(refused)), status=422)
        form.add_error(None, str(refused))
        return render(request, "grants/section_edit.html", {**context, "form": form, "section": section}, status=422)
    if autosave:
        return render(request, "grants/_section_saved.html", {"draft": draft})
    if problems:
        form.data = form.data.copy()
        form.data["version"] = str(draft.version)
        form.show_problems(problems)
        return render(request, "grants/section_edit.html", {**context, "form": form, "section": section}, status=422)
    messages.success(request, f"{section.label}: saved.")
    return redirect(address(item, "tasks"))


def _show_both(
    request: HttpRequest,
    item: MonitoringReturn,
    section: Section,
    form: Any,
    stale: StaleDraft,
    context: dict[str, Any],
) -> HttpResponse:
    mine, theirs = form.typed(), stale.current.data
    rows = [
        {"box": box, "mine": mine.get(box.name, ""), "theirs": theirs.get(box.name, "")}
        for box in form.boxes
        if mine.get(box.name, "") != theirs.get(box.name, "")
    ]
    both = {**context, "section": section, "rows": rows, "mine": mine, "stale": stale, "current": stale.current}
    template = "grants/_section_conflict_note.html" if request.htmx else "grants/section_conflict.html"  # type: ignore[attr-defined]
    return render(request, template, both, status=409)


@require_safe
def return_check(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    item = visible_return(request, ref, quarter)
    context = return_context(item, request, "Check your answers")
    if not context["can_edit"]:
        return redirect(address(item, "tasks"))
    drafts = drafts_of(item)
    outcome = validate(item, drafts)
    context["sections"] = [
        {
            "section": section,
            "href": address(item, "section", section.value),
            "rows": answers_shown(outcome.boxes, section, drafts.get(section, {})),
        }
        for section in sections_with_pages(item, outcome.boxes)
    ]
    context["errors"] = [(problem, address(item, "section", problem.section)) for problem in outcome.errors_in_order()]
    context["warnings"] = outcome.warnings_for_grantee()
    return render(request, "grants/return_check.html", context)
