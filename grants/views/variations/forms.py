"""What is typed about a variation: how it begins, what a grantee asks for, and reasons."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone

from grants.models import Commitment, Variation
from grants.money.plan_rules import MOST_PENCE, is_plain_day, term_problem
from vru.lib.govuk.amounts import PoundsField
from vru.lib.govuk.dates import DatePartsField

Kind = Variation.Kind
LONGEST_REASON, LONGEST_WISH = 300, 2000
KINDS = forms.RadioSelect()
KINDS.choice_hints = {  # type: ignore[attr-defined]
    Kind.AWARD: "More or less money; dates, profile and targets may change with it",
    Kind.REPROFILE: "The same award, spent at other times or under other headings",
    Kind.TERM: "An earlier or a later first or last day",
    Kind.TARGETS: "The people to reach and the targets of indicators, nothing else",
}


class StartForm(forms.Form):
    """The few things from which the whole plan is worked out, to be looked at and corrected on the next page."""

    kind = forms.ChoiceField(label="What changes?", choices=Kind.choices, widget=KINDS)
    award = PoundsField(label="New award, in pounds", required=False, help_text="Only when the award changes.")
    starts_on = DatePartsField(label="New first day", required=False, help_text="Only when it changes.")
    ends_on = DatePartsField(label="New last day", required=False, help_text="Only when it changes.")
    effective_on = DatePartsField(
        label="From which day does the change count?",
        help_text="Money of financial years that ended before this day stays as it is.",
    )

    def __init__(self, *args: Any, commitment: Commitment, **options: Any) -> None:
        super().__init__(*args, **options)
        self.commitment = commitment

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind, grant = data.get("kind"), self.commitment
        if kind == Kind.AWARD and data.get("award") is None and "award" not in self.errors:
            self.add_error("award", "Enter the new award.")
        if (data.get("award") or 0) > MOST_PENCE:
            self.add_error("award", "No award is so large. Check the pounds and pence.")
        if kind in {Kind.REPROFILE, Kind.TARGETS}:
            data["award"] = data["starts_on"] = data["ends_on"] = None
        if kind == Kind.TERM:
            data["award"] = None
            if data.get("starts_on") is None and data.get("ends_on") is None and not self.errors:
                self.add_error("ends_on", "Enter the new first day, the new last day, or both.")
        starts, ends = data.get("starts_on") or grant.starts_on, data.get("ends_on") or grant.ends_on
        if not self.errors and (problem := term_problem(starts, ends)):
            self.add_error("ends_on", problem)
        if not self.errors and not is_plain_day(data["effective_on"]):
            self.add_error("effective_on", "Check the year.")
        return data

    def as_query(self) -> dict[str, str]:
        """What the next page is told in its address."""
        data = self.cleaned_data
        days = {name: data[name].isoformat() for name in ("starts_on", "ends_on", "effective_on") if data.get(name)}
        award = {} if data.get("award") is None else {"award": str(data["award"])}
        return {"kind": data["kind"], **award, **days}


class AskForm(forms.Form):
    mark_optional = False

    kind = forms.ChoiceField(
        label="What is it about?",
        choices=[
            (Kind.REPROFILE, "Spending the money at other times, or on other things"),
            (Kind.TERM, "The dates"),
            (Kind.TARGETS, "The targets"),
            (Kind.AWARD, "The amount"),
        ],
        widget=forms.RadioSelect(),
    )
    asked = forms.CharField(
        label="What would you like to change?",
        help_text="In your own words, with amounts and dates where you know them. Do not name anybody you support.",
        max_length=LONGEST_WISH,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Say what you would like to change."},
    )
    reason = forms.CharField(
        label="Why is it needed?",
        help_text="One or two sentences.",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why the change is needed."},
    )


class ReasonForm(forms.Form):
    mark_optional = False

    reason = forms.CharField(
        label="Why?",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why: the reason is kept with the variation."},
    )


def read_day(text: str | None) -> datetime.date | None:
    """A day of an address; None for none, and for what no page of ours wrote."""
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        return None


def today() -> datetime.date:
    return timezone.localdate()
