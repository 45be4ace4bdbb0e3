"""Making a run: choose the day and the layout, look at what would be paid and what would not, make the draft."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from grants.actions.payment_runs import due_payments, make_run
from grants.errors import ActionRefused
from grants.models import ExportLayout, Payment
from grants.money.readiness import PLAN_WITH, reasons
from grants.views.payments.common import FORM, crumbs, page_of_run
from programmes.layers import chosen_layer, layers_in_use
from vru.accounts.permissions import can_keep_money, person, require
from vru.lib.govuk.dates import DatePartsField
from vru.lib.govuk.posted import posted

MOST_HELD = 50
PREVIEW, MAKE = "preview", "make"


class RunForm(forms.Form):
    pay_on = DatePartsField(
        label="Pay what is due by which day?", help_text="The file asks the finance system to pay on this day."
    )
    layout = forms.ModelChoiceField(
        ExportLayout.objects.all(),
        label="Layout of the file",
        to_field_name="slug",
        empty_label=None,
        error_messages={"required": "Choose the layout of the file."},
    )


class ChosenPayments(forms.Form):
    """The payments ticked in the preview."""

    payment = forms.ModelMultipleChoiceField(
        Payment.objects.none(), error_messages={"required": "Choose at least one payment."}
    )

    def __init__(self, layer: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["payment"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Payment.objects.in_layer(layer)


@require(can_keep_money)
@require_http_methods(FORM)
def run_make(request: HttpRequest) -> HttpResponse:
    """Nothing is written until the preview was seen: the draft holds what was ticked in it."""
    layer = chosen_layer(request)
    pressed = request.POST.get("press", PREVIEW)
    default = ExportLayout.objects.filter(is_default=True).first()
    first = {"pay_on": timezone.localdate(), "layout": default.slug if default else None}
    form = RunForm(posted(request), initial=first)
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["pay_on"]
        if pressed == MAKE:
            chosen = ChosenPayments(layer, request.POST)
            made = _make(request, form, chosen, layer)
            if made is not None:
                return made
        context = _preview(layer, day)
    context |= {
        "form": form,
        "layer": layer,
        "layers": layers_in_use(),
        "ticked": set(request.POST.getlist("payment")) if pressed == MAKE else None,
        "crumbs": crumbs(("Payment runs", reverse("money:runs"))),
    }
    return render(request, "grants/payment_run_make.html", context, status=422 if form.errors else 200)


def _make(request: HttpRequest, form: RunForm, chosen: ChosenPayments, layer: str) -> HttpResponse | None:
    if not chosen.is_valid():
        form.add_error(None, "Choose at least one of the payments below.")
        return None
    try:
        run = make_run(
            layer=layer,
            pay_on=form.cleaned_data["pay_on"],
            layout=form.cleaned_data["layout"],
            by=person(request),
            payments=list(chosen.cleaned_data["payment"]),
        )
    except ActionRefused as refused:
        form.add_error(None, str(refused))
        return None
    messages.success(request, f"Run {run.ref} is made as a draft. Read it, then propose it for approval.")
    return redirect(page_of_run(run))


def _preview(layer: str, day: datetime.date) -> dict[str, Any]:
    """What can leave by the day, and the first of what is due and cannot, with why."""
    ready = due_payments(layer, day)
    not_clear = Payment.objects.in_layer(layer).to_pay().with_clearance().filter(Q(is_clear=False), due_on__lte=day)
    held = list(not_clear.filter(Q(is_running=False)).select_related(*PLAN_WITH)[: MOST_HELD + 1])
    return {
        "previewed": True,
        "ready": ready,
        "ready_pence": sum(payment.amount_pence for payment in ready),
        "held": [{"payment": payment, "why": reasons(payment)} for payment in held[:MOST_HELD]],
        "more_held": len(held) > MOST_HELD,
    }
