"""More time for a return: the grantee asks and reads the answer, a programme manager decides or gives it unasked."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from grants.actions import extensions as actions
from grants.errors import ActionRefused
from grants.models import MonitoringReturn, ReturnExtension
from grants.timetable import calendar
from grants.timetable.locks import lock_of, staff_lock_of
from grants.views.return_page import address, may_fill_in, return_context, visible_return
from vru.accounts.permissions import can_review_returns, person, require
from vru.lib.govuk.dates import DatePartsField

LONGEST = 300


class AskForm(forms.Form):
    mark_optional = False

    until = DatePartsField(label="Until which day do you need?")
    reason = forms.CharField(
        label="Why do you need more time?",
        help_text="One sentence is enough. Do not name anybody you support.",
        max_length=LONGEST,
        error_messages={"required": "Say in a sentence why you need more time."},
    )


class GiveForm(forms.Form):
    mark_optional = False

    until = DatePartsField(label="New last day")
    reason = forms.CharField(
        label="Why?",
        help_text="Kept with the return; the grantee can read it.",
        max_length=LONGEST,
        error_messages={"required": "Say why more time is given."},
    )


class GrantForm(forms.Form):
    mark_optional = False

    until = DatePartsField(label="Last day")
    note = forms.CharField(label="Note to the grantee (optional)", max_length=LONGEST, required=False)


class RefuseForm(forms.Form):
    mark_optional = False

    note = forms.CharField(
        label="Why not?",
        help_text="The grantee reads this.",
        max_length=LONGEST,
        error_messages={"required": "Say why the extension is refused: the grantee reads it."},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def return_extension(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    """Everybody who may see the return sees what was asked and answered; only the organisation's own people ask."""
    item = visible_return(request, ref, quarter)
    if request.method != "POST":
        return _show(request, item)
    if not may_fill_in(person(request), item):
        raise PermissionDenied
    form = AskForm(request.POST)
    return _act(
        request,
        item,
        form,
        "ask",
        lambda: actions.ask_extension(
            monitoring_return=item,
            until=form.cleaned_data["until"],
            reason=form.cleaned_data["reason"],
            by=person(request),
        ),
        "We have your request. We will tell you as soon as it is decided.",
    )


@require(can_review_returns)
@require_POST
def extension_decide(request: HttpRequest, ref: str, quarter: str, pk: int) -> HttpResponse:
    """``decision`` is grant (as asked, unless another day is given) or refuse."""
    item = visible_return(request, ref, quarter)
    waiting = ReturnExtension.objects.visible_to(person(request)).filter(monitoring_return=item)
    extension = get_object_or_404(waiting, pk=pk)
    if request.POST.get("decision") == "refuse":
        form: forms.Form = RefuseForm(request.POST, prefix="refuse")
        return _act(
            request,
            item,
            form,
            "refuse",
            lambda: actions.refuse_extension(extension=extension, by=person(request), note=form.cleaned_data["note"]),
            "Refused. The grantee has been told.",
        )
    if request.POST.get("decision") == "grant":
        return _act(
            request,
            item,
            None,
            "grant",
            lambda: actions.grant_extension(extension=extension, by=person(request)),
            "Extension granted. The grantee has been told.",
        )
    form = GrantForm(request.POST, prefix="grant")
    return _act(
        request,
        item,
        form,
        "grant",
        lambda: actions.grant_extension(
            extension=extension,
            by=person(request),
            until=form.cleaned_data["until"],
            note=form.cleaned_data["note"],
        ),
        "Extension granted. The grantee has been told.",
    )


@require(can_review_returns)
@require_POST
def extension_give(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    """More time unasked. Without a day (the one-click form elsewhere) it is as far as one click goes."""
    item = visible_return(request, ref, quarter)
    one_click = "one_click" in request.POST
    form = GiveForm(request.POST)
    if one_click:
        form.fields["until"].required = False
    return _act(
        request,
        item,
        form,
        "give",
        lambda: actions.give_extension(
            monitoring_return=item,
            by=person(request),
            reason=form.cleaned_data["reason"],
            until=form.cleaned_data["until"],
        ),
        "The grantee has more time, and has been told.",
    )


def _act(
    request: HttpRequest,
    item: MonitoringReturn,
    form: forms.Form | None,
    name: str,
    act: Callable[[], ReturnExtension],
    done: str,
) -> HttpResponse:
    if form is not None and not form.is_valid():
        return _show(request, item, {name: form})
    try:
        act()
    except ActionRefused as refused:
        if form is None:
            messages.error(request, str(refused))
            return redirect(_back(request, item))
        form.add_error(None, str(refused))
        return _show(request, item, {name: form})
    messages.success(request, done)
    return redirect(_back(request, item))


def _back(request: HttpRequest, item: MonitoringReturn) -> str:
    """The page the person came from, named by a word: an address in the form could lead anywhere."""
    came_from = request.POST.get("back")
    if came_from == "today":
        return reverse("home")
    return address(item, "review" if came_from == "review" else "extension")


def _show(request: HttpRequest, item: MonitoringReturn, typed: dict[str, forms.Form] | None = None) -> HttpResponse:
    user, today = person(request), timezone.localdate()
    context = return_context(item, request, "More time for this return")
    asked = list(item.extensions.select_related("asked_by", "decided_by").order_by("-asked_at", "-pk"))
    waiting = next((each for each in asked if each.status == ReturnExtension.Status.ASKED), None)
    extendable = actions.can_be_extended(item)
    decides, fills_in = can_review_returns(user), may_fill_in(user, item)
    usual = calendar.usual_extension(item.due_on, today)
    given: dict[str, forms.Form] = typed or {}
    page: dict[str, Any] = {
        **context,
        "extensions": asked,
        "waiting": waiting,
        "extendable": extendable,
        "latest": calendar.latest_extension(item.due_on, today),
        "lock": staff_lock_of(item, today) if user.is_staff_member else lock_of(item, today),
        "ask_form": given.get("ask") or AskForm(initial={"until": usual}),
        "give_form": given.get("give") or GiveForm(initial={"until": usual}),
        "grant_form": given.get("grant")
        or GrantForm(prefix="grant", initial={"until": _still_to_come(waiting, usual)}),
        "refuse_form": given.get("refuse") or RefuseForm(prefix="refuse"),
        "may_ask": fills_in and extendable and waiting is None,
        "may_decide": decides and extendable and waiting is not None,
        "may_refuse": decides and waiting is not None,
        "may_give": decides and extendable and waiting is None,
        "form": next(iter(given.values()), None),
        "today": today,
    }
    return render(request, "grants/return_extension.html", page, status=422 if given else 200)


def _still_to_come(waiting: ReturnExtension | None, usual: datetime.date) -> datetime.date:
    """The day asked for, unless it passed while the request waited."""
    return waiting.until if waiting is not None and waiting.until >= timezone.localdate() else usual
