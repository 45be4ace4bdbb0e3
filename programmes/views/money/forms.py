"""What the forms about money share."""

from __future__ import annotations

import datetime
from abc import ABCMeta, abstractmethod
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.forms import DeclarativeFieldsMetaclass
from django.utils import timezone

from programmes.actions.money_rules import LONGEST_REASON
from programmes.models import Allocation
from vru.accounts.models import User
from vru.lib.govuk.dates import DatePartsField
from vru.lib.periods import FinancialYear

YEARS_AHEAD = 5


class _Abstract(DeclarativeFieldsMetaclass, ABCMeta):
    """A form whose subclasses must say how they are saved."""


class MoneyForm(forms.Form, metaclass=_Abstract):
    @abstractmethod
    def save(self, by: User) -> None:
        """Call the form's action with what was typed. Raises what the action raises."""


class PastDateField(DatePartsField):
    """A day on which something happened, so not a later one than today."""

    def clean(self, value: Any) -> Any:
        day: datetime.date | None = super().clean(value)
        if day is not None and day > timezone.localdate():
            raise ValidationError("Choose today or an earlier day: this has happened already.", code="future")
        return day


def reason_field(label: str, missing: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text="One or two sentences, kept with the change.",
        max_length=LONGEST_REASON,
        error_messages={"required": missing},
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def year_choices() -> list[tuple[int, str]]:
    """From the first year with money to a few years ahead."""
    now = FinancialYear.of(timezone.localdate()).start
    first = Allocation.objects.order_by("year").values_list("year", flat=True).first()
    return [(year, str(FinancialYear(year))) for year in range(min(first or now, now - 1), now + YEARS_AHEAD + 1)]


def year_field() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label="Financial year", choices=year_choices, coerce=int)
