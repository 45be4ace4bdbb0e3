"""Numbers as words, for sentences that read better with them."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

SMALL = (
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_WHOLE = re.compile(r"(?<![\d.,£])\d{1,2}(?![\d.,%+])")
_SCALED = re.compile(r"(£[\d.,]+)(m|bn)\b")
_SCALES = {"m": "million", "bn": "billion"}


def spelled(text: str, *, is_money: bool) -> str:
    """A figure's text with words in it: "£1.4 million", "twelve", "at least four". Above twenty digits stay."""
    if is_money:
        return _SCALED.sub(lambda match: f"{match[1]} {_SCALES[match[2]]}", text)
    return _WHOLE.sub(lambda match: SMALL[int(match[0])] if int(match[0]) < len(SMALL) else match[0], text)


def two_digits(number: Decimal) -> Decimal:
    """Rounded to the two digits that count most: 3,884 is 3,900. A number below a hundred keeps its whole part."""
    if abs(number) < 100:
        return number.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    places = number.adjusted() - 1
    return number.scaleb(-places).quantize(Decimal(1), rounding=ROUND_HALF_UP).scaleb(places)
