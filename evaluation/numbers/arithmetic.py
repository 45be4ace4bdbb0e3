"""Whether a sentence's own numbers agree with each other: "from 15,582 to 11,561, a fall of 26%"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from evaluation.numbers.found import Quantity, Typed
from evaluation.numbers.subjects import Words

# A share of so few says little, and would agree with anything.
LEAST = 10
# A percentage further from what two numbers give than this is about something else.
MOST_POINTS = 8
# In a long row of a table only the numbers next to it are its sentence.
MOST_OTHERS = 6


@dataclass(frozen=True, slots=True)
class Said:
    """A number of a sentence, typed or by a token, in reading order; ``shown`` is as printed."""

    start: int
    quantity: Quantity
    value: Decimal
    shown: str
    noun: Words = frozenset()


@dataclass(frozen=True, slots=True)
class Reckoned:
    agrees: bool
    why: str


def reckon(typed: Typed, sentence: Sequence[Said]) -> Reckoned | None:
    """What the other numbers of its sentence give for a number; None where they give nothing."""
    others = sorted(
        (each for each in sentence if each.start != typed.start), key=lambda each: abs(each.start - typed.start)
    )
    others = sorted(others[:MOST_OTHERS], key=lambda each: each.start)
    if typed.quantity is Quantity.PERCENT:
        return _percentage(typed, [each for each in others if each.quantity is not Quantity.PERCENT])
    if typed.direction:
        return _difference(typed, [each for each in others if each.quantity is typed.quantity])
    return None


def _percentage(typed: Typed, others: Sequence[Said]) -> Reckoned | None:
    pairs = [pair for pair in combinations(others, 2) if _comparable(*pair)]
    for first, second in pairs:
        for part, whole in ((second, first), (first, second)):
            share = part.value * 100 / whole.value
            if typed.direction and typed.near.meets(abs(share - 100), abs(share - 100)) and _falls(share, typed):
                return Reckoned(True, f"It is the change from {whole.shown} to {part.shown} in its own sentence.")
            if not typed.direction and share <= 100 and typed.near.meets(share, share):
                return Reckoned(True, f"It is the share of {part.shown} in {whole.shown} in its own sentence.")
    if len(pairs) == 1 and typed.direction and _count_the_same(*pairs[0]):
        before, after = _in_order(pairs[0], typed)
        wanted = abs(typed.value)
        change = after.value * 100 / before.value - 100
        if abs(abs(change) - wanted) <= MOST_POINTS:
            word = "fall" if change < 0 else "rise"
            why = f"In its own sentence, {before.shown} to {after.shown} is a {word} of {abs(change):.1f}%."
            return Reckoned(False, why)
    return None


def _difference(typed: Typed, others: Sequence[Said]) -> Reckoned | None:
    for first, second in combinations(others, 2):
        apart = abs(first.value - second.value)
        if apart and typed.near.meets(apart, apart):
            return Reckoned(True, f"It is the difference between {first.shown} and {second.shown} in its own sentence.")
    return None


def _comparable(first: Said, second: Said) -> bool:
    if first.quantity is not second.quantity or min(first.value, second.value) <= 0:
        return False
    return max(first.value, second.value) >= LEAST


def _count_the_same(first: Said, second: Said) -> bool:
    """Whether two numbers may be one fact at two times: "15,582 to 11,561 offences", not "12 grants in 15 boroughs"."""
    return not first.noun or not second.noun or bool(first.noun & second.noun)


def _falls(share: Decimal, typed: Typed) -> bool:
    return (share < 100) == (typed.direction < 0)


def _in_order(pair: tuple[Said, Said], typed: Typed) -> tuple[Said, Said]:
    """Before and after: as they are read, unless what was said to happen needs them the other way round."""
    first, second = pair
    return (first, second) if (second.value < first.value) == (typed.direction < 0) else (second, first)
