"""The form with which a grantee makes a key for its own system."""

from __future__ import annotations

from typing import Any

from django import forms

from vru.accounts.actions.api_tokens import LONGEST_DAYS
from vru.accounts.models import ApiToken, Organisation

_DAYS = [("30", "30 days"), ("90", "90 days"), (str(LONGEST_DAYS), "A year")]


class KeyForm(forms.Form):
    """``organisation`` is asked only of people who act for more than one."""

    mark_optional = False

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="Which organisation is it for?", widget=forms.RadioSelect, empty_label=None
    )
    name = forms.CharField(
        label="Which system will use the key?",
        help_text="For example: Case management system.",
        max_length=100,
        error_messages={"required": "Say which system will use the key."},
    )
    scopes = forms.MultipleChoiceField(
        label="What may it do?",
        help_text="Give it no more than it needs.",
        choices=ApiToken.Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one thing that the key may do."},
    )
    days = forms.TypedChoiceField(
        label="How long should it work?",
        choices=_DAYS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how long the key should work."},
    )

    def __init__(self, data: Any = None, *, organisations: list[Organisation]) -> None:
        super().__init__(data, initial={"scopes": [ApiToken.Scope.READ], "days": str(LONGEST_DAYS)})
        self.only = organisations[0] if len(organisations) == 1 else None
        if self.only:
            del self.fields["organisation"]
        else:
            theirs = Organisation.objects.filter(pk__in=[item.pk for item in organisations])
            self.fields["organisation"].queryset = theirs  # type: ignore[attr-defined]

    def chosen_organisation(self) -> Organisation:
        return self.only or self.cleaned_data["organisation"]
