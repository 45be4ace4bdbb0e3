"""Doing several at once: a preview says exactly which and which not, then one press does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from grants.actions import bulk
from grants.errors import ActionRefused
from grants.models import MonitoringReturn, Revision
from grants.views.review_list import filtered_returns
from vru.accounts.models import Membership, Role, User
from vru.accounts.permissions import can_review_returns, person, require
from vru.lib.govuk.posted import posted

Preview = list[dict[str, Any]]


class RemindForm(forms.Form):
    mark_optional = False
    sentence = forms.CharField(
        label="A sentence of your own (optional)",
        help_text="Shown to them when they sign in. The mail only says which return is overdue.",
        required=False,
        max_length=bulk.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReassignForm(forms.Form):
    to = forms.ModelChoiceField(
        queryset=User.objects.with_role(Role.PROGRAMME_MANAGER).filter(is_active=True).order_by("name", "pk"),
        label="Who reviews them from now?",
        empty_label="Choose a programme manager",
    )
    reason = forms.CharField(label="Why?", help_text="Kept in the history of each.", max_length=bulk.LONGEST_REASON)
    with_grants = forms.BooleanField(
        label="Make them the manager of these grants too, with all their returns", required=False
    )


def _wanted(request: HttpRequest) -> list[MonitoringReturn]:
    """The returns ticked, or all that the address's filter finds; one more than can be done at once, at most."""
    keys = [int(key) for key in request.GET.getlist("return") if key.isdecimal() and len(key) < 10]
    found = filtered_returns(request)
    if not found.is_valid():
        return []
    chosen = found.queryset.filter(pk__in=keys) if keys else found.qs
    return list(chosen.select_related("commitment__programme").order_by("due_on", "commitment__ref", "pk"))


def _page(
    request: HttpRequest, title: str, lead: str, button: str, preview: Preview, form: forms.Form | None = None
) -> HttpResponse:
    ready = [row for row in preview if not row["obstacle"]]
    context = {
        "title": title,
        "lead": lead,
        "button": button,
        "ready": ready[: bulk.MOST_AT_ONCE],
        "later": len(ready) - bulk.MOST_AT_ONCE,
        "most": bulk.MOST_AT_ONCE,
        "skipped": [row for row in preview if row["obstacle"]],
        "form": form,
        "crumbs": [
            {"text": "Home", "href": reverse("home")},
            {"text": "Returns", "href": reverse("returns:list")},
        ],
    }
    return render(request, "grants/return_bulk.html", context, status=422 if form and form.errors else 200)


def _tell(request: HttpRequest, outcome: bulk.Outcome, done: str) -> HttpResponse:
    """Say what was done, and each that was not with its reason."""
    if outcome.done:
        count = len(outcome.done)
        messages.success(request, f"{count} {'return' if count == 1 else 'returns'} {done}.")
    for item, reason in outcome.skipped:
        messages.warning(request, f"{item.commitment.title}, {item.quarter}: left out. {reason}")
    return redirect("home")


def _act(request: HttpRequest, act: Callable[[], bulk.Outcome], done: str) -> HttpResponse:
    try:
        return _tell(request, act(), done)
    except ActionRefused as refused:
        messages.error(request, str(refused))
        return redirect("returns:list")


def _keys(request: HttpRequest) -> list[int]:
    return [int(key) for key in request.POST.getlist("return") if key.isdecimal() and len(key) < 10]


@require(can_review_returns)
@require_http_methods(["GET", "HEAD", "POST"])
def bulk_approve(request: HttpRequest) -> HttpResponse:
    """Approve what has no warnings. Each posted return carries the version number that was on the preview."""
    user, today = person(request), timezone.localdate()
    if request.method == "POST":
        pairs = [text.split(".") for text in request.POST.getlist("seen")]
        seen = {int(pair[0]): int(pair[1]) for pair in pairs if len(pair) == 2 and all(map(_is_number, pair))}
        return _act(request, lambda: bulk.approve_many(seen=seen, by=user), "approved")
    items = _wanted(request)
    pending = Revision.objects.live().filter(approved_at__isnull=True, monitoring_return__in=items)
    by_return = {revision.monitoring_return_id: revision for revision in pending}
    preview: Preview = []
    for item in items[: bulk.MOST_AT_ONCE * 2]:
        revision = by_return.get(item.pk)
        obstacle = bulk.approval_obstacle(item, revision, user, today)
        preview.append({"item": item, "number": revision.number if revision else 0, "obstacle": obstacle})
    lead = "Each is approved as a self-report: nobody has checked it against the grantee's records."
    return _page(request, "Approve returns without warnings", lead, "Approve these", preview)


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < 10


@require(can_review_returns)
@require_http_methods(["GET", "HEAD", "POST"])
def bulk_remind(request: HttpRequest) -> HttpResponse:
    user, today = person(request), timezone.localdate()
    form = RemindForm(posted(request))
    if request.method == "POST" and form.is_valid():
        return _act(
            request,
            lambda: bulk.remind_many(
                returns=_keys(request), by=user, sentence=form.cleaned_data["sentence"], today=today
            ),
            "reminded",
        )
    items = _wanted(request)[: bulk.MOST_AT_ONCE * 2]
    members = Membership.objects.current().filter(user__is_active=True).order_by()
    reached = set(members.values_list("organisation", flat=True))
    preview: Preview = [
        {
            "item": item,
            "obstacle": bulk.reminder_obstacle(item, today, reachable=item.commitment.organisation_id in reached),
        }
        for item in items
    ]
    lead = "Everybody who fills in returns for these organisations is told, in the site and by mail, once a day."
    return _page(request, "Remind of overdue returns", lead, "Send the reminders", preview, form)


@require(can_review_returns)
@require_http_methods(["GET", "HEAD", "POST"])
def bulk_reassign(request: HttpRequest) -> HttpResponse:
    user = person(request)
    form = ReassignForm(posted(request))
    if request.method == "POST" and form.is_valid():
        return _act(
            request,
            lambda: bulk.reassign_returns(
                returns=_keys(request),
                to=form.cleaned_data["to"],
                reason=form.cleaned_data["reason"],
                with_grants=form.cleaned_data["with_grants"],
                by=user,
            ),
            f"now with {form.cleaned_data['to'].name}",
        )
    preview: Preview = [{"item": item, "obstacle": ""} for item in _wanted(request)[: bulk.MOST_AT_ONCE * 2]]
    lead = "Only these returns change hands, unless you say that the grants do too."
    return _page(request, "Give returns to another manager", lead, "Give them to this manager", preview, form)
