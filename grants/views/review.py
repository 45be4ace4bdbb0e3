"""Reviewing a return: what is unusual first, each value beside what is known about it; query or approve."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from grants.actions import review as actions
from grants.actions.assurance import check_refusal
from grants.actions.corrections import correction_refusal
from grants.answers.assurance import assurance_of
from grants.errors import ActionRefused
from grants.models import MonitoringReturn, Payment, ReturnQuery, Revision, Section
from grants.views.return_page import address, may_fill_in, number_in, visible_return
from grants.views.review_page import review_context
from grants.views.review_queue import Place, next_after, place_in_queue
from vru.accounts.models import AuditEvent, User
from vru.accounts.permissions import can_read_everything, can_reopen_returns, can_review_returns, person, require
from vru.lib.state_machine import TransitionRefused

Status = MonitoringReturn.Status


class QueryForm(forms.Form):
    mark_optional = False

    section = forms.ChoiceField(choices=Section.choices, label="Section")
    text = forms.CharField(
        label="What should they explain or mend?", widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )

    def __init__(self, item: MonitoringReturn, *args: Any) -> None:
        super().__init__(*args)
        self.fields["section"].choices = [(section.value, section.label) for section in item.sections]  # type: ignore[attr-defined]


def reviewed_version(item: MonitoringReturn) -> Revision | None:
    """The version waiting for a decision, else the approved one."""
    live = item.revisions.live().select_related("submitted_by", "approved_by", "signed_by")
    revision = live.order_by("-number").first()
    if revision is not None:
        revision.monitoring_return = item
    return revision


@require(can_read_everything)
@require_safe
def return_review(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    item = visible_return(request, ref, quarter)
    return _show_review(request, item, QueryForm(item))


def _show_review(request: HttpRequest, item: MonitoringReturn, form: QueryForm) -> HttpResponse:
    user, revision = person(request), reviewed_version(item)
    context: dict[str, Any] = {
        "return": item,
        "grant": item.commitment,
        "title": f"Review: {item.commitment.title}, {item.quarter}",
        "layer": item.commitment.programme.layer,
        "revision": revision,
        "crumbs": review_crumbs(item),
        "can_reopen": item.status in {Status.APPROVED, Status.LOCKED} and can_reopen_returns(user),
        "can_correct": not correction_refusal(user, item),
        "form": form,
        "events": AuditEvent.objects.about(item).select_related("actor")[:30],
        "payments": Payment.objects.filter(waits_for=item).with_readiness().order_by("number"),
        "place": place_in_queue(user, item) if can_review_returns(user) else Place(),
    }
    if revision is not None:
        context |= _decision(user, item, revision) | review_context(item, revision)
        # Approving a section may approve the return, and that needs what only the whole decision asks for.
        context["by_section"] = context["can_decide"] and not (context["late"] or context["lacks_signature"])
    return render(request, "grants/return_review.html", context, status=422 if form.errors else 200)


def review_crumbs(item: MonitoringReturn) -> list[dict[str, str]]:
    return [
        {"text": "Home", "href": reverse("home")},
        {"text": "Returns", "href": reverse("returns:list")},
        {"text": item.commitment.title, "href": reverse("grants:detail", args=[item.commitment.ref])},
    ]


def _decision(user: User, item: MonitoringReturn, revision: Revision) -> dict[str, Any]:
    """What this person may do with the version, and why not where they may not."""
    waiting = revision.approved_at is None and item.status in {Status.SUBMITTED, Status.QUERIED}
    refusal = actions.review_refusal(user, revision) if waiting else ""
    may_decide = waiting and not refusal
    return {
        "can_query": may_decide,
        "can_decide": may_decide and item.status == Status.SUBMITTED,
        "refusal": refusal if can_review_returns(user) else "",
        "lacks_signature": waiting and revision.lacks_signature,
        "late": actions.late_because(item, timezone.localdate()) if may_decide else "",
        "assurance": assurance_of(revision),
        "can_check": not check_refusal(user, revision),
    }


def _decide(
    request: HttpRequest, item: MonitoringReturn, decide: Callable[[], object], done: str, then: str = ""
) -> HttpResponse:
    try:
        decide()
    except (ActionRefused, TransitionRefused) as refused:
        messages.error(request, str(refused))
        return redirect(address(item, "review"))
    messages.success(request, done)
    return redirect(then or address(item, "review"))


@require(can_review_returns)
@require_POST
def return_approve(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    """Approve one section, or all of them when none is named; on to the next return where that was asked."""
    item = visible_return(request, ref, quarter)
    user, seen, note = person(request), number_in(request, "revision"), request.POST.get("note", "")
    chosen = [Section(letter) for letter in request.POST.getlist("section") if letter in Section.values]
    if chosen:
        return _decide(
            request,
            item,
            lambda: actions.approve_sections(monitoring_return=item, sections=chosen, by=user, note=note, seen=seen),
            f"{', '.join(str(section.label) for section in chosen)}: approved.",
            f"{address(item, 'review')}#section-{chosen[0].value}",
        )
    # Asked before the decision: once it is approved, the return has no place in the queue any more.
    then = next_after(user, item) if request.POST.get("next") else ""
    released = _released_by(item)
    return _decide(
        request,
        item,
        lambda: actions.approve_return(monitoring_return=item, by=user, note=note, seen=seen),
        f"{item.commitment.title}, {item.quarter}: approved. Its figures count from now.{released}",
        then,
    )


def _released_by(item: MonitoringReturn) -> str:
    """A sentence about the payments that waited for this return, for the message of its approval."""
    numbers = list(Payment.objects.filter(waits_for=item).waiting_for_returns().values_list("number", flat=True))
    if not numbers:
        return ""
    listed = " and ".join(str(number) for number in numbers)
    return (
        f" Payment {listed} waited for it and can be made."
        if len(numbers) == 1
        else (f" Payments {listed} waited for it and can be made.")
    )


@require(can_review_returns)
@require_POST
def return_query(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    item = visible_return(request, ref, quarter)
    form = QueryForm(item, request.POST)
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


@require(can_reopen_returns)
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
