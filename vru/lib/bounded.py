"""Numbers that know how well they are known: "c.80,000", "140+", "nearly 40"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

from django.db import models


class Precision(models.TextChoices):
    EXACT = "exact", "exact"
    ABOUT = "about", "about"
    AT_LEAST = "at_least", "at least"
    AT_MOST = "at_most", "at most"
    ROUNDED = "rounded", "rounded"


# Bounds of a quotient are rounded outwards, so that the true quotient always lies between them.
_DOWN, _UP = Context(prec=28, rounding=ROUND_FLOOR), Context(prec=28, rounding=ROUND_CEILING)


@dataclass(frozen=True, slots=True)
class Bounded:
    """A number with the lowest and highest it can be. None for a bound means unbounded on that side.

    `value` is the number as stated, None where only bounds are known ("10 to 15"). All are Decimal.
    Raises ValueError when the bounds are out of order or the value lies outside them.
    """

    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    precision: Precision

    def __post_init__(self) -> None:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"The lower bound {self.low} is above the upper bound {self.high}.")
        if self.value is not None and not self.contains(self.value):
            raise ValueError(f"The value {self.value} lies outside its bounds {self.low} to {self.high}.")

    @classmethod
    def exact(cls, value: Decimal | int) -> Bounded:
        number = _decimal(value)
        return cls(number, number, number, Precision.EXACT)

    @classmethod
    def about(cls, value: Decimal | int, unit: Decimal | int | None = None) -> Bounded:
        """Within half a unit either way. Without a unit, the unit is read off the trailing zeros: c.80,000 is
        to the nearest 10,000; where there are none (c.83), one in the last place either way is allowed.
        """
        number = _decimal(value)
        half = (_decimal(unit) if unit is not None else _unit_as_written(number)) / 2
        return cls(number, number - half, number + half, Precision.ABOUT)

    @classmethod
    def rounded(cls, value: Decimal | int, unit: Decimal | int) -> Bounded:
        """A figure printed to the nearest unit: 8,800,000 in units of 100,000 is 8,750,000 to 8,850,000."""
        number, half = _decimal(value), _decimal(unit) / 2
        if half <= 0:
            raise ValueError(f"The rounding unit must be above zero, not {unit}.")
        return cls(number, number - half, number + half, Precision.ROUNDED)

    @classmethod
    def at_least(cls, value: Decimal | int) -> Bounded:
        number = _decimal(value)
        return cls(number, number, None, Precision.AT_LEAST)

    @classmethod
    def at_most(cls, value: Decimal | int, low: Decimal | int | None = None) -> Bounded:
        """Up to a number; give low=0 for what cannot be negative, such as people."""
        number = _decimal(value)
        return cls(number, None if low is None else _decimal(low), number, Precision.AT_MOST)

    @classmethod
    def between(cls, low: Decimal | int, high: Decimal | int) -> Bounded:
        """A range printed without a middle, "10 to 15"."""
        return cls(None, _decimal(low), _decimal(high), Precision.ABOUT)

    @property
    def is_exact(self) -> bool:
        return self.low is not None and self.low == self.high

    def contains(self, number: Decimal | int) -> bool:
        exact = _decimal(number)
        return (self.low is None or self.low <= exact) and (self.high is None or exact <= self.high)

    def overlaps(self, other: Bounded) -> bool:
        """Whether both can be the same number: if not, two statements of it contradict each other."""
        below = self.high is not None and other.low is not None and self.high < other.low
        above = self.low is not None and other.high is not None and self.low > other.high
        return not (below or above)

    def __add__(self, other: Bounded | Decimal | int) -> Bounded:
        right = _bounded(other)
        return _derived(
            _both(self.value, right.value, Decimal.__add__),
            _both(self.low, right.low, Decimal.__add__),
            _both(self.high, right.high, Decimal.__add__),
            self,
            right,
        )

    __radd__ = __add__

    def __neg__(self) -> Bounded:
        return self * -1

    def __sub__(self, other: Bounded | Decimal | int) -> Bounded:
        return self + -_bounded(other)

    def __rsub__(self, other: Decimal | int) -> Bounded:
        return _bounded(other) + -self

    def __mul__(self, times: Decimal | int) -> Bounded:
        factor = _decimal(times)
        if factor == 0:
            return Bounded.exact(0)
        low, high = (self.low, self.high) if factor > 0 else (self.high, self.low)
        return _derived(_times(self.value, factor), _times(low, factor), _times(high, factor), self)

    __rmul__ = __mul__

    def __truediv__(self, other: Bounded | Decimal | int) -> Bounded:
        """Quotient with its bounds. What a divisor near nought leaves open is unbounded."""
        right = _bounded(other)
        value = self.value / right.value if self.value is not None and right.value else None
        low, high = _quotient_bounds(self, right)
        return _derived(_clamp(value, low, high), low, high, self, right)

    def display(self, prefix: str = "", suffix: str = "") -> str:
        """The number with its mark: "c.80,000", "140+", "up to 40". Prefix and suffix (£, m, %) sit inside
        it.

        A lower bound shows the bound itself: "at least 140" plus "about 80,000" is only certain to reach
        75,140.
        """
        if self.precision is Precision.AT_LEAST and self.low is not None:
            return f"{_written(self.low, prefix, suffix)}+"
        if self.precision is Precision.AT_MOST and self.high is not None:
            return f"up to {_written(self.high, prefix, suffix)}"
        if self.value is None:
            return self._display_range(prefix, suffix)
        mark = "c." if self.precision is Precision.ABOUT else ""
        return f"{mark}{_written(self.value, prefix, suffix)}"

    def in_words(self, prefix: str = "", suffix: str = "") -> str:
        """For prose and screen readers: "about 80,000", "at least 140", "up to 40"."""
        text = self.display(prefix, suffix)
        if text.endswith("+"):
            return f"at least {text[:-1]}"
        return f"about {text[2:]}" if text.startswith("c.") else text

    def __str__(self) -> str:
        return self.display()

    def _display_range(self, prefix: str, suffix: str) -> str:
        if self.low is None or self.high is None:
            return "not known"
        return f"{_written(self.low, prefix, suffix)} to {_written(self.high, prefix, suffix)}"


def _decimal(value: Decimal | int) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        raise TypeError(f"Use a Decimal or a whole number, not {value!r}.")
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError(f"{value} is not a number that can be bounded.")
    return number


def _bounded(value: Bounded | Decimal | int) -> Bounded:
    return value if isinstance(value, Bounded) else Bounded.exact(value)


def _both(left: Decimal | None, right: Decimal | None, join: Callable[[Decimal, Decimal], Decimal]) -> Decimal | None:
    return None if left is None or right is None else join(left, right)


def _times(number: Decimal | None, factor: Decimal) -> Decimal | None:
    return None if number is None else number * factor


def _unit_as_written(number: Decimal) -> Decimal:
    """The place of the last digit before the trailing noughts; doubled where there are none."""
    if number == 0:
        return Decimal(2)
    place = Decimal(1).scaleb(int(number.normalize().as_tuple().exponent))
    return place if place > 1 else place * 2


def _quotient_bounds(top: Bounded, bottom: Bounded) -> tuple[Decimal | None, Decimal | None]:
    if bottom.high is not None and bottom.high < 0:
        return _quotient_bounds(-top, -bottom)
    if bottom.low is None or bottom.low < 0 or bottom.high == 0:
        return None, None
    low = high = None
    # A negative bound divided by the smallest divisor is the extreme; a positive one by the largest.
    if top.low is not None:
        low = _divide(top.low, bottom.high if top.low >= 0 else bottom.low, _DOWN)
    if top.high is not None:
        high = _divide(top.high, bottom.low if top.high >= 0 else bottom.high, _UP)
    return low, high


def _divide(top: Decimal, bottom: Decimal | None, rounding: Context) -> Decimal | None:
    if top == 0 and bottom != 0:
        return Decimal(0)
    if bottom is None:
        return Decimal(0)
    return None if bottom == 0 else rounding.divide(top, bottom)


def _clamp(value: Decimal | None, low: Decimal | None, high: Decimal | None) -> Decimal | None:
    if value is None:
        return None
    value = value if low is None else max(value, low)
    return value if high is None else min(value, high)


def _derived(value: Decimal | None, low: Decimal | None, high: Decimal | None, *parts: Bounded) -> Bounded:
    if low is not None and low == high:
        precision = Precision.EXACT
    elif low is not None and high is None:
        precision = Precision.AT_LEAST
    elif high is not None and low is None:
        precision = Precision.AT_MOST
    elif any(part.precision not in (Precision.EXACT, Precision.ROUNDED) for part in parts):
        # Up-to numbers stay up-to numbers when what is added to them is known exactly.
        marked = {part.precision for part in parts} - {Precision.EXACT}
        precision = Precision.AT_MOST if marked == {Precision.AT_MOST} and value == high else Precision.ABOUT
    else:
        precision = Precision.ROUNDED
    return Bounded(value, low, high, precision)


def _written(number: Decimal, prefix: str, suffix: str) -> str:
    sign = "\N{MINUS SIGN}" if number < 0 else ""
    # Trailing noughts of whole numbers may be in the exponent ("8E+4"); fixed-point formatting writes them
    # out.
    plain = abs(number)
    plain = plain.to_integral_value() if plain == plain.to_integral_value() else plain
    return f"{sign}{prefix}{plain:,f}{suffix}"
