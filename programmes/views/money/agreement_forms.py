"""One small form for each step in the life of a funder's agreement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from programmes.actions import agreements as actions
from programmes.actions import claims as claim_actions
from programmes.actions.money_rules import LONGEST_TEXT
from programmes.actions.year_end import certify_statement, prepare_statement
from programmes.models import AgreementChange, Claim, FunderAgreement, FundingSource, YearEndStatement
from programmes.views.money.forms import MoneyForm, PastDateField, reason_field, year_field
from vru.accounts.models import User
from vru.lib.govuk.amounts import PoundsField
from vru.lib.govuk.dates import DatePartsField
from vru.lib.periods import Period

TERMS = ("conditions", "delivery_plan")
SETTLED = [choice for choice in AgreementChange.Status.choices if choice[0] != AgreementChange.Status.ASKED]


def _long(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=LONGEST_TEXT, widget=forms.Textarea
    )


class ChangeChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"Change {obj.number}: {obj.what[:80]}"


class ClaimChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"Claim {obj.number}"


class TermsForm(MoneyForm):
    conditions = _long("Conditions", "As the funder wrote them, or where they are written.")
    delivery_plan = _long("Delivery plan", "What the unit promised to deliver with the money, and by when.")


class OfferForm(TermsForm):
    """An offer, new or put right; reference, source and year stay once it is recorded."""

    ref = forms.CharField(label="Reference", help_text="The funder's own.", max_length=actions.LONGEST_REF)
    source = forms.ModelChoiceField(label="Source of money", queryset=FundingSource.objects.all())
    year = year_field()
    offer = PoundsField(label="Offer")
    offered_on = PastDateField(label="Day of the offer")
    field_order = ["ref", "source", "year", "offer", "offered_on", *TERMS]

    def __init__(self, layer: str, data: Any = None, agreement: FunderAgreement | None = None, **options: Any) -> None:
        self.layer, self.agreement = layer, agreement
        if agreement is not None:
            options["initial"] = {
                "offer": agreement.offer_pence,
                "offered_on": agreement.offered_on,
                **{name: getattr(agreement, name) for name in TERMS},
            }
        super().__init__(data, **options)
        if agreement is not None:
            for name in ("ref", "source", "year"):
                del self.fields[name]

    def save(self, by: User) -> None:
        typed = self.cleaned_data
        shared = {name: typed[name] for name in (*TERMS, "offered_on")} | {"offer_pence": typed["offer"], "by": by}
        if self.agreement is not None:
            actions.edit_offer(agreement=self.agreement, **shared)
        else:
            actions.record_offer(
                ref=typed["ref"], source=typed["source"], year=typed["year"], layer=self.layer, **shared
            )


class AgreementForm(MoneyForm):
    """A form about ``agreement``."""

    mark_optional = False

    def __init__(self, agreement: FunderAgreement, data: Any = None, **options: Any) -> None:
        self.agreement = agreement
        super().__init__(data, **options)


class AcceptForm(AgreementForm):
    accepted_on = PastDateField(label="Day on which the unit accepted it")

    def save(self, by: User) -> None:
        actions.accept_offer(agreement=self.agreement, accepted_on=self.cleaned_data["accepted_on"], by=by)


class RewriteForm(TermsForm):
    change = ChangeChoice(
        label="After which approved change?", queryset=AgreementChange.objects.none(), empty_label=None
    )
    field_order = ["change", *TERMS]

    def __init__(self, agreement: FunderAgreement, data: Any = None) -> None:
        self.agreement = agreement
        super().__init__(data, initial={name: getattr(agreement, name) for name in TERMS})
        approved = agreement.changes.filter(status=AgreementChange.Status.APPROVED).order_by("-number")
        field = self.fields["change"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = approved

    def save(self, by: User) -> None:
        actions.rewrite_terms(agreement=self.agreement, by=by, **self.cleaned_data)


class ChangeForm(AgreementForm):
    what = forms.CharField(
        label="What is to change, and why?",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea,
        error_messages={"required": "Say what is to change, and why."},
    )
    amount = PoundsField(
        label="The whole offer after the change",
        help_text="Leave empty where the money stays as it is.",
        required=False,
    )
    asked_on = PastDateField(label="Day on which the funder was asked")

    def save(self, by: User) -> None:
        typed = self.cleaned_data
        actions.ask_change(
            agreement=self.agreement,
            what=typed["what"],
            amount_pence=typed["amount"],
            asked_on=typed["asked_on"],
            by=by,
        )


class SettleForm(MoneyForm):
    mark_optional = False
    outcome = forms.ChoiceField(label="What became of it?", choices=SETTLED, widget=forms.RadioSelect)
    decided_on = PastDateField(label="On which day?")
    note = forms.CharField(
        label="Who decided, and where is it written?",
        help_text="For example: letter of the programme lead, 4 September, in the agreement's folder.",
        required=False,
        max_length=LONGEST_TEXT,
    )

    def __init__(self, change: AgreementChange, data: Any = None) -> None:
        self.change = change
        super().__init__(data)

    def save(self, by: User) -> None:
        typed = self.cleaned_data
        actions.settle_change(
            change=self.change,
            outcome=AgreementChange.Status(typed["outcome"]),
            decided_on=typed["decided_on"],
            note=typed["note"],
            by=by,
        )


class ClaimForm(AgreementForm):
    starts_on = DatePartsField(label="First day of the claim")
    ends_on = DatePartsField(label="Last day of the claim")
    amount = PoundsField(label="Amount")
    note = forms.CharField(label="Note (optional)", required=False, max_length=300)

    def __init__(self, agreement: FunderAgreement, data: Any = None, claim: Claim | None = None) -> None:
        self.claim = claim
        names = ("starts_on", "ends_on", "note")
        start = {name: getattr(claim, name) for name in names} | {"amount": claim.amount_pence} if claim else None
        super().__init__(agreement, data, initial=start)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        first, last = typed.get("starts_on"), typed.get("ends_on")
        if first and last and last < first:
            raise ValidationError({"ends_on": "The last day cannot be before the first."})
        return typed

    def save(self, by: User) -> None:
        typed = self.cleaned_data
        period = Period(typed["starts_on"], typed["ends_on"])
        if self.claim is not None:
            claim_actions.edit_claim(
                claim=self.claim, period=period, amount_pence=typed["amount"], note=typed["note"], by=by
            )
        else:
            claim_actions.draft_claim(
                agreement=self.agreement, period=period, amount_pence=typed["amount"], note=typed["note"], by=by
            )


class SendForm(MoneyForm):
    sent_on = PastDateField(label="Day on which it was sent")

    def __init__(self, claim: Claim, data: Any = None) -> None:
        self.claim = claim
        super().__init__(data)

    def save(self, by: User) -> None:
        claim_actions.send_claim(claim=self.claim, sent_on=self.cleaned_data["sent_on"], by=by)


class WithdrawForm(MoneyForm):
    reason = reason_field("Why is it withdrawn?", "Say why the claim is withdrawn.")

    def __init__(self, claim: Claim, data: Any = None) -> None:
        self.claim = claim
        super().__init__(data)

    def save(self, by: User) -> None:
        claim_actions.withdraw_claim(claim=self.claim, reason=self.cleaned_data["reason"], by=by)


class ReceiptForm(AgreementForm):
    amount = PoundsField(label="Amount", help_text="With a minus where the unit paid money back.", allow_negative=True)
    received_on = PastDateField(label="Day on which it arrived")
    reference = forms.CharField(
        label="Reference", help_text="As the ledger writes it.", max_length=claim_actions.LONGEST_REFERENCE
    )
    claim = ClaimChoice(
        label="For which claim?", queryset=Claim.objects.none(), required=False, empty_label="For none of them"
    )

    def __init__(self, agreement: FunderAgreement, data: Any = None) -> None:
        super().__init__(agreement, data)
        field = self.fields["claim"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = agreement.claims.filter(status__in=[Claim.Status.SENT, Claim.Status.AGREED])

    def save(self, by: User) -> None:
        typed = self.cleaned_data
        claim_actions.record_receipt(
            agreement=self.agreement,
            amount_pence=typed["amount"],
            received_on=typed["received_on"],
            reference=typed["reference"],
            claim=typed["claim"],
            by=by,
        )


class StatementForm(AgreementForm):
    spent = PoundsField(label="Spent of the offer")
    returned = PoundsField(label="Unspent money returned to the funder")
    note = forms.CharField(label="Note (optional)", required=False, max_length=LONGEST_TEXT, widget=forms.Textarea)

    def __init__(self, agreement: FunderAgreement, data: Any = None) -> None:
        held = YearEndStatement.objects.filter(agreement=agreement).first()
        start = {"spent": held.spent_pence, "returned": held.returned_pence, "note": held.note} if held else None
        super().__init__(agreement, data, initial=start or {"returned": 0})

    def save(self, by: User) -> None:
        typed = self.cleaned_data
        prepare_statement(
            agreement=self.agreement,
            spent_pence=typed["spent"],
            returned_pence=typed["returned"],
            note=typed["note"],
            today=timezone.localdate(),
            by=by,
        )


class CertifyForm(MoneyForm):
    """Holds what the person has read, so that they certify that and nothing else."""

    mark_optional = False
    spent_pence = forms.IntegerField(widget=forms.HiddenInput)
    returned_pence = forms.IntegerField(widget=forms.HiddenInput)
    agreed = forms.BooleanField(
        label="I have checked the statement against the ledger and certify that it is right",
        error_messages={"required": "Tick the box to certify the statement."},
    )

    def __init__(self, statement: YearEndStatement, data: Any = None) -> None:
        self.statement = statement
        read = {"spent_pence": statement.spent_pence, "returned_pence": statement.returned_pence}
        super().__init__(data, initial=read)

    def save(self, by: User) -> None:
        typed = self.cleaned_data
        certify_statement(
            statement=self.statement, spent_pence=typed["spent_pence"], returned_pence=typed["returned_pence"], by=by
        )
