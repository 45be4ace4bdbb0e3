"""Planned payments of one award, and its credit notes: added, changed, cancelled, received."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from grants.actions import credit_notes, payments
from grants.models import Commitment, MonitoringReturn, Payment, RecoveryDebt
from grants.money.paid import position_of
from grants.money.payment_plan import PlannedPayment, Timing, quarterly_plan
from grants.views.payments.common import (
    FORM,
    Crumb,
    ReasonForm,
    crumbs,
    form_page,
    money_of_grant,
    visible_grant,
)
from vru.accounts.permissions import can_keep_money, can_plan_awards, person, require
from vru.accounts.strong_sign_in import strong_sign_in
from vru.lib.govuk.amounts import PoundsField
from vru.lib.govuk.dates import DatePartsField
from vru.lib.govuk.posted import posted
from vru.lib.money import Money


class PaymentForm(forms.Form):
    """One payment to come. With ``ask_why`` the reason of a change is asked."""

    amount = PoundsField(label="How much?")
    due_on = DatePartsField(label="When is it due?")
    waits_for = forms.ModelChoiceField(
        MonitoringReturn.objects.none(),
        label="Which return must be approved first?",
        required=False,
        empty_label="None",
    )
    needs_agreement = forms.BooleanField(label="The agreement must be signed first", required=False)
    note = forms.CharField(label="Note", required=False, max_length=300)

    def __init__(self, grant: Commitment, *args: Any, ask_why: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["waits_for"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = grant.returns.select_related("quarter").order_by("quarter__year", "quarter__number")
        field.label_from_instance = lambda item: f"{item.quarter}, {item.get_status_display().lower()}"  # type: ignore[method-assign, assignment]
        if ask_why:
            self.fields["reason"] = ReasonForm.base_fields["reason"]

    def line(self) -> PlannedPayment:
        data = self.cleaned_data
        return PlannedPayment(data["amount"], data["due_on"], data["waits_for"], data["needs_agreement"], data["note"])


class ScheduleForm(forms.Form):
    timing = forms.ChoiceField(
        label="When is each quarter paid?",
        choices=[
            (Timing.IN_ADVANCE.value, "In advance: at the beginning of the quarter"),
            (Timing.IN_ARREARS.value, "In arrears: a month after the quarter"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose in advance or in arrears."},
    )
    waits = forms.BooleanField(label="Each payment waits for a return", required=False, initial=True)
    needs_agreement = forms.BooleanField(label="Nothing before the agreement is signed", required=False, initial=True)
    reason = forms.CharField(
        label="Why does the schedule change?",
        help_text="Needed when payments were planned before.",
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
    )


class CreditForm(forms.Form):
    """What comes back, and which payment or debt it belongs to."""

    amount = PoundsField(label="How much comes back?", help_text="In pounds, without a minus.")
    due_on = DatePartsField(label="When is it due?")
    credits = forms.ModelChoiceField(
        Payment.objects.none(), label="Which payment does it correct?", required=False, empty_label="None"
    )
    recovers = forms.ModelChoiceField(
        RecoveryDebt.objects.none(), label="Which debt does it pay off?", required=False, empty_label="None"
    )
    note = forms.CharField(
        label="What is it for?", max_length=300, error_messages={"required": "Say what the credit note is for."}
    )

    def __init__(self, grant: Commitment, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        paid, debts = self.fields["credits"], self.fields["recovers"]
        assert isinstance(paid, forms.ModelChoiceField)
        assert isinstance(debts, forms.ModelChoiceField)
        paid.queryset = grant.payments.filter(status=Payment.Status.PAID, is_credit_note=False)
        paid.label_from_instance = lambda row: f"Payment {row.number}, {Money(row.amount_pence)}"  # type: ignore[method-assign, assignment]
        debts.queryset = grant.recovery_debts.open()
        debts.label_from_instance = lambda row: f"Debt {row.number}, {Money(row.amount_pence)}"  # type: ignore[method-assign, assignment]


class ReceiveForm(forms.Form):
    received_on = DatePartsField(label="On which day did the money arrive?")
    reference = forms.CharField(label="The finance system's reference", required=False, max_length=100)


def _trail(grant: Commitment) -> list[Crumb]:
    return crumbs((grant.ref, money_of_grant(grant)))


def _page(request: HttpRequest, grant: Commitment, form: forms.Form, act: Any, **words: Any) -> HttpResponse:
    return form_page(
        request,
        form,
        act,
        caption=f"{grant.ref} {grant.title}",
        back=money_of_grant(grant),
        layer=grant.programme.layer,
        trail=_trail(grant),
        **words,
    )


def _room(grant: Commitment) -> list[dict[str, Any]]:
    position = position_of(grant)
    return [
        {"key": "Award", "value": Money(position.award).exact()},
        {"key": "Paid, less credit notes", "value": Money(position.paid).exact()},
        {"key": "Planned", "value": Money(position.scheduled).exact()},
        {"key": "Not planned yet", "value": Money(position.unscheduled).exact()},
    ]


def _payment(grant: Commitment, number: int) -> Payment:
    return get_object_or_404(grant.payments.select_related("waits_for", "waits_for_quarter"), number=number)


@require(can_plan_awards)
@require_http_methods(FORM)
def payment_schedule(request: HttpRequest, ref: str) -> HttpResponse:
    """Even payments over what of the award is neither paid nor in a run."""
    grant = visible_grant(request, ref)
    form = ScheduleForm(posted(request))
    position = position_of(grant)

    def act() -> None:
        plan = quarterly_plan(
            grant.starts_on,
            grant.ends_on,
            position.still_payable,
            timing=Timing(form.cleaned_data["timing"]),
            waits=form.cleaned_data["waits"],
            needs_agreement=form.cleaned_data["needs_agreement"],
        )
        payments.schedule_payments(commitment=grant, plan=plan, by=person(request), reason=form.cleaned_data["reason"])

    return _page(
        request,
        grant,
        form,
        act,
        title="Plan the payments by quarter",
        lead=f"{Money(position.still_payable)} is divided evenly. Planned payments that are in no run are replaced.",
        facts=_room(grant),
        submit="Plan the payments",
        done="The payments are planned.",
    )


@require(can_plan_awards)
@require_http_methods(FORM)
def payment_add(request: HttpRequest, ref: str) -> HttpResponse:
    grant = visible_grant(request, ref)
    form = PaymentForm(grant, posted(request))
    return _page(
        request,
        grant,
        form,
        lambda: payments.add_payment(commitment=grant, line=form.line(), by=person(request)),
        title="Plan a payment",
        facts=_room(grant),
        submit="Plan the payment",
        done="The payment is planned.",
    )


@require(can_plan_awards)
@require_http_methods(FORM)
def payment_change(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    grant = visible_grant(request, ref)
    payment = _payment(grant, number)
    stands = {
        "amount": abs(payment.amount_pence),
        "due_on": payment.due_on,
        "waits_for": payment.waits_for_id,
        "needs_agreement": payment.needs_agreement,
        "note": payment.note,
    }
    form = PaymentForm(grant, posted(request), ask_why=True, initial=stands)
    return _page(
        request,
        grant,
        form,
        lambda: payments.change_payment(
            payment=payment, line=form.line(), by=person(request), reason=form.cleaned_data["reason"]
        ),
        title=f"Change payment {payment.number}",
        facts=_room(grant),
        submit="Change the payment",
        done=f"Payment {payment.number} is changed.",
    )


@require(can_plan_awards)
@require_http_methods(FORM)
def payment_cancel(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    grant = visible_grant(request, ref)
    payment = _payment(grant, number)
    form = ReasonForm(posted(request))
    what = "credit note" if payment.is_credit_note else "payment"
    return _page(
        request,
        grant,
        form,
        lambda: payments.cancel_payment(payment=payment, by=person(request), reason=form.cleaned_data["reason"]),
        title=f"Cancel {what} {payment.number}",
        lead=f"{Money(payment.amount_pence)}, due on {payment.due_on:%-d %B %Y}.",
        submit=f"Cancel the {what}",
        done=f"The {what} is cancelled.",
    )


@require(can_plan_awards)
@require_http_methods(FORM)
def credit_add(request: HttpRequest, ref: str) -> HttpResponse:
    """``?debt=2`` comes from that debt's page and fills in what is left of it."""
    grant = visible_grant(request, ref)
    asked = request.GET.get("debt", "")
    debt = grant.recovery_debts.open().with_left().filter(number=int(asked[:4])).first() if asked.isdecimal() else None
    first = {"recovers": debt.pk, "amount": debt.left_pence} if debt else {}
    form = CreditForm(grant, posted(request), initial={"due_on": timezone.localdate(), **first})
    return _page(
        request,
        grant,
        form,
        lambda: credit_notes.record_credit_note(
            commitment=grant,
            amount_pence=form.cleaned_data["amount"],
            due_on=form.cleaned_data["due_on"],
            note=form.cleaned_data["note"],
            by=person(request),
            credits=form.cleaned_data["credits"],
            recovers=form.cleaned_data["recovers"],
        ),
        title="Record a credit note",
        lead="Money that comes back. It is settled in a payment run, or when it arrives by itself.",
        facts=_room(grant),
        submit="Record the credit note",
        done="The credit note is recorded.",
    )


@require(can_keep_money)
@strong_sign_in
@require_http_methods(FORM)
def credit_receive(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    grant = visible_grant(request, ref)
    note = _payment(grant, number)
    form = ReceiveForm(posted(request), initial={"received_on": timezone.localdate()})
    return _page(
        request,
        grant,
        form,
        lambda: credit_notes.receive_credit_note(
            credit_note=note,
            received_on=form.cleaned_data["received_on"],
            reference=form.cleaned_data["reference"],
            by=person(request),
        ),
        title=f"Credit note {note.number}: the money has arrived",
        lead=f"{Money(abs(note.amount_pence))} came back outside a payment run.",
        submit="Record the money",
        done="Recorded. A debt that is covered is closed.",
    )
