"""The variations of all awards, and one variation: what stood, what is to be, why, and who decided."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from grants.models import Commitment, Variation
from grants.money.plan import plan_of
from grants.money.plan_differences import differences
from grants.views.awards.grant_page import crumbs, visible_grant
from programmes.layers import chosen_layer, layers_in_use
from vru.accounts.models import User
from vru.accounts.permissions import can_approve_money, can_plan_awards, can_read_everything, person, require

PAGE_SIZE = 50
Status = Variation.Status
SHOWN = {
    "decide": ("To decide", [Status.ASKED, Status.PROPOSED]),
    "approved": ("Approved", [Status.APPROVED]),
    "closed": ("Refused or withdrawn", [Status.REFUSED, Status.WITHDRAWN]),
    "all": ("All", list(Status)),
}


@require(can_read_everything)
@require_safe
def variation_list(request: HttpRequest) -> HttpResponse:
    layer = chosen_layer(request)
    shown = request.GET.get("show", "decide")
    shown = shown if shown in SHOWN else "decide"
    rows = (
        Variation.objects.visible_to(person(request))
        .in_layer(layer)
        .filter(status__in=SHOWN[shown][1])
        .select_related("commitment__organisation", "proposed_by", "asked_by", "virement")
        .order_by("-effective_on", "commitment__ref", "-number")
    )
    context = {
        "title": "Variations",
        "layer": layer,
        "layers": layers_in_use(),
        "shown": shown,
        "choices": [
            {"text": text, "href": f"?show={key}&layer={layer}", "current": key == shown}
            for key, (text, _) in SHOWN.items()
        ],
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "crumbs": [{"text": "Home", "href": reverse("home")}],
    }
    return render(request, "grants/variation_list.html", context)


@require_safe
def variation_detail(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Everybody who may see it. What the unit proposes in answer is the grantee's to read once it is decided."""
    grant = visible_grant(request, ref)
    variation = find_variation(request, grant, number)
    return render(request, "grants/variation_detail.html", detail_context(request, grant, variation))


def find_variation(request: HttpRequest, grant: Commitment, number: int) -> Variation:
    found: QuerySet[Variation] = Variation.objects.visible_to(person(request)).filter(commitment=grant)
    people = ("asked_by", "proposed_by", "approved_by", "closed_by", "virement", "commitment__organisation")
    return get_object_or_404(found.select_related(*people), number=number)


def detail_context(request: HttpRequest, grant: Commitment, variation: Variation, **more: Any) -> dict[str, Any]:
    user = person(request)
    shows_plan = user.is_staff_member or variation.status == Status.APPROVED
    is_stale = variation.status == Status.PROPOSED and user.is_staff_member and plan_of(grant) != variation.before
    return {
        "title": f"Variation {variation.number}",
        "grant": grant,
        "layer": grant.programme.layer,
        "variation": variation,
        "is_staff": user.is_staff_member,
        "parts": differences(variation.before, variation.after) if shows_plan else [],
        "shows_plan": shows_plan,
        "is_stale": is_stale,
        "rows": _rows(variation, staff=user.is_staff_member),
        "debts": variation.recovery_debts.all() if shows_plan else [],
        **what_may(user, variation),
        "crumbs": variation_crumbs(request, grant),
        **more,
    }


def what_may(user: User, variation: Variation) -> dict[str, bool]:
    """Which buttons the page shows. The actions decide again."""
    impartial = not user.acts_for(variation.commitment.organisation_id)
    alone = variation.virement_id is None
    asked, proposed = variation.status == Status.ASKED, variation.status == Status.PROPOSED
    mine = variation.proposed_by_id == user.pk
    return {
        "may_approve": alone and proposed and can_approve_money(user) and not mine and impartial,
        "may_answer": alone and asked and can_plan_awards(user),
        "may_refuse": alone
        and impartial
        and ((asked and can_plan_awards(user)) or (proposed and can_approve_money(user) and not mine)),
        "may_withdraw": alone and ((proposed and mine) or (asked and not impartial)),
        "waits_for_other": proposed and mine,
    }


def variation_crumbs(request: HttpRequest, grant: Commitment) -> list[dict[str, str]]:
    found = crumbs(grant, person(request).is_staff_member, deeper=True)
    return [*found, {"text": "Money", "href": reverse("grants:money", args=[grant.ref])}]


def _rows(variation: Variation, *, staff: bool) -> list[dict[str, Any]]:
    kind = variation.get_kind_display()
    rows: list[dict[str, Any]] = [{"key": "What changes", "value": kind}]
    if variation.asked:
        rows.append({"key": "What was asked for", "value": variation.asked})
    # While the unit weighs its answer the reason is the unit's; the grantee reads it with the decision.
    if staff or variation.status != Status.PROPOSED:
        rows.append({"key": "Why", "value": variation.reason})
    if variation.status == Status.APPROVED or (staff and variation.status != Status.ASKED):
        rows.append({"key": "Counts from", "day": variation.effective_on})
    steps = (
        ("Asked for", variation.asked_by, variation.asked_at, True),
        ("Proposed", variation.proposed_by, variation.proposed_at, staff),
        ("Approved", variation.approved_by, variation.approved_at, True),
        (variation.get_status_display(), variation.closed_by, variation.closed_at, True),
    )
    for key, who, when, shown in steps:
        if when is not None and shown:
            rows.append({"key": key, "who": who.name if who else "", "when": when})
    if variation.closed_because:
        rows.append({"key": "Because", "value": variation.closed_because})
    return rows
