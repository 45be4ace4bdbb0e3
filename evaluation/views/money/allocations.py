"""Stating what a source allocates, with what that means for what is promised; and leave to promise more."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from evaluation.views.money.sources import address
from grants.money.headroom import Headroom, headroom_of
from programmes.actions.funding import LONGEST_PLACE, state_allocation
from programmes.actions.overcommitment import (
    approve_overcommitment,
    ask_overcommitment,
    can_ask,
    end_overcommitment,
)
from programmes.layers import chosen_layer
from programmes.models import AgreementChange, FundingSource, Overcommitment
from programmes.views.money.forms import MoneyForm, reason_field
from programmes.views.money.pages import crumbs_to, form_page, year_in
from vru.accounts.models import User
from vru.accounts.permissions import can_approve_overcommitment, can_keep_money, person, require
from vru.accounts.strong_sign_in import strong_sign_in
from vru.lib.govuk.amounts import PoundsField
from vru.lib.govuk.posted import posted
from vru.lib.money import Money
from vru.lib.periods import FinancialYear, long_date

BOTH = ["GET", "HEAD", "POST"]
BELOW = (
    "This is less than what is promised already. Nothing that is promised changes, but nothing more can be promised "
    "until awards are reduced or the director approves an overcommitment."
)


class AllocationForm(MoneyForm):
    """``standing`` is the allocation in force, None for the first one. Below what is promised a tick is asked for."""

    mark_optional = False
    amount = PoundsField(label="Allocated")
    reason = reason_field("Why is the allocation restated?", "Say why the allocation is restated.")
    place = forms.CharField(
        label="Where is it written? (optional)", max_length=LONGEST_PLACE, required=False,
        help_text="For example: grant letter of 2 March, page 3.",
    )  # fmt: skip
    understood = forms.BooleanField(label="I understand that more is promised than is then allocated", required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, source: FundingSource, year: FinancialYear, layer: str, room: Headroom, data: Any = None,
        amount: int | None = None,
    ) -> None:  # fmt: skip
        self.source, self.year, self.layer, self.room = source, year, layer, room
        self.standing = source.allocations.filter(year=year.start, layer=layer).order_by("-sequence").first()
        start = {"seen": self.standing.sequence if self.standing else 0, "amount": amount}
        super().__init__(data, initial=start)
        if self.standing is None:
            del self.fields["reason"]
        if not self.is_below():
            self.fields["understood"].widget = forms.HiddenInput()

    def is_below(self) -> bool:
        """Whether what was typed is less than is promised; False while it cannot be read."""
        try:
            typed = self.fields["amount"].clean(self.data.get("amount", ""))
        except ValidationError:
            return False
        return typed is not None and typed + self.room.approved_above < self.room.committed

    def clean_understood(self) -> bool:
        understood = bool(self.cleaned_data.get("understood"))
        if self.is_below() and not understood:
            raise ValidationError("Tick the box to restate the allocation below what is promised.")
        return understood

    def save(self, by: User) -> None:
        typed = self.cleaned_data
        state_allocation(
            source=self.source,
            year=self.year.start,
            layer=self.layer,
            amount_pence=typed["amount"],
            because=typed.get("reason", ""),
            place=typed["place"],
            expected_sequence=typed["seen"],
            stated_on=timezone.localdate(),
            by=by,
        )


def _crumbs(source: FundingSource, back: str) -> list[dict[str, str]]:
    return crumbs_to(("Sources", reverse("money-checks:sources")), (source.title, back))


def _facts(room: Headroom) -> list[dict[str, str]]:
    above = [{"key": "Approved above it", "value": str(Money(room.approved_above))}] if room.approved_above else []
    return [
        {"key": "Allocated", "value": str(Money(room.allocated))},
        *above,
        {"key": "Promised", "value": str(Money(room.committed))},
        {"key": "Left to promise", "value": str(Money(room.left))},
    ]


@require(can_keep_money)
@require_http_methods(BOTH)
def allocation(request: HttpRequest, slug: str, year: str) -> HttpResponse:
    """State the year's allocation, or restate it. Restating below what is promised says so and asks for a tick."""
    source, of, layer = get_object_or_404(FundingSource, slug=slug), year_in(year), chosen_layer(request)
    room, back = headroom_of(source, of.start, layer), address(source, of, layer)
    form = AllocationForm(source, of, layer, room, posted(request), amount=_changed(request, source))
    below = form.is_bound and form.is_below()
    title = "State the allocation" if form.standing is None else "Restate the allocation"
    warning = ""
    if below:
        missing = room.committed - room.approved_above - form.fields["amount"].clean(form.data.get("amount", ""))
        warning = f"{BELOW} {Money(missing)} would be promised and not covered."
    return form_page(
        request, form, title=title, caption=f"{source}, {of}", back=back, done="The allocation is stated.",
        facts=_facts(room), warning=warning, crumbs=_crumbs(source, back), layer=layer,
    )  # fmt: skip


