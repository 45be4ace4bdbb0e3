"""Numbers and dates as people type them: read, or refused with a sentence, never guessed at.

Whole text only: "12 young people" is refused, not read as 12. What might mean two things ("1.169" people,
"0.25" per cent) is refused, because a number read wrongly travels as far as the printed report.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from vru.lib.bounded import Bounded


class NumberKind(StrEnum):
    PEOPLE = "people"
    MONEY = "money"
    PERCENT = "percent"
    DECIMAL = "decimal"


class NumberProblem(ValueError):
    """Why a text could not be read. `code` is for programs, `message` for the person who typed it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


MOST_CHARACTERS = 60
MOST_DIGITS = 15
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199

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
_NOTHING_SAID = frozenset(
    {
        "n/a",
        "na",
        "n.a.",
        "#n/a",
        "not applicable",
        "none",
        "nil",
        "not known",
        "unknown",
        "tbc",
        "tbd",
        "-",
        "--",
        "?",
    }
)
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
_PERIOD = re.compile(r"(19|20|21)\d\d\s*[-/]\s*(\d{2}|\d{4})", re.ASCII)
_TYPED_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{1,2}-\d{1,2}( [\d:]+)?", re.ASCII)
_SCIENTIFIC = re.compile(r"-?\d+(\.\d+)?e[+-]?\d+", re.ASCII | re.IGNORECASE)
_ARITHMETIC = re.compile(r"[\d\s.,£()%]+([+*/x×÷-][\d\s.,£()%]+)+", re.ASCII | re.IGNORECASE)
_MINUSES = dict.fromkeys(
    map(ord, "\N{MINUS SIGN}\N{EN DASH}\N{EM DASH}\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{SMALL HYPHEN-MINUS}"),
    "-",
)
# Invisible and harmless: zero-width spaces and joiners, byte-order mark, soft hyphen, direction marks.
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u061c")


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
    typed = _tidy(text)
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


def _tidy(text: str) -> str:
    """One line of plain characters: any script's digits as 0-9, any space as a space. Raises NumberProblem.

    Not Unicode's own compatibility folding, which would turn the footnote mark in "1,169²" into a digit.
    """
    if len(text) > MOST_CHARACTERS * 4:
        raise NumberProblem("too_long", f'"{_clip(text)}" is too long for a number. Enter the number alone.')
    out = []
    for character in text:
        category = unicodedata.category(character)
        if category == "Nd":
            out.append(str(unicodedata.decimal(character)))
        elif category == "Zs" or character in "\t\r\n":
            out.append(" ")
        elif "\uff01" <= character <= "\uff5e":
            out.append(chr(ord(character) - 0xFEE0))
        elif character == "\N{FULLWIDTH POUND SIGN}":
            out.append("£")
        elif category in ("Cc", "Cf", "Cs") and character not in _INVISIBLE:
            # Direction overrides among them: they show "21" where "12" is stored.
            raise NumberProblem("characters", "This has hidden characters in it. Clear it and retype it.")
        elif character not in _INVISIBLE:
            out.append(character)
    return re.sub(" +", " ", "".join(out)).strip().translate(_MINUSES)


def _refuse_what_is_no_number(typed: str, kind: NumberKind) -> None:
    """The refusals that deserve their own sentence, before any attempt at reading."""
    shown, example = _clip(typed), _EXAMPLES[kind]
    if not typed:
        raise NumberProblem("blank", "Enter a number. If there is nothing to report, enter 0.")
    if typed.lower() in _NOTHING_SAID:
        raise NumberProblem(
            "not_a_figure",
            f'"{shown}" is not a number. Enter 0 if there were none, or leave it blank if not known.',
        )
    if len(typed) > MOST_CHARACTERS:
        raise NumberProblem("too_long", f'"{shown}" is too long for a number. Enter the number alone.')
    if typed[0] in "=@+":
        raise NumberProblem("formula", f'"{shown}" begins with "{typed[0]}", as a formula does. Enter {example}.')
    if _PERIOD.fullmatch(typed):
        raise NumberProblem("period", f'"{shown}" is a period, not a number. Enter {example}.')
    if _TYPED_DATE.fullmatch(typed):
        raise NumberProblem("date", f'"{shown}" is a date, not a number. Enter {example}.')
    if _SCIENTIFIC.fullmatch(typed):
        raise NumberProblem("scientific", f'"{shown}" is in scientific notation. Write the number out in full.')


def _read_range(span: re.Match[str], kind: NumberKind, typed: str) -> Bounded:
    low, high = (_read_plain(span[side], kind, typed, False).value for side in ("low", "high"))
    if low >= high:
        raise NumberProblem("range", f'"{_clip(typed)}" is not a range: the first number is not below the second.')
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
        raise NumberProblem("negative", f'"{_clip(typed)}" would be fewer than no people. Enter {_EXAMPLES[kind]}.')
    return Bounded.at_most(plain.value - 1 if strictly else plain.value, low=0 if plain.value >= 0 else None)


