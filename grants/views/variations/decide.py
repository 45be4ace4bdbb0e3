"""Deciding about a variation: approve, refuse or take back; and the grantee's page to ask for one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from grants.actions import variations as actions
from grants.errors import ActionRefused
from grants.models import Commitment, Variation
from grants.money.paid import above_award, net_paid
from grants.views.awards.grant_page import visible_grant
from grants.views.variations.forms import AskForm, ReasonForm
from grants.views.variations.pages import detail_context, find_variation, variation_crumbs
from vru.accounts.permissions import can_approve_money, person, require
from vru.accounts.strong_sign_in import strong_sign_in
from vru.lib.govuk.posted import posted


@require(can_approve_money)
@strong_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def variation_approve(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """What would change, once more, above the button that changes it."""
    grant = visible_grant(request, ref)
    variation = find_variation(request, grant, number)
    if request.method == "POST":
        try:
            actions.approve_variation(variation=variation, by=person(request))
        except ActionRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, "Approved. The award has changed, and the grantee has been told.")
        return redirect("grants:variation", grant.ref, variation.number)
    if variation.status != Variation.Status.PROPOSED:
        return redirect("grants:variation", grant.ref, variation.number)
    context = detail_context(request, grant, variation, title="Approve the variation", debt=_debt(grant, variation))
    return render(request, "grants/variation_approve.html", context)


def _debt(grant: Commitment, variation: Variation) -> int:
    """Pence that would have to come back: paid above the new award, and not on its way back already."""
    ids = [grant.pk]
    excess = net_paid(ids).get(grant.pk, 0) - variation.after_pence - above_award(ids).get(grant.pk, 0)
    return max(0, excess)


@require_http_methods(["GET", "HEAD", "POST"])
def variation_refuse(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    return _close(request, ref, number, "Refuse", "may_refuse", actions.refuse_variation, "Refused.")


@require_http_methods(["GET", "HEAD", "POST"])
def variation_withdraw(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    return _close(request, ref, number, "Take back", "may_withdraw", actions.withdraw_variation, "Taken back.")


def _close(
    request: HttpRequest,
    ref: str,
    number: int,
    verb: str,
    allowed: str,
    act: Callable[..., Variation],
    done: str,
) -> HttpResponse:
    """One small page with a reason. Who may see the variation and not do this gets 403."""
    grant = visible_grant(request, ref)
    variation = find_variation(request, grant, number)
    context: dict[str, Any] = detail_context(request, grant, variation)
    if not context[allowed]:
        raise PermissionDenied
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            act(variation=variation, reason=form.cleaned_data["reason"], by=person(request))
        except ActionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, done)
            return redirect("grants:variation", grant.ref, variation.number)
    context |= {"title": f"{verb}: variation {variation.number}", "verb": verb, "form": form}
    return render(request, "grants/variation_close.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def variation_ask(request: HttpRequest, ref: str) -> HttpResponse:
    """Only the organisation's own people ask; staff propose."""
    grant = visible_grant(request, ref)
    if not person(request).acts_for(grant.organisation_id):
        raise PermissionDenied
    form = AskForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            variation = actions.ask_variation(
                commitment=grant,
                kind=Variation.Kind(data["kind"]),
                asked=data["asked"],
                reason=data["reason"],
                by=person(request),
            )
        except ActionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "We have your request. We will tell you as soon as it is decided.")
            return redirect("grants:variation", grant.ref, variation.number)
    context = {
        "title": "Ask for a change to your award",
        "grant": grant,
        "layer": grant.programme.layer,
        "form": form,
        "waiting": grant.variations.filter(status=Variation.Status.ASKED).first(),
        "can_be_varied": actions.can_be_varied(grant),
        "crumbs": variation_crumbs(request, grant),
    }
    return render(request, "grants/variation_ask.html", context, status=422 if form.errors else 200)