def _changed(request: HttpRequest, source: FundingSource) -> int | None:
    """The offer after the change of an agreement that led here, to start from; nothing where the address names none."""
    ref, number = request.GET.get("agreement", ""), request.GET.get("change", "")
    if not number.isdecimal():
        return None
    approved = AgreementChange.objects.approved_money().filter(agreement__source=source, agreement__ref=ref)
    return approved.filter(number=int(number[:6])).values_list("amount_pence", flat=True).first()


class AskForm(MoneyForm):
    amount = PoundsField(label="How much more than the allocation may be promised?")
    reason = reason_field("Why?", "Say why more may be promised than is allocated.")

    def __init__(self, source: FundingSource, year: FinancialYear, layer: str, data: Any = None) -> None:
        self.about: dict[str, Any] = {"source": source, "year": year.start, "layer": layer}
        super().__init__(data)

    def save(self, by: User) -> None:
        typed = self.cleaned_data
        ask_overcommitment(amount_pence=typed["amount"], reason=typed["reason"], by=by, **self.about)


@require(can_ask)
@require_http_methods(BOTH)
def overcommitment_ask(request: HttpRequest, slug: str, year: str) -> HttpResponse:
    source, of, layer = get_object_or_404(FundingSource, slug=slug), year_in(year), chosen_layer(request)
    back = address(source, of, layer)
    return form_page(
        request, AskForm(source, of, layer, posted(request)), title="Ask to promise more than is allocated",
        caption=f"{source}, {of}", back=back, done="The request waits for the director.", submit="Ask the director",
        lead="Nothing changes until the director approves it.", facts=_facts(headroom_of(source, of.start, layer)),
        crumbs=_crumbs(source, back), layer=layer,
    )  # fmt: skip


class ApproveForm(MoneyForm):
    mark_optional = False
    agreed = forms.BooleanField(
        label="I approve that more is promised than is allocated",
        error_messages={"required": "Tick the box to approve it."},
    )

    def __init__(self, overcommitment: Overcommitment, data: Any = None) -> None:
        self.overcommitment = overcommitment
        super().__init__(data)

    def save(self, by: User) -> None:
        approve_overcommitment(overcommitment=self.overcommitment, by=by)


class EndForm(MoneyForm):
    reason = reason_field("Why does it end?", "Say why it ends.")

    def __init__(self, overcommitment: Overcommitment, data: Any = None) -> None:
        self.overcommitment = overcommitment
        super().__init__(data)

    def save(self, by: User) -> None:
        end_overcommitment(overcommitment=self.overcommitment, by=by, reason=self.cleaned_data["reason"])


def _asked(pk: int) -> tuple[Overcommitment, dict[str, Any]]:
    """The request, and what its pages show of it."""
    row = get_object_or_404(Overcommitment.objects.select_related("source", "asked_by"), pk=pk)
    year = FinancialYear(row.year)
    back = address(row.source, year, row.layer)
    room = headroom_of(row.source, row.year, row.layer)
    facts = [
        {"key": "Asked for", "value": str(Money(row.amount_pence))},
        {"key": "Why", "value": row.reason},
        {"key": "Asked by", "value": f"{row.asked_by}, {long_date(row.asked_at)}"},
        *_facts(room),
    ]
    crumbs = _crumbs(row.source, back)
    return row, {"facts": facts, "back": back, "caption": f"{row.source}, {year}", "crumbs": crumbs, "layer": row.layer}


@require(can_approve_overcommitment)
@strong_sign_in
@require_http_methods(BOTH)
def overcommitment_approve(request: HttpRequest, overcommitment_id: int) -> HttpResponse:
    row, about = _asked(overcommitment_id)
    warning = f"{person(request)} cannot approve what {person(request)} asked for." if _is_own(request, row) else ""
    form = ApproveForm(row, posted(request))
    title, done = "Approve an overcommitment", "It is approved. So much more can be promised from now on."
    return form_page(request, form, title=title, done=done, submit="Approve", warning=warning, **about)


def _is_own(request: HttpRequest, row: Overcommitment) -> bool:
    return row.asked_by_id == person(request).pk


@require(can_ask)
@require_http_methods(BOTH)
def overcommitment_end(request: HttpRequest, overcommitment_id: int) -> HttpResponse:
    """Refuse or withdraw what waits; end what is in force, with what would then not be covered."""
    row, about = _asked(overcommitment_id)
    left = headroom_of(row.source, row.year, row.layer).left - row.amount_pence
    uncovered = row.approved_at is not None and row.ended_at is None and left < 0
    warning = f"{Money(-left)} is promised that would then not be covered." if uncovered else ""
    title = "End an overcommitment" if row.approved_at else "Refuse or withdraw the request"
    form = EndForm(row, posted(request))
    return form_page(request, form, title=title, done="It has ended.", submit="End it", warning=warning, **about)


__all__ = ["allocation", "overcommitment_approve", "overcommitment_ask", "overcommitment_end"]