def _read_plain(body: str, kind: NumberKind, typed: str, negative: bool) -> _Plain:
    match = _NUMBER.fullmatch(body)
    if match is None or (match["whole"] is None and match["part"] is None) or (match["sign"] and match["inner"]):
        raise _unreadable(body, kind, typed)
    _check_signs(match, kind, typed)
    whole = re.sub("[, ]", "", match["whole"] or "0")
    part = match["part"] or ""
    if len(whole.lstrip("0")) > MOST_DIGITS or len(part) > MOST_DIGITS:
        raise NumberProblem("too_large", f'"{_clip(typed)}" has too many digits. Check it and enter {_EXAMPLES[kind]}.')
    times = Decimal(_SCALES[match["scale"].lower()]) if match["scale"] else Decimal(1)
    unit = Decimal(1).scaleb(-len(part)) * times
    value = Decimal(f"{whole}.{part}" if part else whole) * times
    _check_decimals(value, part, kind, typed, scaled=bool(match["scale"]))
    if (match["sign"] or match["inner"]) and value:
        if not negative:
            raise NumberProblem("negative", f'"{_clip(typed)}" is negative. Enter 0 or more.')
        value = -value
    if kind is NumberKind.PERCENT and not match["percent"] and 0 < abs(value) <= 1:
        raise NumberProblem(
            "percent_or_fraction",
            f'"{_clip(typed)}" could mean {value}% or {(value * 100).normalize():f}%. Write it with the % sign.',
        )
    return _Plain(
        value.to_integral_value() if value == value.to_integral_value() else value, unit, bool(match["scale"])
    )


def _check_signs(match: re.Match[str], kind: NumberKind, typed: str) -> None:
    if match["percent"] and kind is not NumberKind.PERCENT:
        raise NumberProblem("percent", f'"{_clip(typed)}" is a percentage. Enter {_EXAMPLES[kind]}.')
    if match["pound"] and kind is not NumberKind.MONEY:
        raise NumberProblem("currency", f'"{_clip(typed)}" is an amount of money. Enter {_EXAMPLES[kind]}.')
    if match["scale"] and kind is NumberKind.PERCENT:
        raise _unreadable(typed, kind, typed)


def _check_decimals(value: Decimal, part: str, kind: NumberKind, typed: str, *, scaled: bool) -> None:
    if kind is NumberKind.PEOPLE:
        # A spreadsheet hands over 12 as "12.0"; "1.000" may be a thousand written the continental way.
        if value != value.to_integral_value() or (not scaled and len(part) > 2):
            raise NumberProblem(
                "not_whole",
                f'"{_clip(typed)}" is not a whole number of people. Write thousands with a comma, like 1,169.',
            )
    elif kind is NumberKind.MONEY and (
        value * 100 != (value * 100).to_integral_value() or (not scaled and len(part) > 2)
    ):
        raise NumberProblem(
            "decimals", f'"{_clip(typed)}" has more than two decimals. Enter pounds and pence, like 1,234.56.'
        )


def _unreadable(body: str, kind: NumberKind, typed: str) -> NumberProblem:
    """The most helpful sentence for text that is not a number."""
    shown, example = _clip(typed), _EXAMPLES[kind]
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


_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{2,4})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_IN_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)? ([a-z]+)\.?,? (\d{2,4})", re.ASCII | re.IGNORECASE)


def read_date(text: str) -> date:
    """A day as typed: "15/01/2021" (day first), "15 January 2021", "15 Jan 2021" or "2021-01-15".

    Raises NumberProblem for anything else; in particular a spreadsheet's serial number ("44197") and a
    two-figure year are refused, because both can be read as more than one day.
    """
    typed = _tidy(text)
    shown = _clip(typed)
    if not typed or typed.lower() in _NOTHING_SAID:
        raise NumberProblem("blank", "Enter a date, like 15 January 2021.")
    if re.fullmatch(r"\d{5}(\.\d+)?", typed, re.ASCII):
        raise NumberProblem(
            "serial_date",
            f'"{shown}" looks like a spreadsheet\'s day number. Format the cell as a date, or write 15 January 2021.',
        )
    if _PERIOD.fullmatch(typed) or re.fullmatch(r"\d{4}", typed, re.ASCII):
        raise NumberProblem("period", f'"{shown}" is a year, not a day. Enter a date, like 15 January 2021.')
    year, month, day = _date_parts(typed, shown)
    if len(year) != 4:
        raise NumberProblem(
            "short_year", f'"{shown}" has a year that is not four figures. Write it like 15 January 2021.'
        )
    if not EARLIEST_YEAR <= int(year) <= LATEST_YEAR:
        raise NumberProblem(
            "no_such_day", f'"{shown}" is outside the years {EARLIEST_YEAR} to {LATEST_YEAR}. Check the year.'
        )
    try:
        return date(int(year), month, int(day))
    except ValueError:
        raise NumberProblem(
            "no_such_day", f'"{shown}" does not exist. Dates are read day first: 31/01/2021 is 31 January.'
        ) from None


def _date_parts(typed: str, shown: str) -> tuple[str, int, str]:
    if match := _ISO.fullmatch(typed):
        return match[1], int(match[2]), match[3]
    if match := _SLASHED.fullmatch(typed):
        return match[3], int(match[2]), match[1]
    if match := _IN_WORDS.fullmatch(typed):
        named = match[2].lower()
        months = [number for number, name in enumerate(_MONTHS, 1) if len(named) >= 3 and name.startswith(named)]
        if named == "sept":
            months = [9]
        if len(months) == 1:
            return match[3], months[0], match[1]
    raise NumberProblem("not_a_date", f'"{shown}" is not a date. Enter it like 15 January 2021.')


def _clip(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
