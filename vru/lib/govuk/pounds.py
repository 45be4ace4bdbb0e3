"""Money typed in one box: kept as typed until it can be read, then whole pence."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from vru.lib.money import Money
from vru.lib.numbers import NumberKind, NumberProblem, read_number


def read_pence(text: str) -> int:
    """Pence of a typed amount in pounds ("£1,234.56"). Raises NumberProblem for what is rounded or cannot be read."""
    value = read_number(text, kind=NumberKind.MONEY).value
    if value is None:
        raise NumberProblem("empty", "Enter an amount in pounds, like 1,234.56.")
    return Money.from_pounds(value).pence


def pounds_text(pence: int) -> str:
    """As it stands in a box: "1,234.56", without the sign and without needless pence."""
    pounds = Decimal(pence).scaleb(-2)
    return f"{pounds:,.0f}" if pence % 100 == 0 else f"{pounds:,.2f}"


class PoundsField(forms.CharField):
    """Whole pence from an amount typed in pounds. "£8.8m" is refused with the amount in full, never mangled."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return pounds_text(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return read_pence(text)
        except NumberProblem as problem:
            raise ValidationError(str(problem)) from None
