"""Filters that print money, years, dates and counts the same way on every page."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone

from vru.lib.govuk.statuses import colour, words
from vru.lib.money import MINUS, Money
from vru.lib.periods import FinancialYear

register = template.Library()
register.filter("status_colour", colour)
register.filter("status_words", words)


def _as_money(value: Any) -> Money | None:
    if value is None or value == "":
        return None
    return value if isinstance(value, Money) else Money(int(value))


@register.filter
def money(value: Any) -> str:
    """Pence (or Money) in full: 123456 → "£1,234.56". Nothing for None."""
    amount = _as_money(value)
    return "" if amount is None else amount.exact()


@register.filter
def money_short(value: Any) -> str:
    """Pence (or Money) for prose: 570000000 → "£5.7m". Nothing for None."""
    amount = _as_money(value)
    return "" if amount is None else amount.short()


@register.filter
def fy(value: Any) -> str:
    """A financial year by its first calendar year: 2020 → "2020-21"."""
    if value is None or value == "":
        return ""
    return str(value if isinstance(value, FinancialYear) else FinancialYear(int(value)))


@register.filter
def longdate(value: datetime.date | None) -> str:
    """A day as people write it: "15 January 2021". A moment is turned into London's day first."""
    if not value:
        return ""
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value.day} {value:%B %Y}"


@register.filter
def longtime(value: datetime.datetime | None) -> str:
    """A moment in London as people write it: "15 January 2021 at 2:05pm"."""
    if not value:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    half = "am" if local.hour < 12 else "pm"
    return f"{longdate(local)} at {local.hour % 12 or 12}:{local.minute:02d}{half}"


@register.filter
def people(value: Any) -> str:
    """A count with thousands separated: 15582 → "15,582". Nothing for None."""
    if value is None or value == "":
        return ""
    number = Decimal(str(value))
    return f"{number:,f}".rstrip("0").rstrip(".") if number != number.to_integral_value() else f"{int(number):,}"


@register.filter
def percentage(value: Any) -> str:
    """A signed share as read: −4.5%, with a minus and not a hyphen; "" for nothing."""
    return "" if value in (None, "") else f"{value}%".replace("-", MINUS)


@register.filter
def plural(count: Any, noun: str) -> str:
    """A count with its noun: `{{ 2|plural:"grant" }}` → "2 grants"; irregular: `"body,bodies"`."""
    one, _, many = noun.partition(",")
    return f"{people(count)} {one if count == 1 else many or one + 's'}"
