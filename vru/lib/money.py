"""Money: whole pence, pounds sterling. Nothing here ever touches a float."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import ClassVar

MINUS = "\N{MINUS SIGN}"
PENCE_IN_A_POUND = 100
POUNDS_IN_A_MILLION = 1_000_000


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """An amount in pounds sterling, held as whole pence. May be negative (a credit note, a variance).

    Raises TypeError when built from anything but an int: pence are counted, not measured.
    """

    pence: int
    ZERO: ClassVar[Money]

    def __post_init__(self) -> None:
        if isinstance(self.pence, bool) or not isinstance(self.pence, int):
            raise TypeError(f"Money holds whole pence as an int, not {self.pence!r}. Use Money.from_pounds for pounds.")

    @classmethod
    def from_pounds(cls, pounds: Decimal | str | int) -> Money:
        """Money from pounds. Raises ValueError for a float, more than two decimals, or text that is no
        number."""
        if isinstance(pounds, bool | float):
            raise ValueError(f"{pounds!r} is not exact. Give pounds as text, a Decimal or a whole number.")
        try:
            amount = Decimal(pounds.strip() if isinstance(pounds, str) else pounds)
        except InvalidOperation:
            raise ValueError(f"{pounds!r} is not an amount in pounds. Write it like 1234.56.") from None
        if not amount.is_finite():
            raise ValueError(f"{pounds!r} is not an amount in pounds. Write it like 1234.56.")
        pence = amount * PENCE_IN_A_POUND
        if pence != pence.to_integral_value():
            raise ValueError(f"{pounds!r} has more than two decimals. Write pounds and pence, like 1234.56.")
        return cls(int(pence))

    @property
    def pounds(self) -> Decimal:
        """The amount in pounds, always with two decimals."""
        return Decimal(self.pence).scaleb(-2)

    def __add__(self, other: Money) -> Money:
        return Money(self.pence + other.pence) if isinstance(other, Money) else NotImplemented

    def __radd__(self, other: int) -> Money:
        # sum() starts from the integer 0; no other number may be added to money.
        return self if isinstance(other, int) and other == 0 else NotImplemented

    def __sub__(self, other: Money) -> Money:
        return Money(self.pence - other.pence) if isinstance(other, Money) else NotImplemented

    def __mul__(self, times: int) -> Money:
        if isinstance(times, bool) or not isinstance(times, int):
            return NotImplemented
        return Money(self.pence * times)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return Money(-self.pence)

    def __abs__(self) -> Money:
        return Money(abs(self.pence))

    def __str__(self) -> str:
        return self.exact()

    def exact(self) -> str:
        """Pounds and pence: "£1,234.56", "−£0.05"."""
        pounds, pence = divmod(abs(self.pence), PENCE_IN_A_POUND)
        return f"{self._sign}£{pounds:,}.{pence:02d}"

    def in_millions(self, places: int = 1) -> str:
        """Millions to a fixed number of places: "£19.7m". A rounded display; tables say so when parts then
        miss a total.

        Halves round away from zero: that is what readers and the published reports we compare with do, and it
        treats an underspend and an overspend of the same size alike. Rounding half to even would print £0.25m
        as £0.2m and £0.35m as £0.4m, which looks like a mistake.
        """
        return f"{_rounded_millions(self.pence, places)}m"

    def short(self) -> str:
        """For prose: "£1.4m" from a million up (".0" dropped), whole pounds below: "£568,000", "£950"."""
        whole = _half_up(Decimal(self.pence).scaleb(-2), 0)
        if abs(whole) < POUNDS_IN_A_MILLION:
            return f"{MINUS if whole < 0 else ''}£{abs(int(whole)):,}"
        return f"{_rounded_millions(self.pence, 1).removesuffix('.0')}m"

    def allocate(self, weights: Sequence[int]) -> list[Money]:
        """Parts in proportion to whole-number weights, in their order, adding up exactly. See split_pence."""
        return [Money(part) for part in split_pence(self.pence, weights)]

    def split_equally(self, parts: int) -> list[Money]:
        """The amount in so many parts that differ by a penny at most; the first ones carry the extra pennies.

        Raises ValueError when there are no parts.
        """
        if parts < 1:
            raise ValueError(f"Money cannot be split into {parts} parts. Give one part or more.")
        return self.allocate([1] * parts)

    @property
    def _sign(self) -> str:
        return MINUS if self.pence < 0 else ""


Money.ZERO = Money(0)


def split_pence(total: int, weights: Sequence[int]) -> list[int]:
    """Whole pence in proportion to weights by the largest remainder, adding up to the total exactly.

    Ties go to the lowest index, so that the same split always gives the same pennies to the same line. A
    negative total is split like its positive and negated. Raises ValueError for negative weights or when all
    are zero.
    """
    if any(isinstance(weight, bool) or not isinstance(weight, int) for weight in weights):
        raise ValueError("Weights must be whole numbers. Turn shares into whole numbers first, e.g. 12.5% into 125.")
    if any(weight < 0 for weight in weights):
        raise ValueError("Weights cannot be negative.")
    whole = sum(weights)
    if whole == 0:
        raise ValueError("At least one weight must be above zero: there is nowhere to put the money.")
    size = abs(total)
    parts = [size * weight // whole for weight in weights]
    remainders = [size * weight % whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: (-remainders[index], index))
    for index in by_remainder[: size - sum(parts)]:
        parts[index] += 1
    return parts if total >= 0 else [-part for part in parts]


def _half_up(amount: Decimal, places: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _rounded_millions(pence: int, places: int) -> str:
    millions = _half_up(Decimal(pence).scaleb(-8), places)
    return f"{MINUS if millions < 0 else ''}£{abs(millions):,.{places}f}"
