"""Moving an award on: started, suspended, resumed, terminated, its offer withdrawn, closed and reconciled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from grants.actions.acceptance import accept_internally, resume_award, start_award, suspend_award, terminate_award
from grants.actions.agreements import withdraw_offer
from grants.actions.closing import close_award, reconcile_award
from grants.errors import ActionRefused
from grants.models import Commitment, GrantClosing
from grants.money.closing import CLOSABLE, closing_of
from grants.views.awards.grant_page import page_context, visible_grant
from vru.accounts.models import User
from vru.accounts.permissions import can_edit_programmes, can_keep_money, can_read_everything, person, require
from vru.accounts.strong_sign_in import strong_sign_in
from vru.lib.govuk.posted import posted
from vru.lib.state_machine import TransitionRefused

Status = Commitment.Status


@dataclass(frozen=True, slots=True)
class Change:
    """One button of an award's page: from where it may be pressed, what it asks, and what it says afterwards."""

    title: str
    lead: str
    ask: str
    button: str
    done: str
    frm: frozenset[Commitment.Status]
    act: Callable[[Commitment, User, str], Any]
    is_grave: bool = False


CHANGES: dict[str, Change] = {
    "start": Change(
        "Start the award",
        "It becomes active: payments can be made and returns open by their dates.",
        "",
        "Start",
        "The award is active.",
        frozenset({Status.ACCEPTED}),
        lambda grant, by, _: start_award(commitment=grant, by=by, today=timezone.localdate()),
    ),
    "record-acceptance": Change(
        "Record that it stands",
        "Contracts and unit costs are agreed elsewhere.",
        "Where is the contract or the approval kept?",
        "Record",
        "It is recorded as accepted.",
        frozenset({Status.OFFERED}),
        lambda grant, by, reason: accept_internally(commitment=grant, by=by, reason=reason),
    ),
    "suspend": Change(
        "Suspend the award",
        "No payment is made while it is suspended. Returns go on.",
        "Why is it suspended?",
        "Suspend",
        "The award is suspended.",
        frozenset({Status.ACTIVE}),
        lambda grant, by, reason: suspend_award(commitment=grant, by=by, reason=reason),
    ),
    "resume": Change(
        "Resume the award",
        "Payments can be made again.",
        "Why does it go on?",
        "Resume",
        "The award is active again.",
        frozenset({Status.SUSPENDED}),
        lambda grant, by, reason: resume_award(commitment=grant, by=by, reason=reason),
    ),
    "withdraw": Change(
        "Withdraw the offer",
        "The award becomes a draft again, and the organisation is told why.",
        "Why is the offer withdrawn?",
        "Withdraw",
        "The offer is withdrawn. The award is a draft again.",
        frozenset({Status.OFFERED}),
        lambda grant, by, reason: withdraw_offer(commitment=grant, by=by, reason=reason),
        is_grave=True,
    ),
    "terminate": Change(
        "Terminate the award",
        "This is for good. Payments not made yet are cancelled and returns that have not opened are waived. What was "
        "paid and not spent is settled when the award is closed.",
        "Why is it terminated?",
        "Terminate",
        "The award is terminated.",
        frozenset({Status.DRAFT, Status.OFFERED, Status.ACCEPTED, Status.ACTIVE, Status.SUSPENDED}),
        lambda grant, by, reason: terminate_award(commitment=grant, by=by, reason=reason),
        is_grave=True,
    ),
}


def changes_for(grant: Commitment) -> list[tuple[str, Change]]:
    """What may be done with the award as it stands, by the last part of the address."""
    return [
        (slug, change)
        for slug, change in CHANGES.items()
        if grant.status in change.frm and not (slug == "record-acceptance" and grant.kind == Commitment.Kind.GRANT)
    ]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}), max_length=300, error_messages={"required": "Say why."}
    )

    def __init__(self, ask: str, data: Any = None) -> None:
        super().__init__(data)
        if ask:
            self.fields["reason"].label = ask
        else:
            del self.fields["reason"]


class NoteForm(forms.Form):
    note = forms.CharField(
        label="Anything to remember about how it ended (optional)",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )


@require(can_edit_programmes)
@require_http_methods(["GET", "HEAD", "POST"])
def award_change(request: HttpRequest, ref: str, what: str) -> HttpResponse:
    grant = visible_grant(request, ref)
    change = CHANGES.get(what)
    if change is None:
        raise Http404("There is no such change.")
    form = ReasonForm(change.ask, posted(request))
    if form.is_valid():
        try:
            change.act(grant, person(request), form.cleaned_data.get("reason", ""))
        except (ActionRefused, TransitionRefused) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, change.done)
            return redirect("grants:detail", grant.ref)
    context = page_context(request, grant, "change", change=change, form=form)
    return render(request, "grants/award_change.html", context, status=422 if form.is_bound else 200)


@require(can_read_everything)
@require_safe
def award_closing(request: HttpRequest, ref: str) -> HttpResponse:
    return _closing_page(request, visible_grant(request, ref), NoteForm())


def _closing_page(request: HttpRequest, grant: Commitment, form: forms.Form) -> HttpResponse:
    closing = GrantClosing.objects.filter(commitment=grant).select_related("closed_by", "reconciled_by").first()
    state, user = closing_of(grant), person(request)
    context = page_context(
        request,
        grant,
        "closing",
        closing=closing,
        state=state,
        form=form,
        debts=grant.recovery_debts.all(),
        partners=grant.partners.select_related("organisation"),
        may_close=closing is None and can_edit_programmes(user) and grant.status in CLOSABLE and not state.missing,
        may_reconcile=closing is not None and closing.reconciled_at is None and can_keep_money(user),
    )
    return render(request, "grants/award_closing.html", context, status=422 if form.is_bound else 200)


@require(can_edit_programmes)
@require_http_methods(["POST"])
def award_close(request: HttpRequest, ref: str) -> HttpResponse:
    grant, form = visible_grant(request, ref), NoteForm(request.POST)
    if form.is_valid():
        try:
            close_award(commitment=grant, by=person(request), note=form.cleaned_data["note"])
        except (ActionRefused, TransitionRefused) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "The award is closed. A finance officer reconciles it.")
            return redirect("grants:closing", grant.ref)
    return _closing_page(request, grant, form)


@require(can_keep_money)
@strong_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def award_reconcile(request: HttpRequest, ref: str) -> HttpResponse:
    """The confirm page and its button: the figures of the closing, beside what stands now."""
    grant = visible_grant(request, ref)
    form = forms.Form(posted(request))
    if form.is_valid():
        try:
            reconcile_award(commitment=grant, by=person(request))
        except (ActionRefused, TransitionRefused) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "The award is reconciled.")
            return redirect("grants:closing", grant.ref)
    closing = GrantClosing.objects.filter(commitment=grant).select_related("closed_by").first()
    context = page_context(request, grant, "closing", closing=closing, state=closing_of(grant), form=form)
    return render(request, "grants/award_reconcile.html", context, status=422 if form.is_bound else 200)
