"""Comparing numbers that are known only within bounds."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from evaluation.rules.evidence import Value
from vru.lib.bounded import Bounded

HUNDRED = Decimal(100)


def agree(left: Bounded, right: Bounded) -> bool:
    """Whether both can state one number.

    Two rounded numbers whose ranges only touch cannot: a number half-way between is rounded one way, not both.
    """
    if not left.overlaps(right):
        return False
    touching = left.high == right.low or right.high == left.low
    return not touching or left.is_exact or right.is_exact


def total_of(values: Iterable[Value]) -> Bounded:
    return sum((value.bounded for value in values), start=Bounded.exact(0))


def percent_change(old: Bounded, new: Bounded) -> Bounded:
    """From old to new, in per cent. Reckoned as new ÷ old − 1, which keeps the bounds tight. No bounds where old may
    be nought.
    """
    return (new / old - 1) * HUNDRED


def share(part: Bounded, whole: Bounded) -> Bounded:
    return part / whole * HUNDRED


def gap(left: Bounded, right: Bounded) -> Decimal | None:
    """How far apart the two stated numbers are, left minus right; None where one has bounds only."""
    if left.value is None or right.value is None:
        return None
    return left.value - right.value


def fits_printed(number: Decimal, printed: Value) -> bool:
    """Whether the number, rounded as the printed one was, would have been printed so."""
    if printed.width is None or printed.bounded.value is None:
        return printed.bounded.contains(number)
    return abs(number - printed.bounded.value) <= printed.width / 2


def significant_digits(number: Decimal) -> int:
    """Digits that say something: 144,436 has six, 2,000 has one."""
    return len(number.normalize().as_tuple().digits) if number else 0


def is_round_form_of(round_number: Decimal, number: Decimal) -> bool:
    """Whether a number of one digit and noughts (1,000) is what another comes to when rounded so far. Tens do not
    count: 50 is as often meant exactly.
    """
    if significant_digits(round_number) != 1 or abs(round_number) < HUNDRED:
        return False
    unit = Decimal(1).scaleb(int(round_number.normalize().as_tuple().exponent))
    return abs(number - round_number) <= unit / 2
