"""What the pages of payments share: where they hang, and a form that does one thing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from grants.errors import ActionRefused
from grants.models import Commitment, PaymentRun
from vru.accounts.models import User
from vru.accounts.permissions import can_approve_money, can_keep_money, person

FORM = ["GET", "HEAD", "POST"]
Crumb = dict[str, str]


def can_work_on_runs(user: User) -> bool:
    """Finance officers, who make runs, and the director, who approves them."""
    return can_keep_money(user) or can_approve_money(user)


class ReasonForm(forms.Form):
    """Why something is done; the words are kept."""

    reason = forms.CharField(
        label="Why?",
        help_text="The reason is kept.",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why."},
    )


class NoForm(forms.Form):
    """Nothing to fill in: a button alone."""


def crumbs(*more: tuple[str, str]) -> list[Crumb]:
    """Home, payments, and what lies between them and the page; pairs of text and address."""
    pairs = [("Home", reverse("home")), ("Payments", reverse("money:payments")), *more]
    return [{"text": text, "href": href} for text, href in pairs]


def visible_run(request: HttpRequest, ref: str) -> PaymentRun:
    runs = PaymentRun.objects.visible_to(person(request)).select_related(
        "layout", "made_by", "approved_by", "exported_by", "paid_by", "cancelled_by"
    )
    return get_object_or_404(runs, ref=ref)


def visible_grant(request: HttpRequest, ref: str) -> Commitment:
    visible = Commitment.objects.visible_to(person(request)).select_related("programme", "organisation")
    return get_object_or_404(visible, ref=ref)


def page_of_run(run: PaymentRun) -> str:
    return reverse("money:run", args=[run.ref])


def money_of_grant(grant: Commitment) -> str:
    return reverse("grants:money", args=[grant.ref])


def form_page(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[], object],
    *,
    title: str,
    submit: str,
    done: str,
    back: str,
    layer: str,
    trail: list[Crumb],
    caption: str = "",
    lead: str = "",
    warning: str = "",
    facts: Sequence[dict[str, Any]] = (),
) -> HttpResponse:
    """Show the form, or do what it asks and go back; a refusal stands above the form with what was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except ActionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, done)
            return redirect(back)
    context = {
        "form": form,
        "title": title,
        "caption": caption,
        "lead": lead,
        "warning": warning,
        "facts": facts,
        "submit": submit,
        "back": back,
        "layer": layer,
        "crumbs": trail,
    }
    return render(request, "programmes/money_form.html", context, status=422 if form.errors else 200)
