"""One small form for each thing that is changed about an organisation. What is right, the actions decide."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms

from vru.accounts.actions.organisations import Details, OrganisationRefused
from vru.accounts.models import Contact, DueDiligenceCheck, Organisation
from vru.lib.govuk.dates import DatePartsField


class OrganisationForm(forms.Form):
    name = forms.CharField(label="Name", max_length=200, error_messages={"required": "Enter the organisation's name."})
    kind = forms.ChoiceField(
        label="Kind",
        choices=[("", "Choose a kind"), *Organisation.Kind.choices],
        error_messages={"required": "Choose what kind of organisation it is."},
    )
    charity_number = forms.CharField(
        label="Charity number", help_text="Like 1234567, SC012345 or NIC101234.", required=False, max_length=60
    )
    company_number = forms.CharField(
        label="Company number", help_text="Eight characters. Lost zeros are put back.", required=False, max_length=60
    )
    authority_code = forms.CharField(
        label="Local authority code", help_text="Three letters, like CMD for Camden.", required=False, max_length=60
    )
    school_urn = forms.CharField(label="School reference number (URN)", required=False, max_length=60)
    nhs_code = forms.CharField(label="NHS organisation code", required=False, max_length=60)
    address = forms.CharField(label="Address", required=False, max_length=1000, widget=forms.Textarea({"rows": 3}))
    postcode = forms.CharField(label="Postcode", required=False, max_length=20)
    website = forms.CharField(label="Website", required=False, max_length=200)
    confirmed = forms.BooleanField(
        label="It is another organisation that happens to have this name", required=False, widget=forms.HiddenInput
    )

    def ask_whether_meant(self) -> None:
        """Show the box that says the likeness is known; it is hidden until somebody is stopped by one."""
        self.fields["confirmed"].widget = forms.CheckboxInput()

    def details(self) -> Details:
        return Details(**{name: value for name, value in self.cleaned_data.items() if name != "confirmed"})


class SupplierForm(forms.Form):
    mark_optional = False
    supplier_reference = forms.CharField(
        label="Supplier reference",
        help_text="As in the finance system. Bank details are never kept here. Empty it to take the reference away.",
        required=False,
        max_length=60,
    )


class FormerNameForm(forms.Form):
    name = forms.CharField(label="Former name", max_length=200, error_messages={"required": "Enter the former name."})
    until = DatePartsField(label="Last day of the name", required=False)


class ContactForm(forms.Form):
    kind = forms.ChoiceField(
        label="Contacted about",
        choices=Contact.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what this person is contacted about."},
    )
    name = forms.CharField(label="Name", max_length=200, error_messages={"required": "Enter the contact's name."})
    job_title = forms.CharField(label="Job title", required=False, max_length=200)
    email = forms.CharField(
        label="Email address", help_text="Give this or a telephone number.", required=False, max_length=254
    )
    phone = forms.CharField(label="Telephone number", required=False, max_length=50)


class PolicyForm(forms.Form):
    approved_on = DatePartsField(label="Last approved on")
    review_on = DatePartsField(label="To be reviewed by", required=False)


class CheckForm(forms.Form):
    outcome = forms.ChoiceField(
        label="What did the check find?",
        choices=DueDiligenceCheck.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the check found."},
    )
    checked_on = DatePartsField(label="Checked on")
    expires_on = DatePartsField(label="Holds until", required=False)
    note = forms.CharField(
        label="Note", help_text="Needed unless it simply passed.", required=False, widget=forms.Textarea({"rows": 4})
    )


class MergeForm(forms.Form):
    mark_optional = False
    reason = forms.CharField(
        label="Why are they one organisation?",
        help_text="Kept with both.",
        max_length=300,
        error_messages={"required": "Say why the two are one organisation."},
    )
    sure = forms.BooleanField(
        label="I know that this cannot be undone", error_messages={"required": "Tick the box if you mean it."}
    )


def add_refusal(form: forms.Form, refused: OrganisationRefused) -> None:
    """The refusal beside the box it is about."""
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))


def initial_of(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def usual_expiry(today: datetime.date) -> datetime.date:
    """A year on, which is how long most checks are taken to hold."""
    year = today.year + 1
    return today.replace(year=year, day=28) if (today.month, today.day) == (2, 29) else today.replace(year=year)
