"""One form for each step of an award's set-up, with the action that saves it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from grants.actions import award_setup
from grants.actions.agreements import make_agreement
from grants.actions.award_plan import set_award, set_term
from grants.actions.payments import schedule_payments
from grants.errors import ActionRefused
from grants.models import AgreementTemplate, Commitment
from grants.money.payment_plan import PlannedPayment, Timing, quarterly_plan
from grants.views.setup_forms import PartForm
from programmes.models import BudgetCategory, Decision, Programme
from vru.accounts.models import Organisation, Role, User
from vru.lib.govuk.amounts import PoundsField
from vru.lib.govuk.dates import DatePartsField


def _dates_field() -> forms.TypedChoiceField:
    """How many years later a copy runs than the award it is copied from."""
    return forms.TypedChoiceField(
        label="Dates of a copy",
        choices=[
            ("1", "One year later, as the next year of the same work"),
            ("0", "The same, as another award beside it"),
        ],
        coerce=int,
        empty_value=1,  # type: ignore[arg-type]  # Any value will do; no answer means the next year.
        required=False,
        widget=forms.RadioSelect,
    )


class NewAwardForm(forms.Form):
    """The second half of beginning: the organisation is chosen already."""

    programme = forms.ModelChoiceField(label="Programme", queryset=Programme.objects.none())
    title = forms.CharField(
        label="Title", help_text="What the work is, in a few words.", max_length=award_setup.LONGEST_TITLE
    )
    kind = forms.ChoiceField(label="What is it?", choices=Commitment.Kind.choices, widget=forms.RadioSelect)
    source = forms.CharField(
        label="Copy from (reference of another award)",
        help_text="Takes over its amount, plan and targets.",
        max_length=40,
        required=False,
    )
    later = _dates_field()

    def __init__(self, organisation: Organisation, data: Any = None, *, initial: Any = None) -> None:
        self.organisation = organisation
        super().__init__(data, initial={"kind": Commitment.Kind.GRANT, "later": "1", **(initial or {})})
        open_ones = Programme.objects.in_layer(organisation.layer).exclude(status__in=award_setup.ENDED)
        self.fields["programme"].queryset = open_ones.order_by("title", "pk")  # type: ignore[attr-defined]

    def clean_source(self) -> Commitment | None:
        typed = self.cleaned_data["source"].strip()
        if not typed:
            return None
        found = Commitment.objects.in_layer(self.organisation.layer).filter(ref__iexact=typed).first()
        if found is None:
            raise forms.ValidationError(f"There is no award with the reference “{typed}”.")
        return found

    def save(self, by: User) -> Commitment:
        return award_setup.create_award(
            programme=self.cleaned_data["programme"],
            organisation=self.organisation,
            title=self.cleaned_data["title"],
            kind=Commitment.Kind(self.cleaned_data["kind"]),
            source=self.cleaned_data["source"],
            years=self.cleaned_data["later"],
            by=by,
        )


class WhatForm(PartForm):
    title = "What the award is"

    ref = forms.CharField(label="Reference", max_length=award_setup.LONGEST_REF)
    name = forms.CharField(label="Title", max_length=award_setup.LONGEST_TITLE)
    description = forms.CharField(
        label="What is the money for?",
        help_text="A few sentences that are published: what is done, for whom and where. More than the title says.",
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
    )
    kind = forms.ChoiceField(label="What is it?", choices=Commitment.Kind.choices, widget=forms.RadioSelect)
    category = forms.ModelChoiceField(label="Budget category", queryset=BudgetCategory.objects.all(), empty_label=None)
    decision = forms.ModelChoiceField(
        label="The decision that authorises it",
        queryset=Decision.objects.none(),
        required=False,
        empty_label="No decision yet",
    )
    manager = forms.ModelChoiceField(
        label="Programme manager", queryset=User.objects.none(), required=False, empty_label="Nobody yet"
    )
    youngest = forms.IntegerField(label="Youngest age", required=False, min_value=0, max_value=award_setup.OLDEST_AGE)
    oldest = forms.IntegerField(label="Oldest age", required=False, min_value=0, max_value=award_setup.OLDEST_AGE)

    def __init__(self, grant: Commitment, data: Any = None) -> None:
        super().__init__(grant, data)
        managers = User.objects.with_role(Role.PROGRAMME_MANAGER).filter(is_active=True).order_by("name", "pk")
        self.fields["manager"].queryset = managers  # type: ignore[attr-defined]
        self.fields["manager"].label_from_instance = lambda user: user.name  # type: ignore[attr-defined]
        decisions = Decision.objects.in_layer(grant.programme.layer)
        self.fields["decision"].queryset = decisions  # type: ignore[attr-defined]

    def start(self, grant: Commitment) -> dict[str, Any]:
        return {
            "ref": grant.ref,
            "name": grant.title,
            "description": grant.description,
            "kind": grant.kind,
            "category": grant.category_id,
            "decision": grant.decision_id,
            "manager": grant.manager_id,
            "youngest": grant.youngest_age,
            "oldest": grant.oldest_age,
        }

    def save(self, by: User) -> None:
        data = self.cleaned_data
        saved = award_setup.set_facts(
            commitment=self.grant,
            by=by,
            ref=data["ref"],
            title=data["name"],
            description=data["description"],
            kind=Commitment.Kind(data["kind"]),
            category=data["category"],
            decision=data["decision"],
            manager=data["manager"],
            youngest=data["youngest"],
            oldest=data["oldest"],
        )
        self.grant.ref = saved.ref


class AmountForm(PartForm):
    title = "How much, and when"

    award = PoundsField(label="The award, in pounds")
    starts_on = DatePartsField(label="First day")
    ends_on = DatePartsField(label="Last day")

    def start(self, grant: Commitment) -> dict[str, Any]:
        return {"award": grant.award_pence or None, "starts_on": grant.starts_on, "ends_on": grant.ends_on}

    def save(self, by: User) -> None:
        data = self.cleaned_data
        set_award(commitment=self.grant, award_pence=data["award"], by=by)
        set_term(commitment=self.grant, starts_on=data["starts_on"], ends_on=data["ends_on"], by=by)


class PaymentsForm(PartForm):
    title = "Payments"
    lead = "Makes the whole schedule anew. Single payments are changed on the award's page of payments afterwards."

    ONCE = "once"
    timing = forms.ChoiceField(
        label="When is it paid?",
        choices=[
            (Timing.IN_ADVANCE.value, "Every quarter, in advance"),
            (Timing.IN_ARREARS.value, "Every quarter, in arrears"),
            (ONCE, "Once, on the first day"),
        ],
        widget=forms.RadioSelect,
    )
    waits = forms.BooleanField(
        label="Payments wait for the returns before them to be approved", required=False, initial=True
    )
    needs_agreement = forms.BooleanField(
        label="Nothing is paid before the agreement is accepted", required=False, initial=True
    )

    def save(self, by: User) -> None:
        grant, data = self.grant, self.cleaned_data
        if not grant.award_pence:
            raise ActionRefused("Say first how much is awarded.")
        if data["timing"] == self.ONCE:
            plan = [PlannedPayment(grant.award_pence, grant.starts_on, needs_agreement=data["needs_agreement"])]
        else:
            plan = quarterly_plan(
                grant.starts_on,
                grant.ends_on,
                grant.award_pence,
                timing=Timing(data["timing"]),
                waits=data["waits"],
                needs_agreement=data["needs_agreement"],
            )
        schedule_payments(commitment=grant, plan=plan, by=by)


class AgreementForm(PartForm):
    title = "The agreement"
    lead = "Written from a template and what is recorded here. Make it again whenever the award has changed."

    template = forms.ModelChoiceField(
        label="Which template?",
        queryset=AgreementTemplate.objects.filter(is_current=True),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def start(self, grant: Commitment) -> dict[str, Any]:
        live = grant.agreements.filter(ended_at__isnull=True).first()
        current = AgreementTemplate.objects.filter(is_current=True)
        first = current.filter(slug=live.template.slug).first() if live else current.first()
        return {"template": first.pk if first else None}

    def save(self, by: User) -> None:
        make_agreement(commitment=self.grant, template=self.cleaned_data["template"], by=by)


class CopyAwardForm(PartForm):
    title = "Copy from another award"
    lead = "Takes over its amount, sources, places, profile, targets and partners, and what is asked."

    source = forms.CharField(label="Reference of the other award", max_length=40)
    later = _dates_field()

    def start(self, grant: Commitment) -> dict[str, Any]:
        return {"later": "1"}

    def clean_source(self) -> Commitment:
        typed = self.cleaned_data["source"].strip()
        found = Commitment.objects.in_layer(self.grant.programme.layer).filter(ref__iexact=typed).first()
        if found is None:
            raise forms.ValidationError(f"There is no award with the reference “{typed}”.")
        return found

    def save(self, by: User) -> None:
        award_setup.copy_award(
            commitment=self.grant, source=self.cleaned_data["source"], by=by, years=self.cleaned_data["later"]
        )


FORMS: dict[str, type[PartForm]] = {
    "what": WhatForm,
    "amount": AmountForm,
    "payments": PaymentsForm,
    "agreement": AgreementForm,
    "copy": CopyAwardForm,
}


def organisations_found(text: str, layer: str, most: int = 20) -> list[Organisation]:
    """Standing organisations whose name, former name, reference or number holds what was typed."""
    typed = text.strip()
    if not typed:
        return []
    named = Q(name__icontains=typed) | Q(former_names__name__icontains=typed) | Q(ref__iexact=typed)
    numbered = Q(charity_number__iexact=typed) | Q(company_number__iexact=typed)
    standing = Organisation.objects.standing().in_layer(layer)
    return list(standing.filter(named | numbered).distinct().order_by("name", "pk")[:most])
