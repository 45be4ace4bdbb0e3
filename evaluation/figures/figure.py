"""One figure: a number with what it is, how well it is known and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from evaluation.figures.wording import spelled, two_digits
from vru.lib.bounded import Bounded, Precision
from vru.lib.money import MINUS, Money

GBP, PERCENT, PEOPLE, COUNT = "GBP", "percent", "people", "count"
COMPUTED, STATED = "computed", "stated"
MILLION, BILLION = 10**6, 10**9
OPTIONS = ("exact", "short", "words", "plain", "millions", "about", "basis")
NOT_APPLICABLE, NOT_RECEIVED, NOT_REPORTED, NOT_AVAILABLE = (
    "not applicable",
    "not received",
    "not reported",
    "not available",
)


@dataclass(frozen=True, slots=True)
class Figure:
    """Money is in pounds. ``value`` is None where nothing was received or a divisor is nought: missing is not zero.

    ``returns_received`` counts the approved returns that the figure rests on and ``returns_expected`` those due for
    the same slice; both are None for figures that do not come from returns.
    """

    key: str
    label: str
    value: Decimal | None
    unit: str
    low: Decimal | None = None
    high: Decimal | None = None
    precision: str = Precision.EXACT.value
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    returns_received: int | None = None
    returns_expected: int | None = None
    basis: str = COMPUTED
    sources: tuple[str, ...] = ()

    @property
    def has_value(self) -> bool:
        return self.value is not None or self.low is not None or self.high is not None

    @property
    def display(self) -> str:
        """As in prose: "£19.7m", "c.80,000", "3,884", "25.0%"; words where there is no number."""
        return self.shown("short")

    def shown(self, option: str) -> str:
        """The figure as text: short (as in prose), exact (every digit), words ("about 80,000", "twelve", "£1.4
        million"), plain (digits only), millions (to a tenth of one, "£1.4m"), about (the first two digits, "c.3,900"),
        basis ("from 141 of 150 returns").

        Raises ValueError for another option.
        """
        if option not in OPTIONS:
            raise ValueError(f'"{option}" is not a way to show a figure. Use one of {", ".join(OPTIONS)}.')
        if option == "basis":
            return self._rests_on
        if not self.has_value:
            return self._absence
        if option == "plain":
            return self._number(self.value if self.value is not None else self.low) or NOT_AVAILABLE
        if option == "exact":
            return self._write(self.value, exact=True) if self.value is not None else self._range(exact=True)
        least = MILLION / 20 if self.unit == GBP else MILLION
        if option == "millions" and self.value is not None and abs(self.value) >= least:
            return self._in_millions(self.value)
        if option == "about" and self.value is not None and self.precision in (Precision.EXACT, Precision.ROUNDED):
            return f"c.{self._write(two_digits(self.value), exact=self.unit == PERCENT)}"
        text = self._marked(in_words=option == "words")
        return spelled(text, is_money=self.unit == GBP) if option == "words" else text

    def as_json(self) -> dict[str, Any]:
        """The command line's contract: numbers as text, money in pounds and pence."""
        return {
            "key": self.key,
            "label": self.label,
            "value": self._number(self.value),
            "low": self._number(self.low),
            "high": self._number(self.high),
            "display": self.display,
            "unit": self.unit,
            "precision": self.precision,
            "numerator": self._number(self.numerator),
            "denominator": _trimmed(self.denominator),
            "returns_received": self.returns_received,
            "returns_expected": self.returns_expected,
            "basis": self.basis,
            "sources": list(self.sources),
        }

    @property
    def bounded(self) -> Bounded:
        """The value with its bounds, to reckon further with; only where ``has_value``."""
        return Bounded(self.value, self.low, self.high, Precision(self.precision))

    @property
    def _absence(self) -> str:
        if self.denominator == 0:
            return NOT_APPLICABLE
        if self.returns_received:
            return NOT_REPORTED
        return NOT_RECEIVED if self.returns_expected else NOT_AVAILABLE

    @property
    def _rests_on(self) -> str:
        """What it was made from, to follow the number in a sentence."""
        if self.returns_expected:
            return f"from {self.returns_received or 0:,} of {self.returns_expected:,} returns"
        if self.basis == STATED:
            return f"stated in {self.sources[0]}" if self.sources else "as stated"
        return "from the unit\N{RIGHT SINGLE QUOTATION MARK}s own records"

    def _in_millions(self, number: Decimal) -> str:
        """To a tenth of a million, with the mark of what is not exact."""
        mark = {Precision.ABOUT: "c.", Precision.AT_MOST: "up to "}.get(Precision(self.precision), "")
        more = "+" if self.precision == Precision.AT_LEAST else ""
        sign, size = MINUS if number < 0 else "", _to_places(abs(number) / MILLION, 1)
        text = f"£{size:,f}m" if self.unit == GBP else f"{size:,f} million"
        return f"{mark}{sign}{text}{more}"

    def _marked(self, *, in_words: bool) -> str:
        if self.precision == Precision.AT_LEAST and self.low is not None:
            return f"at least {self._write(self.low)}" if in_words else f"{self._write(self.low)}+"
        if self.precision == Precision.AT_MOST and self.high is not None:
            return f"up to {self._write(self.high)}"
        if self.value is None:
            return self._range()
        mark = ("about " if in_words else "c.") if self.precision == Precision.ABOUT else ""
        return f"{mark}{self._write(self.value)}"

    def _range(self, *, exact: bool = False) -> str:
        if self.low is None or self.high is None:
            bound = self.low if self.low is not None else self.high
            return self._write(bound, exact=exact) if bound is not None else self._absence
        return f"{self._write(self.low, exact=exact)} to {self._write(self.high, exact=exact)}"

    def _write(self, number: Decimal, *, exact: bool = False) -> str:
        if self.unit == GBP:
            return self._pounds(number, exact=exact)
        sign = MINUS if number < 0 else ""
        if self.unit == PERCENT:
            size = abs(number) if exact else _to_places(abs(number), 0 if self._width >= 1 else 1)
            return f"{sign}{_trimmed(size) if exact else f'{size:,}'}%"
        size = abs(number) if exact else _to_places(abs(number), 1)
        if size == size.to_integral_value():
            return f"{sign}{size.to_integral_value():,f}"
        return f"{sign}{size.normalize():,f}"

    def _pounds(self, number: Decimal, *, exact: bool) -> str:
        """Millions to one place, or to as many as a stated amount was printed with: £1.38m is not £1.4m."""
        money = Money(int(number.scaleb(2).to_integral_value(ROUND_HALF_UP)))
        if exact:
            return money.exact()
        if abs(number) >= BILLION:
            return f"{MINUS if number < 0 else ''}£{_trimmed(_to_places(abs(number) / BILLION, 1))}bn"
        if abs(number) < MILLION or not 0 < self._width < MILLION / 10:
            return money.short()
        return f"{money.in_millions(6 - self._width.adjusted()).removesuffix('m').rstrip('0').rstrip('.')}m"

    @property
    def _width(self) -> Decimal:
        """How far the bounds of a rounded number lie apart: as a rule one unit of its last printed digit."""
        if self.low is None or self.high is None or self.precision not in (Precision.ROUNDED, Precision.ABOUT):
            return Decimal(0)
        return self.high - self.low

    def _number(self, number: Decimal | None) -> str | None:
        if number is None or self.unit != GBP:
            return _trimmed(number)
        return f"{number:.2f}"


def _to_places(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _trimmed(number: Decimal | None) -> str | None:
    """Digits without exponent, and without noughts that only say how the database stores it."""
    if number is None:
        return None
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
