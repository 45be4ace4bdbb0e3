"""Words around a number that widen it: "nearly 40", "about £2m", "140+", "twelve or so"."""

from __future__ import annotations

import re
from decimal import Decimal

from evaluation.numbers.found import Span

ABOUT, NEARLY, BELOW, ABOVE, JUST_ABOVE = "about", "nearly", "below", "above", "just_above"
_BEFORE = re.compile(
    r"\b(?:(?P<just_above>just over|just above|a little over|slightly more than|slightly over)"
    r"|(?P<nearly>nearly|almost|close to|just under|just below|approaching|not quite|a little under|slightly under)"
    r"|(?P<above>(?:well )?over|more than|at least|no fewer than|not fewer than|no less than|in excess of"
    r"|upwards of|above|a minimum of|greater than)"
    r"|(?P<below>(?:well )?under|fewer than|less than|up to|at most|no more than|not more than|below|a maximum of"
    r"|as many as|as much as)"
    r"|(?P<about>about|around|approximately|approx\.?|roughly|some|circa|ca\.|c\.|in the region of|an estimated"
    r"|an average of|on average|estimated at))(?: the| a total of| an estimated)?\s*$"
    r"|(?P<sign>[~<>\u2248\u2264\u2265])\s*$"
)
AFTER = re.compile(
    r"(?P<above>\+|\s+or (?:more|over|above)\b|\s+plus\b|\s+and (?:over|above|more)\b)"
    r"|(?P<below>\s+or (?:fewer|less|under)\b|\s+at most\b)|(?P<about>\s+or so\b|-odd\b|\s+odd\b)"
)
_SIGNS = {"~": ABOUT, "\u2248": ABOUT, "<": BELOW, "\u2264": BELOW, ">": ABOVE, "\u2265": ABOVE}
# What stretches over time is not more than itself: "over two years", "under 25".
_SPELL = re.compile(r"[- ](?:year|month|week|day|hour|minute|quarter)s?\b")
_OVER_TIME = re.compile(r"\b(?:over|some)\s*$")
_SHARE_NEAR, _SHARE_BOUNDS = Decimal("2.5"), Decimal(5)
# How far from the number typed a hedged one may lie: what it most likely says, and what it can say at all.
_TENTH, _FIFTH, _SEVENTH, _TWENTIETH = Decimal("0.1"), Decimal("0.2"), Decimal("0.15"), Decimal("0.05")


def hedge_before(before: str, after: str) -> tuple[str, int]:
    """(The kind of hedge that ends a text, how many letters of it belong to the number); ("", 0) without one."""
    if _SPELL.match(after) and _OVER_TIME.search(before):
        return "", 0
    match = _BEFORE.search(before)
    if match is None:
        return "", 0
    kind = _SIGNS[match["sign"]] if match["sign"] else str(match.lastgroup)
    return kind, len(before) - match.start()


def spans_of(value: Decimal, unit: Decimal, hedge: str, *, is_share: bool) -> tuple[Span, Span]:
    """(What a number most likely says, what it can say at all), from what it was rounded to and the words around it."""
    half = _SHARE_NEAR if is_share else unit / 2
    size = abs(value)
    low, high = value - half, value + half
    if hedge == ABOUT:
        wide = max(half, _last_place(value) / 2, size * _TWENTIETH)
        wider = max(wide, size * _SEVENTH)
        return Span(value - wide, value + wide), Span(value - wider, value + wider)
    if hedge == NEARLY:
        return Span(min(value - size * _TENTH, low), high), Span(min(value - size * _FIFTH, low), high)
    if hedge == BELOW:
        return Span(min(value - size * _SEVENTH, low), high), Span(None, high)
    if hedge == ABOVE:
        return Span(low, max(value + size * _SEVENTH, high)), Span(low, None)
    if hedge == JUST_ABOVE:
        return Span(low, max(value + size * _TENTH, high)), Span(low, max(value + size * _FIFTH, high))
    if is_share:
        return Span(low, high), Span(value - _SHARE_BOUNDS, value + _SHARE_BOUNDS)
    # A round number may be rounded without saying so: 5,000 can be 4,962.
    loose = max(half, _last_place(value) / 2) if size >= 100 else half
    return Span(low, high), Span(value - loose, value + loose)


def _last_place(value: Decimal) -> Decimal:
    """The place of the last digit before trailing noughts: 10,000 for 80,000, 1 for 83."""
    if not value or value != value.to_integral_value():
        return Decimal(0)
    return max(Decimal(1), Decimal(1).scaleb(int(value.normalize().as_tuple().exponent)))
