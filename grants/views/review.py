"""Reviewing a return: warnings first, each value beside the quarter before and the target; query or approve."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from grants.actions import review as actions
from grants.actions.submission import box_values
from grants.errors import ActionRefused
from grants.models import MonitoringReturn, ReturnQuery, Revision, Section
from grants.questionnaire import Box, boxes_for
from grants.validation import RULES, validate
from grants.views.known import known_values, readable
from grants.views.return_page import address, may_fill_in, number_in, visible_return
from vru.accounts.models import AuditEvent
from vru.accounts.permissions import can_read_everything, can_review_returns, person, require
from vru.lib.state_machine import TransitionRefused


class QueryForm(forms.Form):
    mark_optional = False

    section = forms.ChoiceField(choices=Section.choices, label="Section")
    text = forms.CharField(
        label="What should they explain or mend?", widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )


@require(can_read_everything)
@require_safe
def return_review(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    return _show_review(request, visible_return(request, ref, quarter), QueryForm())


def _show_review(request: HttpRequest, item: MonitoringReturn, form: QueryForm) -> HttpResponse:
    revision = (
        item.revisions.live().order_by("-number").select_related("submitted_by", "approved_by", "signed_by").first()
    )
    context: dict[str, Any] = {
        "return": item,
        "grant": item.commitment,
        "title": f"Review: {item.commitment.title}, {item.quarter}",
        "layer": item.commitment.programme.layer,
        "revision": revision,
        "crumbs": [
            {"text": "Home", "href": reverse("home")},
            {"text": "Grants", "href": reverse("grants:list")},
            {"text": item.commitment.title, "href": reverse("grants:detail", args=[item.commitment.ref])},
        ],
        "can_decide": revision is not None
        and item.status == MonitoringReturn.Status.SUBMITTED
        and actions.can_review(person(request), revision),
        "can_reopen": item.status in {MonitoringReturn.Status.APPROVED, MonitoringReturn.Status.LOCKED}
        and can_review_returns(person(request)),
        "form": form,
        "events": AuditEvent.objects.about(item).select_related("actor")[:30],
    }
    if revision is not None:
        context |= _review_of(item, revision)
    return render(request, "grants/return_review.html", context, status=422 if form.errors else 200)


def _review_of(item: MonitoringReturn, revision: Revision) -> dict[str, Any]:
    boxes = boxes_for(item)
    values, known = box_values(boxes, revision), known_values(item, boxes)
    outcome = validate(item, _as_typed(boxes, values), is_nil=revision.is_nil, for_staff=True, boxes=boxes)
    shown = readable(boxes, values)
    decided = {review.section: review for review in revision.reviews.select_related("reviewed_by")}
    queries = list(revision.queries.select_related("raised_by", "answered_by"))
    return {
        "warnings": [
            {
                "problem": problem,
                "rule": RULES[problem.code],
                "explanation": revision.explanations.get(problem.code, ""),
            }
            for problem in outcome.warnings
        ],
        "sections": [
            {
                "section": section,
                "review": decided.get(section.value),
                "queries": [query for query in queries if query.section == section.value],
                "rows": [_row(box, shown, known) for box in boxes if box.section == section and box.name in values],
                "has_history": section in {Section.REACH, Section.BREAKDOWNS, Section.INDICATORS, Section.SPEND},
            }
            for section in item.sections
        ],
    }


def _as_typed(boxes: list[Box], values: dict[str, str]) -> dict[Section, dict[str, str]]:
    """The revision as the validator takes it, so that a reviewer sees today's warnings about it."""
    typed: dict[Section, dict[str, str]] = {}
    for box in boxes:
        if box.name in values:
            typed.setdefault(box.section, {})[box.name] = values[box.name]
    return typed


def _row(box: Box, values: dict[str, str], known: dict[str, Any]) -> dict[str, Any]:
    before = known.get(box.name)
    value = values[box.name]
    return {
        "box": box,
        "label": f"{box.group}: {box.label}" if box.group else box.label,
        "value": dict(box.choices).get(value, value),
        "last": before.last if before else "",
        "target": (before.target or before.plan) if before else "",
    }


def _decide(request: HttpRequest, item: MonitoringReturn, decide: Any, done: str) -> HttpResponse:
    try:
        decide()
    except (ActionRefused, TransitionRefused) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect(address(item, "review"))


@require(can_review_returns)
@require_POST
def return_approve(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    """Approve one section, or all of them when none is named."""
    item = visible_return(request, ref, quarter)
    seen = number_in(request, "revision")
    if seen and item.revisions.filter(number__gt=seen).exists():
        messages.error(request, "A newer version came in after you opened this page. Look at it before you decide.")
        return redirect(address(item, "review"))
    section = request.POST.get("section", "")
    if section in Section.values:
        return _decide(
            request,
            item,
            lambda: actions.approve_section(monitoring_return=item, section=Section(section), by=person(request)),
            f"{Section(section).label}: approved.",
        )
    return _decide(
        request,
        item,
        lambda: actions.approve_return(monitoring_return=item, by=person(request)),
        "Return approved. Its figures count from now.",
    )


@require(can_review_returns)
@require_POST
def return_query(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    item = visible_return(request, ref, quarter)
    form = QueryForm(request.POST)
    if not form.is_valid():
        return _show_review(request, item, form)
    return _decide(
        request,
        item,
        lambda: actions.raise_query(
            monitoring_return=item,
            section=Section(form.cleaned_data["section"]),
            text=form.cleaned_data["text"],
            by=person(request),
        ),
        "Query sent: the return is back with the grantee.",
    )


@require(can_review_returns)
@require_POST
def return_reopen(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    item = visible_return(request, ref, quarter)
    return _decide(
        request,
        item,
        lambda: actions.reopen_return(
            monitoring_return=item, by=person(request), reason=request.POST.get("reason", "")
        ),
        "Return reopened. The approved figures count until a correction is approved.",
    )


@require_POST
def query_answer(request: HttpRequest, ref: str, quarter: str, query_id: int) -> HttpResponse:
    """The grantee answers a query; other people's queries do not exist for them."""
    item = visible_return(request, ref, quarter)
    query = get_object_or_404(ReturnQuery.objects.filter(revision__monitoring_return=item), pk=query_id)
    if not may_fill_in(person(request), item):
        messages.error(request, "Only the organisation's own people can answer a query.")
        return redirect(address(item, "tasks"))
    try:
        actions.answer_query(query=query, text=request.POST.get("answer", ""), by=person(request))
    except ActionRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Your answer is saved. Submit the return again when every query is answered.")
    return redirect(address(item, "tasks"))
