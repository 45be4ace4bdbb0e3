"""One line of the ledger: matched by hand, taken apart again, or explained in words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Abs
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from grants.actions.texts import LONGEST_REASON
from grants.errors import ActionRefused
from grants.imports.ledger import explain_line, match_line, unmatch_line
from grants.imports.ledger_position import matched_elsewhere
from grants.models import LedgerLine, Payment
from grants.views.ledger.scope import ledger_crumbs
from vru.accounts.permissions import can_keep_money, can_read_everything, person, require

# A person chooses from a list, so it is short: the nearest amounts of the same supplier first.
MOST_CANDIDATES = 25


class ExplanationForm(forms.Form):
    explanation = forms.CharField(
        label="Why does it differ?",
        help_text="For example “Bank charge, not a grant” or “Posted net of £25.00 withheld”. Kept with the line.",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require(can_read_everything)
@require_http_methods(["GET", "HEAD", "POST"])
def ledger_line(request: HttpRequest, pk: int) -> HttpResponse:
    lines = LedgerLine.objects.select_related("ledger", "payment__commitment__organisation", "explained_by")
    line = get_object_or_404(lines, pk=pk)
    can_keep = can_keep_money(person(request))
    form = ExplanationForm(initial={"explanation": line.explanation})
    if request.method == "POST":
        if not can_keep:
            raise PermissionDenied
        return _settle(request, line)
    return _page(request, line, form, can_keep)


def _settle(request: HttpRequest, line: LedgerLine) -> HttpResponse:
    what, by = request.POST.get("what", ""), person(request)
    form = ExplanationForm(request.POST if what == "explain" else None, initial={"explanation": line.explanation})
    try:
        if what == "match":
            chosen = request.POST.get("payment", "")
            if not (chosen.isdecimal() and len(chosen) < 18):
                raise ActionRefused("Choose the payment that the line is.")
            match_line(line=line, payment=get_object_or_404(Payment, pk=int(chosen)), by=by)
            messages.success(request, "The line is matched.")
        elif what == "unmatch":
            unmatch_line(line=line, by=by)
            messages.success(request, "The match is taken off.")
        elif not form.is_valid():
            return _page(request, line, form, True, status=422)
        else:
            explain_line(line=line, explanation=form.cleaned_data["explanation"], by=by)
            messages.success(request, "The explanation is kept with the line.")
    except ActionRefused as refused:
        messages.error(request, str(refused))
    return redirect("money:ledger-line", pk=line.pk)


def _page(
    request: HttpRequest, line: LedgerLine, form: ExplanationForm, can_keep: bool, status: int = 200
) -> HttpResponse:
    is_live = line.ledger.superseded_at is None
    context: dict[str, Any] = {
        "line": line,
        "form": form,
        "layer": line.ledger.layer,
        "can_settle": can_keep and is_live,
        "is_live": is_live,
        "candidates": list(_candidates(line)) if can_keep and is_live and line.payment_id is None else [],
        "crumbs": ledger_crumbs(),
    }
    return render(request, "grants/ledger_line.html", context, status=status)


def _candidates(line: LedgerLine) -> QuerySet[Payment]:
    """Payments made that no ledger holds: the line's supplier first, then by how near the amount is."""
    supplier = line.supplier_reference.strip()
    same = Case(
        When(commitment__organisation__supplier_reference__iexact=supplier or "-", then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    free = Payment.objects.filter(
        ~matched_elsewhere(), status=Payment.Status.PAID, commitment__programme__layer=line.ledger.layer
    )
    near = free.annotate(elsewhere=same, apart=Abs(F("amount_pence") - Value(line.amount_pence)))
    rows = near.select_related("commitment__organisation").order_by("elsewhere", "apart", "paid_on", "pk")
    return rows[:MOST_CANDIDATES]
