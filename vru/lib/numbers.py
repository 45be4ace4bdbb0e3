"""Numbers as people type them: read, or refused with a sentence, never guessed at.

Whole text only: "12 young people" is refused, not read as 12. What might mean two things ("1.169" people,
"0.25" per cent) is refused, because a number read wrongly travels as far as the printed report.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from vru.lib.bounded import Bounded
from vru.lib.typed_text import NOTHING_SAID, PERIOD, TypedProblem, clip, tidy


class NumberKind(StrEnum):
    PEOPLE = "people"
    MONEY = "money"
    PERCENT = "percent"
    DECIMAL = "decimal"


class NumberProblem(TypedProblem):
    """Why a text could not be read as a number."""


MOST_CHARACTERS = 60
MOST_DIGITS = 15

_EXAMPLES = {
    NumberKind.PEOPLE: "a whole number, like 1,169",
    NumberKind.MONEY: "pounds and pence, like 1,234.56",
    NumberKind.PERCENT: "a percentage, like 25%",
    NumberKind.DECIMAL: "a number, like 12.5",
}
_SCALES = {
    "k": 1_000, "thousand": 1_000,
    "m": 1_000_000, "mn": 1_000_000, "million": 1_000_000,
    "b": 1_000_000_000, "bn": 1_000_000_000, "billion": 1_000_000_000,
}  # fmt: skip
_ABOUT = r"c\.|c|ca\.?|circa|about|around|approx\.?|approximately|roughly|some|~|≈"
_LEAST = r"at least|over|more than|minimum|min\.?|≥|>=|>"
_MOST = r"up to|at most|no more than|nearly|almost|under|below|fewer than|less than|maximum|max\.?|≤|<=|<"
_STRICTLY_BELOW = frozenset({"<", "under", "below", "fewer than", "less than"})

# Groups of three after commas or after spaces, never mixed; or plain digits.
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)"
_NUMBER = re.compile(
    rf"(?P<sign>-?)\s*(?P<pound>£?)\s*(?P<inner>-?)(?P<whole>{_DIGITS})?(?:\.(?P<part>\d+))?"
    r"\s*(?P<scale>k|thousand|mn?|million|bn?|billion)?\s*(?P<percent>%|per cent|percent)?",
    re.ASCII | re.IGNORECASE,
)
_MARKED = re.compile(
    rf"(?:(?P<about>{_ABOUT})|(?P<least>{_LEAST})|(?P<most>{_MOST}))\s*(?P<rest>[-£\d.].*)", re.IGNORECASE
)
_RANGE = re.compile(r"(?P<low>£?[\d.,]+%?)\s*(?:-|to)\s*(?P<high>£?[\d.,]+%?)", re.ASCII | re.IGNORECASE)
_TYPED_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{1,2}-\d{1,2}( [\d:]+)?", re.ASCII)
_SCIENTIFIC = re.compile(r"-?\d+(\.\d+)?e[+-]?\d+", re.ASCII | re.IGNORECASE)
_ARITHMETIC = re.compile(r"[\d\s.,£()%]+([+*/x×÷-][\d\s.,£()%]+)+", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Plain:
    """A number without its mark: value, the unit it was written to, whether scaled ("8.8m")."""

    value: Decimal
    unit: Decimal
    scaled: bool


def read_number(
    text: str, *, kind: NumberKind, approximate: bool = False, allow_negative: bool | None = None
) -> Bounded:
    """The number a person typed, with its bounds. Raises NumberProblem when it cannot be read for certain.

    People are whole and never negative. Money is in pounds with two decimals at most. A percentage comes back
    as typed, 25 for "25%"; without the sign, anything above 0 up to 1 is refused, because a spreadsheet
    stores 25% as 0.25 and nobody can tell which was meant. `approximate` admits "c.80,000", "140+", "<5",
    "£8.8m" and "10 to 15", for statements read out of documents; a return must give exact figures.
    `allow_negative` defaults to no for people and money, yes for percentages and decimals.
    """
    kind = NumberKind(kind)
    typed = _one_line(text)
    _refuse_what_is_no_number(typed, kind)
    marked = _MARKED.fullmatch(typed)
    plus = typed.endswith("+") and re.fullmatch(r"[£\d][^+]*\+", typed) is not None
    span = _RANGE.fullmatch(typed) if approximate else None
    if not approximate and (marked or plus):
        raise NumberProblem(
            "approximate",
            f'"{typed}" is not an exact figure. Enter the exact number; say in the notes if it is an estimate.',
        )
    negative = kind in (NumberKind.PERCENT, NumberKind.DECIMAL) if allow_negative is None else allow_negative
    if span:
        return _read_range(span, kind, typed)
    if marked:
        return _read_marked(marked, kind, typed)
    plain = _read_plain(typed[:-1].strip() if plus else typed, kind, typed, negative and kind is not NumberKind.PEOPLE)
    if plus:
        return Bounded.at_least(plain.value)
    if plain.scaled and not approximate:
        raise NumberProblem("scaled", f'"{typed}" is rounded. Write the amount in full, like {plain.value:,f}.')
    return Bounded.rounded(plain.value, plain.unit) if plain.scaled else Bounded.exact(plain.value)


def _one_line(text: str) -> str:
    if len(text) > MOST_CHARACTERS * 4:
        raise NumberProblem("too_long", f'"{clip(text)}" is too long for a number. Enter the number alone.')
    try:
        return tidy(text)
    except TypedProblem as problem:
        raise NumberProblem(problem.code, problem.message) from None


def _refuse_what_is_no_number(typed: str, kind: NumberKind) -> None:
    """The refusals that deserve their own sentence, before any attempt at reading."""
    shown, example = clip(typed), _EXAMPLES[kind]
    if not typed:
        raise NumberProblem("blank", "Enter a number. If there is nothing to report, enter 0.")
    if typed.lower() in NOTHING_SAID:
        raise NumberProblem(
            "not_a_figure",
            f'"{shown}" is not a number. Enter 0 if there were none, or leave it blank if not known.',
        )
    if len(typed) > MOST_CHARACTERS:
        raise NumberProblem("too_long", f'"{shown}" is too long for a number. Enter the number alone.')
    if typed[0] in "=@+":
        raise NumberProblem("formula", f'"{shown}" begins with "{typed[0]}", as a formula does. Enter {example}.')
    if PERIOD.fullmatch(typed):
        raise NumberProblem("period", f'"{shown}" is a period, not a number. Enter {example}.')
    if _TYPED_DATE.fullmatch(typed):
        raise NumberProblem("date", f'"{shown}" is a date, not a number. Enter {example}.')
    if _SCIENTIFIC.fullmatch(typed):
        raise NumberProblem("scientific", f'"{shown}" is in scientific notation. Write the number out in full.')


def _read_range(span: re.Match[str], kind: NumberKind, typed: str) -> Bounded:
    low, high = (_read_plain(span[side], kind, typed, False).value for side in ("low", "high"))
    if low >= high:
        raise NumberProblem("range", f'"{clip(typed)}" is not a range: the first number is not below the second.')
    return Bounded.between(low, high)


def _read_marked(marked: re.Match[str], kind: NumberKind, typed: str) -> Bounded:
    plain = _read_plain(marked["rest"].strip(), kind, typed, False)
    if marked["about"]:
        return Bounded.about(plain.value, plain.unit if plain.scaled else None)
    if marked["least"]:
        return Bounded.at_least(
            plain.value + 1 if marked["least"] == ">" and kind is NumberKind.PEOPLE else plain.value
        )
    # People come whole: fewer than 5 is 4 at most.
    strictly = kind is NumberKind.PEOPLE and marked["most"].lower() in _STRICTLY_BELOW
    if strictly and plain.value == 0:
        raise NumberProblem("negative", f'"{clip(typed)}" would be fewer than no people. Enter {_EXAMPLES[kind]}.')
    return Bounded.at_most(plain.value - 1 if strictly else plain.value, low=0 if plain.value >= 0 else None)


def _read_plain(body: str, kind: NumberKind, typed: str, negative: bool) -> _Plain:
    match = _NUMBER.fullmatch(body)
    if match is None or (match["whole"] is None and match["part"] is None) or (match["sign"] and match["inner"]):
        raise _unreadable(body, kind, typed)
    _check_signs(match, kind, typed)
    whole = re.sub("[, ]", "", match["whole"] or "0")
    part = match["part"] or ""
    if len(whole.lstrip("0")) > MOST_DIGITS or len(part) > MOST_DIGITS:
        raise NumberProblem("too_large", f'"{clip(typed)}" has too many digits. Check it and enter {_EXAMPLES[kind]}.')
    times = Decimal(_SCALES[match["scale"].lower()]) if match["scale"] else Decimal(1)
    unit = Decimal(1).scaleb(-len(part)) * times
    value = Decimal(f"{whole}.{part}" if part else whole) * times
    _check_decimals(value, part, kind, typed, scaled=bool(match["scale"]))
    if (match["sign"] or match["inner"]) and value:
        if not negative:
            raise NumberProblem("negative", f'"{clip(typed)}" is negative. Enter 0 or more.')
        value = -value
    if kind is NumberKind.PERCENT and not match["percent"] and 0 < abs(value) <= 1:
        raise NumberProblem(
            "percent_or_fraction",
            f'"{clip(typed)}" could mean {value}% or {(value * 100).normalize():f}%. Write it with the % sign.',
        )
    return _Plain(
        value.to_integral_value() if value == value.to_integral_value() else value, unit, bool(match["scale"])
    )


def _check_signs(match: re.Match[str], kind: NumberKind, typed: str) -> None:
    if match["percent"] and kind is not NumberKind.PERCENT:
        raise NumberProblem("percent", f'"{clip(typed)}" is a percentage. Enter {_EXAMPLES[kind]}.')
    if match["pound"] and kind is not NumberKind.MONEY:
        raise NumberProblem("currency", f'"{clip(typed)}" is an amount of money. Enter {_EXAMPLES[kind]}.')
    if match["scale"] and kind is NumberKind.PERCENT:
        raise _unreadable(typed, kind, typed)


def _check_decimals(value: Decimal, part: str, kind: NumberKind, typed: str, *, scaled: bool) -> None:
    if kind is NumberKind.PEOPLE:
        # A spreadsheet hands over 12 as "12.0"; "1.000" may be a thousand written the continental way.
        if value != value.to_integral_value() or (not scaled and len(part) > 2):
            raise NumberProblem(
                "not_whole",
                f'"{clip(typed)}" is not a whole number of people. Write thousands with a comma, like 1,169.',
            )
    elif kind is NumberKind.MONEY and (
        value * 100 != (value * 100).to_integral_value() or (not scaled and len(part) > 2)
    ):
        raise NumberProblem(
            "decimals", f'"{clip(typed)}" has more than two decimals. Enter pounds and pence, like 1,234.56.'
        )


def _unreadable(body: str, kind: NumberKind, typed: str) -> NumberProblem:
    """The most helpful sentence for text that is not a number."""
    shown, example = clip(typed), _EXAMPLES[kind]
    if re.search(r"[$€¥]|\b(usd|eur)\b", body, re.IGNORECASE):
        problem = "not in pounds" if kind is NumberKind.MONEY else "an amount of money"
        return NumberProblem("currency", f'"{shown}" is {problem}. Enter {example}.')
    if re.fullmatch(r"[-£\s]*[\d, ]+(\.\d*)?%?", body):
        return NumberProblem(
            "grouping",
            f'"{shown}" has a comma, space or point in an unusual place. Write thousands like 12,345.',
        )
    if re.fullmatch(r"[-£\s]*\d[\d,.]*%?", body):
        return NumberProblem("grouping", f'"{shown}" mixes commas and points in an unusual way. Enter {example}.')
    if re.fullmatch(r"£?[\d,.]+%?\s*(-|to)\s*£?[\d,.]+%?", body, re.IGNORECASE):
        return NumberProblem("range", f'"{shown}" is a range or a sum. Enter {example}.')
    if _ARITHMETIC.fullmatch(body):
        return NumberProblem("arithmetic", f'"{shown}" is a sum. Work it out and enter {example}.')
    if re.search(r"\d", body):
        return NumberProblem("words", f'"{shown}" has more than a number in it. Enter {example}.')
    return NumberProblem("not_a_number", f'"{shown}" is not a number. Enter {example}.')
