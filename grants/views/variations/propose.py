"""Proposing a variation: what changes, the whole plan as grids to correct, and a page to check it on."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from grants.actions.variations import can_be_varied, propose_variation
from grants.errors import ActionRefused
from grants.models import Commitment, Variation
from grants.money.plan import Plan, fingerprint, plan_of, reported_quarters
from grants.money.plan_differences import differences
from grants.money.plan_rules import check_plan, is_plain_day, term_problem
from grants.money.replan import replan
from grants.views.awards.grant_page import visible_grant
from grants.views.variations.forms import StartForm, read_day, today
from grants.views.variations.grid import PlanForm, typed_values
from grants.views.variations.pages import variation_crumbs
from vru.accounts.permissions import can_plan_awards, person, require
from vru.lib.govuk.posted import posted

Kind = Variation.Kind
# Pence of an award as the start page writes it into the address; what is longer was not written there.
MOST_DIGITS = 15


@require(can_plan_awards)
@require_http_methods(["GET", "HEAD", "POST"])
def variation_start(request: HttpRequest, ref: str) -> HttpResponse:
    """Kind, new award or dates, and the day it counts from; ``?answering=3`` keeps what the grantee asked for."""
    grant = visible_grant(request, ref)
    answering = _answering(request, grant)
    first = {"effective_on": today(), "kind": answering.kind if answering else None}
    form = StartForm(posted(request), commitment=grant, initial=first)
    if request.method == "POST" and form.is_valid():
        query = form.as_query() | ({"answering": str(answering.number)} if answering else {})
        return redirect(f"{reverse('grants:variation-plan', args=[grant.ref])}?{urlencode(query)}")
    context = {
        "title": "Propose a variation",
        "grant": grant,
        "layer": grant.programme.layer,
        "form": form,
        "answering": answering,
        "can_be_varied": can_be_varied(grant),
        "crumbs": variation_crumbs(request, grant),
    }
    return render(request, "grants/variation_start.html", context, status=422 if form.errors else 200)


@require(can_plan_awards)
@require_http_methods(["GET", "HEAD", "POST"])
def variation_plan(request: HttpRequest, ref: str) -> HttpResponse:
    """The grids. ``step`` is totals (add up again), check (show what would change), edit (back) or propose."""
    grant = visible_grant(request, ref)
    chosen = _chosen(request)
    if chosen is None or not can_be_varied(grant) or not _is_a_term(grant, chosen):
        return redirect("grants:variation-start", grant.ref)
    answering = _answering(request, grant)
    before, reported = plan_of(grant), reported_quarters(grant)
    suggested = replan(before, reported=reported, **{key: value for key, value in chosen.items() if key != "kind"})
    step = request.POST.get("step", "") if request.method == "POST" else ""
    form = PlanForm(
        request.POST if step else None,
        commitment=grant,
        kind=chosen["kind"],
        before=before,
        suggested=suggested,
        reported=reported,
        initial={"reason": answering.reason if answering else ""},
    )
    if not step:
        return _grid_page(request, grant, form, before, chosen, answering)
    if step in {"totals", "edit"}:
        form.fields["reason"].required = False
    if not form.is_valid():
        return _grid_page(request, grant, form, before, chosen, answering, status=422)
    after = form.after()
    if step in {"totals", "edit"}:
        return _grid_page(request, grant, form, before, chosen, answering, after=after)
    try:
        if step == "propose":
            return _propose(request, grant, form, after, chosen, answering)
        check_plan(grant, chosen["kind"], before, after, effective_on=chosen["effective_on"])
    except ActionRefused as refused:
        form.add_error(None, str(refused))
        return _grid_page(request, grant, form, before, chosen, answering, status=422, after=after)
    return _check_page(request, grant, form, before, after, chosen, answering)


def _propose(
    request: HttpRequest,
    grant: Commitment,
    form: PlanForm,
    after: Plan,
    chosen: dict[str, Any],
    answering: Variation | None,
) -> HttpResponse:
    variation = propose_variation(
        commitment=grant,
        kind=Kind(chosen["kind"]),
        after=after,
        reason=form.cleaned_data["reason"],
        effective_on=chosen["effective_on"],
        by=person(request),
        answering=answering,
        based_on=request.POST.get("based_on", ""),
    )
    messages.success(request, "Proposed. Nothing has changed yet: somebody else has to approve it.")
    return redirect("grants:variation", grant.ref, variation.number)


def _chosen(request: HttpRequest) -> dict[str, Any] | None:
    """What the start page put into the address; None when it is not whole."""
    kind, effective_on = request.GET.get("kind"), read_day(request.GET.get("effective_on"))
    award = request.GET.get("award", "")
    if kind not in Kind.values or effective_on is None:
        return None
    if award and not (award.isascii() and award.isdigit() and len(award) <= MOST_DIGITS):
        return None
    return {
        "kind": kind,
        "effective_on": effective_on,
        "award": int(award) if award and kind == Kind.AWARD else None,
        "starts_on": read_day(request.GET.get("starts_on")) if kind in {Kind.AWARD, Kind.TERM} else None,
        "ends_on": read_day(request.GET.get("ends_on")) if kind in {Kind.AWARD, Kind.TERM} else None,
    }


def _is_a_term(grant: Commitment, chosen: dict[str, Any]) -> bool:
    """Whether the dates of the address are those of an award: the start page checks them, an address may say anything.

    A grid of ten thousand years would keep the site busy for nothing.
    """
    starts, ends = chosen["starts_on"] or grant.starts_on, chosen["ends_on"] or grant.ends_on
    return is_plain_day(chosen["effective_on"]) and not term_problem(starts, ends)


def _answering(request: HttpRequest, grant: Commitment) -> Variation | None:
    number = request.GET.get("answering", "")
    waiting = grant.variations.filter(status=Variation.Status.ASKED)
    return waiting.filter(number=int(number[:4])).first() if number.isascii() and number.isdigit() else None


def _grid_page(
    request: HttpRequest,
    grant: Commitment,
    form: PlanForm,
    before: Plan,
    chosen: dict[str, Any],
    answering: Variation | None,
    *,
    status: int = 200,
    after: Plan | None = None,
) -> HttpResponse:
    context = _context(request, grant, form, before, chosen, answering) | {"grids": form.grids(after)}
    return render(request, "grants/variation_plan.html", context, status=status)


def _check_page(
    request: HttpRequest,
    grant: Commitment,
    form: PlanForm,
    before: Plan,
    after: Plan,
    chosen: dict[str, Any],
    answering: Variation | None,
) -> HttpResponse:
    context = _context(request, grant, form, before, chosen, answering) | {
        "title": "Check the variation",
        "form": None,
        "reason": form.cleaned_data["reason"],
        "parts": differences(before, after),
        "typed": typed_values(request.POST),
    }
    return render(request, "grants/variation_check.html", context)


def _context(
    request: HttpRequest,
    grant: Commitment,
    form: PlanForm,
    before: Plan,
    chosen: dict[str, Any],
    answering: Variation | None,
) -> dict[str, Any]:
    query = request.GET.urlencode()
    return {
        "title": Kind(chosen["kind"]).label,
        "grant": grant,
        "layer": grant.programme.layer,
        "form": form,
        "chosen": chosen,
        "before": before,
        "suggested": form.suggested,
        "answering": answering,
        "based_on": request.POST.get("based_on") or fingerprint(before),
        "action": f"{reverse('grants:variation-plan', args=[grant.ref])}?{query}",
        "start": f"{reverse('grants:variation-start', args=[grant.ref])}?{urlencode({'answering': answering.number})}"
        if answering
        else reverse("grants:variation-start", args=[grant.ref]),
        "crumbs": variation_crumbs(request, grant),
    }
