"""An amount of money typed in one box, kept exactly as typed until it can be read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from vru.lib.money import Money
from vru.lib.numbers import NumberKind, NumberProblem, read_number


def pounds_text(pence: int) -> str:
    """As it stands in a box: "1,234.56", without the sign and without needless pence."""
    pounds = Money(pence).pounds
    return f"{pounds:,.0f}" if pence % 100 == 0 else f"{pounds:,}"


class PoundsInput(forms.TextInput):
    """A box with a pound sign before it and a number keypad on a phone."""


class PoundsField(forms.Field):
    """Whole pence from pounds as people type them: "1,234.56", "£1234". Rounded amounts ("8.8m") are refused.

    ``allow_negative`` admits money that goes the other way. A value given from code is in pence.
    """

    widget = PoundsInput
    default_error_messages = {"required": "Enter an amount in pounds and pence, like 1,234.56."}

    def __init__(self, *, allow_negative: bool = False, **options: Any) -> None:
        self.allow_negative = allow_negative
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return pounds_text(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        if value is None or isinstance(value, int):
            return value
        typed = str(value).strip()
        if not typed:
            return None
        try:
            pounds = read_number(typed, kind=NumberKind.MONEY, allow_negative=self.allow_negative).value
        except NumberProblem as problem:
            raise ValidationError(problem.message, code=problem.code) from problem
        return Money.from_pounds(pounds).pence if pounds is not None else None
