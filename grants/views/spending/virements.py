"""Virements: the list, one with both its sides, and the pages that propose, approve, refuse and take back."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from grants.actions import virements as actions
from grants.errors import ActionRefused
from grants.models import Commitment, Virement
from grants.money.movable import looked_at_on
from grants.money.plan_differences import differences
from grants.views.variations.forms import ReasonForm
from programmes.layers import chosen_layer, layers_in_use
from programmes.models import BudgetLine, FundingSource
from programmes.views.money.forms import year_choices
from vru.accounts.models import User
from vru.accounts.permissions import can_approve_money, can_keep_money, can_read_everything, person, require
from vru.accounts.strong_sign_in import strong_sign_in
from vru.lib.govuk.amounts import PoundsField
from vru.lib.govuk.posted import posted
from vru.lib.layers import Layer
from vru.lib.periods import FinancialYear, PeriodError, Quarter

PAGE_SIZE = 50
Status = Virement.Status
WITH_PLACES = (
    "source",
    "from_commitment__organisation",
    "from_line",
    "to_commitment__organisation",
    "to_line",
    "proposed_by",
    "approved_by",
    "closed_by",
)


class PlaceField(forms.CharField):
    """An award or a budget line of the unit, by its reference."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=60, **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        commitment = Commitment.objects.select_related("programme").filter(ref__iexact=text).first()
        found = commitment or BudgetLine.objects.filter(ref__iexact=text).first()
        if found is None:
            raise forms.ValidationError(
                f"There is no award and no budget line “{text}”. Copy the reference from its page."
            )
        return found


class VirementForm(forms.Form):
    mark_optional = False

    source = forms.ModelChoiceField(
        FundingSource.objects.all(), label="Funding source", to_field_name="slug", empty_label="Choose"
    )
    year = forms.TypedChoiceField(label="Financial year", coerce=int, choices=year_choices)
    giving = PlaceField(label="From", help_text="Reference of the award, or of the budget line, that the money leaves.")
    receiving = PlaceField(label="To", help_text="Reference of the award or budget line that receives it.")
    amount = PoundsField(label="Amount, in pounds")
    reason = forms.CharField(
        label="Why does the money move?",
        help_text="Kept with the virement and with both awards. Grantees read it.",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why the money moves."},
    )


@require(can_read_everything)
@require_safe
def virement_list(request: HttpRequest) -> HttpResponse:
    layer = chosen_layer(request)
    rows = Virement.objects.visible_to(person(request)).in_layer(layer).select_related(*WITH_PLACES)
    context = {
        "title": "Virements",
        "layer": layer,
        "layers": layers_in_use(),
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "may_propose": can_keep_money(person(request)),
        "crumbs": [{"text": "Home", "href": reverse("home")}],
    }
    return render(request, "grants/virement_list.html", context)


@require(can_read_everything)
@require_safe
def virement_detail(request: HttpRequest, ref: str) -> HttpResponse:
    virement = _virement(request, ref)
    return render(request, "grants/virement_detail.html", _context(request, virement))


