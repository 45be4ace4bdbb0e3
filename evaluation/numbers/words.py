"""Numbers written in words: "twelve", "a hundred and five", "three and a half million", "two thirds", "one in four"."""

from __future__ import annotations

import re
from decimal import Decimal

UNITS = {
    word: value
    for value, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"), start=1)
}
TEENS = {
    word: value
    for value, word in enumerate(
        (
            *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen"),
            *("sixteen", "seventeen", "eighteen", "nineteen"),
        ),
        start=10,
    )
}
TENS = {
    word: value * 10
    for value, word in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=2
    )
}
SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
SHORT_SCALES = {"k": 1_000, "m": 1_000_000, "mn": 1_000_000, "bn": 1_000_000_000}
PARTS = {
    "half": 2,
    "halves": 2,
    "third": 3,
    "quarter": 4,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "hundredth": 100,
}
SMALL = UNITS | TEENS | TENS

_U, _T, _Y = "|".join(UNITS), "|".join(TEENS), "|".join(TENS)
BELOW_HUNDRED = rf"(?:(?:{_Y})(?:[- ](?:{_U}))?|{_T}|{_U})"
_BELOW_THOUSAND = rf"(?:(?:{BELOW_HUNDRED}|a) hundred(?: and {BELOW_HUNDRED})?|{BELOW_HUNDRED})"
_SCALED = rf"(?:{_BELOW_THOUSAND}|a)(?: and a (?:half|quarter))? (?:thousand|million|billion)"
CARDINAL = (
    rf"(?:{_SCALED}(?:,? (?:and )?{_SCALED})*(?:,? (?:and )?{_BELOW_THOUSAND})?"
    rf"|{_BELOW_THOUSAND} and a (?:half|quarter)|(?:half a|a|{BELOW_HUNDRED}) dozen|{_BELOW_THOUSAND})"
)
PART_NAMES = r"(?:half|halves|thirds?|quarters?|fourths?|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?)"


def read_cardinal(text: str) -> Decimal:
    """The number that words of the form ``CARDINAL`` say. Raises ValueError for others."""
    words = re.split(r"[-, ]+", text)
    if words[-1] == "dozen":
        return Decimal(6) if words[0] == "half" else 12 * (read_cardinal(" ".join(words[:-1])))
    total, group, added = Decimal(0), Decimal(0), Decimal(0)
    for place, word in enumerate(words):
        if word == "and":
            continue
        if word == "a":
            # "a hundred" is one hundred; "and a half" adds a part.
            group += 0 if words[place + 1 : place + 2] in (["half"], ["quarter"]) else 1
        elif word in ("half", "quarter"):
            added = Decimal("0.5") if word == "half" else Decimal("0.25")
        elif word in SMALL:
            group += SMALL[word]
        elif word == "hundred":
            group *= 100
        elif word in SCALES:
            total += (group + added) * SCALES[word]
            group = added = Decimal(0)
        else:
            raise ValueError(f'"{text}" is not a number in words.')
    return total + group + added


def read_part(many: str, name: str) -> Decimal:
    """Per cent: ("two", "thirds") is 66.67, ("three", "quarter") 75. ``many`` is a word, digits, "a" or nothing."""
    word = name if name in PARTS else name.removesuffix("s")
    return read_out_of(many or "a", str(PARTS[word]))


def read_out_of(part: str, whole: str) -> Decimal:
    """Per cent: ("three", "four") of "three in four". Raises ValueError for parts of nothing."""
    below = _small(whole)
    if not below:
        raise ValueError("Nothing has no parts.")
    return _small(part) * 100 / below


def _small(text: str) -> Decimal:
    if text in ("a", "an"):
        return Decimal(1)
    return Decimal(text) if text[:1].isdigit() else read_cardinal(text)
