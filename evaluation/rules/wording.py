"""Numbers in the rules' sentences: as people read them, and never rounded so far that a difference disappears."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from evaluation.rules.evidence import MONEY, PERCENT, Value
from vru.lib.bounded import Precision

MINUS = "\N{MINUS SIGN}"
MILLION, BILLION = Decimal(1_000_000), Decimal(1_000_000_000)


def amount(number: Decimal, quantity: str, *, unit: Decimal | None = None) -> str:
    """ "£19.7m", "−25.8%", "220,266". ``unit`` is the place to round to; without it every digit that matters shows."""
    if quantity == MONEY:
        return _money(number, unit)
    if quantity == PERCENT:
        return f"{_plain(number, unit, most=4)}%"
    return _plain(number, unit, most=2)


def as_stated(value: Value) -> str:
    """A value in a sentence, in the form it was printed in: "£8.0m" for 8.0 in millions, "140+", "c.80,000"."""
    if value.bounded.precision is Precision.ROUNDED and value.width:
        return amount(value.number, value.quantity, unit=value.width)
    if value.bounded.value is None and value.bounded.low is not None and value.bounded.high is not None:
        return f"{amount(value.bounded.low, value.quantity)} to {amount(value.bounded.high, value.quantity)}"
    text = amount(value.number, value.quantity)
    marks = {
        Precision.ABOUT: f"about {text}",
        Precision.AT_LEAST: f"at least {text}",
        Precision.AT_MOST: f"at most {text}",
    }
    return marks.get(value.bounded.precision, text)


def sum_text(values: Iterable[Value]) -> str:
    return " + ".join(as_stated(value) for value in values)


def joined(parts: Iterable[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    items = list(parts)
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


def told_at(value: Value) -> str:
    return f"{value.document} ({value.place})"


def apart_text(apart: Decimal, *values: Value) -> str:
    """How far two numbers are apart: "£0.2m", "20", "0.8 points"."""
    units = [value.width for value in values if value.is_rounded and value.width]
    quantity = values[0].quantity
    if quantity != PERCENT:
        unit = min(units, default=None)
        return amount(apart, quantity, unit=unit if unit is not None and apart >= unit else None)
    number = _plain(apart, min([*units, Decimal("0.1")]), most=4)
    number = number.rstrip("0").rstrip(".") if "." in number else number
    return f"{number} point" if number == "1" else f"{number} points"


def unit_word(value: Value) -> str:
    return value.unit.replace("_", " ")


def pence(number: int) -> str:
    """Exact pounds and pence, for the ledger."""
    sign = MINUS if number < 0 else ""
    pounds, rest = divmod(abs(number), 100)
    return f"{sign}£{pounds:,}.{rest:02d}" if rest else f"{sign}£{pounds:,}"


def _money(number: Decimal, unit: Decimal | None) -> str:
    sign, size = (MINUS if number < 0 else ""), abs(number)
    for scale, letter in ((BILLION, "bn"), (MILLION, "m")):
        # A gap of £100,000 between amounts in millions reads best in millions; so does anything above a million.
        if size >= scale or (letter == "m" and size >= scale / 20 and size % 10_000 == 0 and unit is not None):
            scaled_unit = unit / scale if unit is not None else None
            return f"{sign}£{_plain(size / scale, scaled_unit, most=3)}{letter}"
    return f"{sign}£{_plain(size, None, most=2)}"


def _plain(number: Decimal, unit: Decimal | None, *, most: int) -> str:
    """Digits with thousands separated; as many places as the unit has, else no more than ``most``, noughts dropped."""
    sign, size = (MINUS if number < 0 else ""), abs(number)
    if unit is not None:
        wanted = min(most, max(0, -int(unit.normalize().as_tuple().exponent)))
        return f"{sign}{size.quantize(Decimal(1).scaleb(-wanted), rounding=ROUND_HALF_UP):,f}"
    text = f"{size.quantize(Decimal(1).scaleb(-most), rounding=ROUND_HALF_UP):,f}"
    return f"{sign}{text.rstrip('0').rstrip('.') if '.' in text else text}"