@require(can_keep_money)
@require_http_methods(["GET", "HEAD", "POST"])
def virement_new(request: HttpRequest) -> HttpResponse:
    """Filled in from a row of the underspend page: ``source``, ``year``, ``giving`` and ``amount`` in pence."""
    form = VirementForm(posted(request), initial=_first(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            virement = actions.propose_virement(
                source=data["source"],
                year=data["year"],
                amount_pence=data["amount"],
                giving=data["giving"],
                receiving=data["receiving"],
                reason=data["reason"],
                on=day_of(data["giving"], data["year"]),
                by=person(request),
            )
        except ActionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{virement.ref} proposed. Nothing has moved: somebody else has to approve it.")
            return redirect("money:virement", virement.ref)
    context = {"title": "Propose a virement", "form": form, "crumbs": _crumbs()}
    return render(request, "grants/virement_new.html", context, status=422 if form.errors else 200)


def _first(request: HttpRequest) -> dict[str, Any]:
    amount = request.GET.get("amount", "")
    try:
        year = FinancialYear.parse(request.GET.get("year", "")).start
    except PeriodError:
        year = FinancialYear.of(timezone.localdate()).start
    return {
        "source": request.GET.get("source", ""),
        "year": year,
        "giving": request.GET.get("giving", ""),
        "amount": int(amount[:15]) if amount.isascii() and amount.isdigit() else None,
    }


def day_of(place: Commitment | BudgetLine, year: int) -> datetime.date:
    """Today; for the invented year, which is over, the day on which its third quarter is looked at."""
    layer = place.programme.layer if isinstance(place, Commitment) else place.layer
    return looked_at_on(layer, Quarter(year, 3), timezone.localdate())


@require(can_approve_money)
@strong_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def virement_approve(request: HttpRequest, ref: str) -> HttpResponse:
    virement = _virement(request, ref)
    giving = virement.from_commitment or virement.from_line
    if request.method == "POST" and giving is not None:
        on = day_of(giving, virement.year)
        try:
            actions.approve_virement(virement=virement, on=on, by=person(request))
        except ActionRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, "Approved. The money has moved on both sides, and the grantees have been told.")
        return redirect("money:virement", virement.ref)
    if virement.status != Status.PROPOSED:
        return redirect("money:virement", virement.ref)
    context = _context(request, virement) | {"title": f"Approve {virement.ref}"}
    return render(request, "grants/virement_approve.html", context)


@require(can_approve_money)
@require_http_methods(["GET", "HEAD", "POST"])
def virement_refuse(request: HttpRequest, ref: str) -> HttpResponse:
    return _close(request, ref, "Refuse", "may_decide", actions.refuse_virement, "Refused. Nothing has moved.")


@require(can_keep_money)
@require_http_methods(["GET", "HEAD", "POST"])
def virement_withdraw(request: HttpRequest, ref: str) -> HttpResponse:
    return _close(request, ref, "Take back", "may_withdraw", actions.withdraw_virement, "Taken back.")


def _close(
    request: HttpRequest, ref: str, verb: str, allowed: str, act: Callable[..., Virement], done: str
) -> HttpResponse:
    virement = _virement(request, ref)
    context = _context(request, virement)
    if not context[allowed]:
        raise PermissionDenied
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            act(virement=virement, reason=form.cleaned_data["reason"], by=person(request))
        except ActionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, done)
            return redirect("money:virement", virement.ref)
    context |= {"title": f"{verb}: {virement.ref}", "verb": verb, "form": form}
    return render(request, "grants/virement_close.html", context, status=422 if form.errors else 200)


def _virement(request: HttpRequest, ref: str) -> Virement:
    return get_object_or_404(Virement.objects.visible_to(person(request)).select_related(*WITH_PLACES), ref=ref)


def _context(request: HttpRequest, virement: Virement) -> dict[str, Any]:
    user: User = person(request)
    sides = virement.variations.select_related("commitment__organisation").order_by("after_pence", "pk")
    proposed, mine = virement.status == Status.PROPOSED, virement.proposed_by_id == user.pk
    ended = [(virement.get_status_display(), virement.closed_by, virement.closed_at)]
    steps = [
        ("Proposed", virement.proposed_by, virement.proposed_at),
        ("Approved", virement.approved_by, virement.approved_at),
    ]
    return {
        "title": virement.ref,
        "virement": virement,
        "layer": virement.layer,
        "is_illustrative": virement.layer == Layer.ILLUSTRATIVE,
        "year": FinancialYear(virement.year),
        "sides": [{"variation": side, "parts": differences(side.before, side.after)} for side in sides],
        "rows": [
            {"key": "Why", "value": virement.reason},
            *(
                {"key": key, "who": who.name if who else "", "when": when}
                for key, who, when in [*steps, *ended]
                if when
            ),
            *([{"key": "Because", "value": virement.closed_because}] if virement.closed_because else []),
        ],
        "may_decide": proposed and can_approve_money(user) and not mine,
        "may_withdraw": proposed and mine,
        "crumbs": _crumbs(),
    }


def _crumbs() -> list[dict[str, str]]:
    return [
        {"text": "Home", "href": reverse("home")},
        {"text": "Virements", "href": reverse("money:virements")},
    ]
