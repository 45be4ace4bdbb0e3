"""A date typed in three boxes, kept exactly as typed until it can be read."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

PARTS = ("day", "month", "year")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class DatePartsInput(forms.MultiWidget):
    """Three boxes named `<name>-day`, `<name>-month` and `<name>-year`; the value is the typed text."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__([forms.TextInput(), forms.TextInput(), forms.TextInput()], attrs)
        self.widgets_names = [f"-{part}" for part in PARTS]

    def decompress(self, value: Any) -> list[str]:
        if isinstance(value, datetime.date):
            return [str(value.day), str(value.month), str(value.year)]
        return ["", "", ""]

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-day" if id_ else id_


class DatePartsField(forms.Field):
    """A `datetime.date` from three boxes. Months may be typed as numbers or names ("1", "Jan", "January")."""

    widget = DatePartsInput
    default_error_messages = {
        "required": "Enter a date, for example 15 1 2021.",
        "incomplete": "The date must include a %(missing)s.",
        "invalid": "Enter a real date, for example 15 1 2021.",
        "year": "The year must have four numbers, for example 2021.",
    }

    def to_python(self, value: Any) -> datetime.date | None:
        if isinstance(value, datetime.date):
            return value
        typed = [str(part or "").strip() for part in (value or ["", "", ""])]
        if not any(typed):
            return None
        missing = [name for name, part in zip(PARTS, typed, strict=True) if not part]
        if missing:
            raise ValidationError(
                self.error_messages["incomplete"],
                code="incomplete",
                params={"missing": " and ".join(missing)},
            )
        day, month, year = typed
        if not (year.isascii() and year.isdigit()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if len(year) != 4:
            raise ValidationError(self.error_messages["year"], code="year")
        try:
            return datetime.date(int(year), _month(month), int(day))
        except (ValueError, OverflowError):
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True


def _month(text: str) -> int:
    if text.isascii() and text.isdigit():
        return int(text)
    short = text.lower()[:3]
    if short in MONTHS and text.isalpha():
        return MONTHS.index(short) + 1
    raise ValueError(text)


def date_items(parts: Mapping[str, str], *, has_error: bool) -> list[dict[str, Any]]:
    """The three boxes as the date-input component's items, from the typed text of each part."""
    error = " govuk-input--error" if has_error else ""
    return [
        {
            "name": part,
            "label": part.capitalize(),
            "value": parts.get(part) or "",
            "classes": f"govuk-input--width-{4 if part == 'year' else 2}{error}",
            "inputmode": "text" if part == "month" else "numeric",
        }
        for part in PARTS
    ]
