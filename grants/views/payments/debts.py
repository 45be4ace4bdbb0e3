"""Money to come back: the list, one debt, a new one, and giving one up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from grants.actions import recovery
from grants.models import RecoveryDebt
from grants.money.paid import position_of
from grants.views.payments.common import (
    FORM,
    ReasonForm,
    crumbs,
    form_page,
    money_of_grant,
    visible_grant,
)
from programmes.layers import chosen_layer, layers_in_use
from vru.accounts.permissions import can_approve_money, can_plan_awards, can_read_everything, person, require
from vru.accounts.strong_sign_in import strong_sign_in
from vru.lib.govuk.amounts import PoundsField
from vru.lib.govuk.posted import posted
from vru.lib.money import Money

PAGE_SIZE = 50
Status, Cause = RecoveryDebt.Status, RecoveryDebt.Cause
# A variation opens its own debt when it is approved.
BY_HAND = [(cause.value, cause.label) for cause in Cause if cause is not Cause.VARIATION]


class DebtForm(forms.Form):
    cause = forms.ChoiceField(
        label="Why is money to come back?",
        choices=BY_HAND,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why."},
    )
    amount = PoundsField(label="How much?")
    note = forms.CharField(
        label="What happened?",
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Say why the money is to come back."},
    )


@require(can_read_everything)
@require_safe
def debt_list(request: HttpRequest) -> HttpResponse:
    """Open debts first, then those that are over; what is left of each."""
    layer, user = chosen_layer(request), person(request)
    debts = RecoveryDebt.objects.visible_to(user).filter(commitment__programme__layer=layer)
    rows = (
        debts.with_left()
        .annotate(is_open=Count("pk", filter=Q(status=Status.OPEN), distinct=True))
        .select_related("commitment__organisation")
        .order_by("-is_open", "-opened_at", "-pk")
    )
    open_debts = debts.open().with_left()
    left = open_debts.order_by().aggregate(left=Sum("left_pence", default=0), count=Count("pk"))
    context = {
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "open_pence": left["left"],
        "open_count": left["count"],
        "layer": layer,
        "layers": layers_in_use(),
        "crumbs": crumbs(),
    }
    return render(request, "grants/debt_list.html", context)


@require(can_read_everything)
@require_safe
def debt_detail(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    grant, user = visible_grant(request, ref), person(request)
    found = grant.recovery_debts.with_left().select_related("opened_by", "closed_by", "variation")
    debt = get_object_or_404(found, number=number)
    is_open = debt.status == Status.OPEN
    context: dict[str, Any] = {
        "grant": grant,
        "layer": grant.programme.layer,
        "debt": debt,
        "notes": debt.credit_notes.order_by("number"),
        "position": position_of(grant),
        "may_credit": is_open and can_plan_awards(user),
        "may_write_off": is_open and can_approve_money(user) and debt.opened_by_id != user.pk,
        "own": is_open and debt.opened_by_id == user.pk and can_approve_money(user),
        "title": f"Money to come back {debt.number}",
        "crumbs": crumbs(("Debts", reverse("money:debts")), (grant.ref, money_of_grant(grant))),
    }
    return render(request, "grants/debt_detail.html", context)


@require(can_plan_awards)
@require_http_methods(FORM)
def debt_open(request: HttpRequest, ref: str) -> HttpResponse:
    grant = visible_grant(request, ref)
    form, position = DebtForm(posted(request)), position_of(grant)
    return form_page(
        request,
        form,
        lambda: recovery.open_debt(
            commitment=grant,
            cause=Cause(form.cleaned_data["cause"]),
            amount_pence=form.cleaned_data["amount"],
            note=form.cleaned_data["note"],
            by=person(request),
        ),
        title="Ask for money back",
        caption=f"{grant.ref} {grant.title}",
        lead="A debt is paid off by credit notes that name it.",
        facts=[
            {"key": "Paid, less credit notes", "value": Money(position.paid).exact()},
            {"key": "To come back already", "value": Money(position.to_recover).exact()},
        ],
        submit="Open the debt",
        done="The debt is open.",
        back=money_of_grant(grant),
        layer=grant.programme.layer,
        trail=crumbs((grant.ref, money_of_grant(grant))),
    )


@require(can_approve_money)
@strong_sign_in
@require_http_methods(FORM)
def debt_write_off(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    grant = visible_grant(request, ref)
    debt = get_object_or_404(grant.recovery_debts.with_left(), number=number)
    form = ReasonForm(posted(request))
    page = reverse("money:debt", args=[grant.ref, debt.number])
    return form_page(
        request,
        form,
        lambda: recovery.write_off(debt=debt, by=person(request), reason=form.cleaned_data["reason"]),
        title="Write the debt off",
        caption=f"{grant.ref} {grant.title}",
        lead=f"{Money(debt.left_pence)} of {Money(debt.amount_pence)} is given up for good.",
        submit="Write it off",
        done="Written off.",
        back=page,
        layer=grant.programme.layer,
        trail=crumbs(("Debts", reverse("money:debts")), (f"{grant.ref}, debt {debt.number}", page)),
    )
