"""What happens under an agreement: changes, claims, receipts and the year end."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST

from programmes.actions.claims import agree_claim
from programmes.models import AgreementChange, Claim, FunderAgreement, YearEndStatement
from programmes.views.money.agreement_forms import (
    CertifyForm,
    ChangeForm,
    ClaimForm,
    ReceiptForm,
    SendForm,
    SettleForm,
    StatementForm,
    WithdrawForm,
)
from programmes.views.money.agreements import about, address, find_agreement
from programmes.views.money.pages import form_page, try_act
from vru.accounts.permissions import can_approve_money, can_keep_money, person, require
from vru.accounts.strong_sign_in import strong_sign_in
from vru.lib.govuk.posted import posted
from vru.lib.money import Money
from vru.lib.periods import FinancialYear, Period, long_date

BOTH = ["GET", "HEAD", "POST"]


@require(can_keep_money)
@require_http_methods(BOTH)
def change_add(request: HttpRequest, ref: str) -> HttpResponse:
    agreement = find_agreement(request, ref)
    form = ChangeForm(agreement, posted(request))
    lead = f"The offer is {Money(agreement.offer_now_pence)} now."
    return form_page(
        request,
        form,
        title="Ask the funder for a change",
        done="The change is recorded.",
        lead=lead,
        **about(agreement),
    )


@require(can_keep_money)
@require_http_methods(BOTH)
def change_settle(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    agreement = find_agreement(request, ref)
    change = get_object_or_404(AgreementChange, agreement=agreement, number=number)
    title, done = f"What became of change {number}?", "It is recorded."
    response = form_page(
        request, SettleForm(change, posted(request)), title=title, done=done, lead=change.what, **about(agreement)
    )
    change.refresh_from_db()
    approved_now = response.status_code == 302 and change.status == AgreementChange.Status.APPROVED
    if approved_now and change.amount_pence is not None:
        _offer_restatement(request, agreement, change)
    return response


def _offer_restatement(request: HttpRequest, agreement: FunderAgreement, change: AgreementChange) -> None:
    """The allocation is the unit's own word, so it does not move by itself: say so, with the way there."""
    assert change.amount_pence is not None
    way = reverse("money-checks:allocation", args=[agreement.source.slug, FinancialYear(agreement.year)])
    messages.info(
        request,
        format_html(
            'The offer is now {}. The allocation of {} has not moved with it: <a class="govuk-link" href="{}">'
            "restate the allocation</a>.",
            Money(change.amount_pence),
            agreement.source.title,
            f"{way}?layer={agreement.layer}&change={change.number}&agreement={agreement.ref}",
        ),
    )


@require(can_keep_money)
@require_http_methods(BOTH)
def claim_add(request: HttpRequest, ref: str) -> HttpResponse:
    agreement = find_agreement(request, ref)
    left = Money(agreement.offer_now_pence - agreement.claimed_pence)
    form = ClaimForm(agreement, posted(request))
    lead = f"{left} of the offer is left to claim."
    return form_page(request, form, title="Draft a claim", done="The claim is drafted.", lead=lead, **about(agreement))


def _claim(agreement: FunderAgreement, number: int) -> Claim:
    return get_object_or_404(Claim, agreement=agreement, number=number)


@require(can_keep_money)
@require_http_methods(BOTH)
def claim_edit(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    agreement = find_agreement(request, ref)
    form = ClaimForm(agreement, posted(request), claim=_claim(agreement, number))
    return form_page(request, form, title=f"Claim {number}", done="The claim is changed.", **about(agreement))


@require(can_keep_money)
@require_http_methods(BOTH)
def claim_send(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    agreement = find_agreement(request, ref)
    claim = _claim(agreement, number)
    facts = [
        {"key": "For", "value": str(Period(claim.starts_on, claim.ends_on))},
        {"key": "Amount", "value": str(Money(claim.amount_pence))},
    ]
    title, done = f"Claim {number} was sent", "The claim is recorded as sent."
    form = SendForm(claim, posted(request))
    return form_page(request, form, title=title, done=done, facts=facts, **about(agreement))


@require(can_keep_money)
@require_POST
def claim_agree(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    agreement = find_agreement(request, ref)
    claim = _claim(agreement, number)
    try_act(request, lambda: agree_claim(claim=claim, by=person(request)), f"Claim {number} is agreed by the funder.")
    return redirect(address(agreement))


@require(can_keep_money)
@require_http_methods(BOTH)
def claim_withdraw(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    agreement = find_agreement(request, ref)
    form = WithdrawForm(_claim(agreement, number), posted(request))
    title, done = f"Withdraw claim {number}", "The claim is withdrawn."
    return form_page(request, form, title=title, done=done, submit="Withdraw the claim", **about(agreement))


@require(can_keep_money)
@require_http_methods(BOTH)
def receipt_add(request: HttpRequest, ref: str) -> HttpResponse:
    agreement = find_agreement(request, ref)
    form = ReceiptForm(agreement, posted(request))
    return form_page(request, form, title="Record a receipt", done="The receipt is recorded.", **about(agreement))


@require(can_keep_money)
@require_http_methods(BOTH)
def statement_prepare(request: HttpRequest, ref: str) -> HttpResponse:
    agreement = find_agreement(request, ref)
    form = StatementForm(agreement, posted(request))
    lead = "Somebody else certifies it. Until then it can be written again."
    facts = _money_facts(agreement)
    return form_page(
        request, form, title="Year-end statement", done="The statement is prepared.", lead=lead, facts=facts,
        **about(agreement),
    )  # fmt: skip


def _money_facts(agreement: FunderAgreement) -> list[dict[str, str]]:
    return [
        {"key": "Offer", "value": str(Money(agreement.offer_now_pence))},
        {"key": "Claimed", "value": str(Money(agreement.claimed_pence))},
        {"key": "Received", "value": str(Money(agreement.received_pence))},
    ]


@require(can_approve_money)
@strong_sign_in
@require_http_methods(BOTH)
def statement_certify(request: HttpRequest, ref: str) -> HttpResponse:
    agreement = find_agreement(request, ref)
    statement = get_object_or_404(YearEndStatement.objects.select_related("prepared_by"), agreement=agreement)
    prepared = f"{statement.prepared_by}, {long_date(statement.prepared_at)}"
    facts = [
        *_money_facts(agreement),
        {"key": "Spent", "value": str(Money(statement.spent_pence))},
        {"key": "Returned to the funder", "value": str(Money(statement.returned_pence))},
        {"key": "Note", "value": statement.note or "None"},
        {"key": "Prepared by", "value": prepared},
    ]
    warning = "Once it is certified, nothing of this agreement can be changed."
    return form_page(
        request, CertifyForm(statement, posted(request)), title="Certify the year end", submit="Certify",
        done="The year end is certified.", facts=facts, warning=warning, **about(agreement),
    )  # fmt: skip
