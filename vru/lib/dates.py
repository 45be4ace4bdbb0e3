"""Days as people type them and as spreadsheets store them: read for certain, or refused with a sentence."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from vru.lib.typed_text import NOTHING_SAID, PERIOD, TypedProblem, clip, tidy


class DateProblem(TypedProblem):
    """Why a text could not be read as a day."""


MOST_CHARACTERS = 60
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199
_NEVER_WAS = 60
_MOST_DAYS = 200_000
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{2,4})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_IN_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)? ([a-z]+)\.?,? (\d{2,4})", re.ASCII | re.IGNORECASE)


def read_date(text: str) -> date:
    """A day as typed: "15/01/2021" (day first), "15 January 2021", "15 Jan 2021" or "2021-01-15".

    Raises DateProblem for anything else; in particular a spreadsheet's serial number ("44197") and a
    two-figure year are refused, because both can be read as more than one day.
    """
    typed = _one_line(text)
    shown = clip(typed)
    if not typed or typed.lower() in NOTHING_SAID:
        raise DateProblem("blank", "Enter a date, like 15 January 2021.")
    if re.fullmatch(r"\d{5}(\.\d+)?", typed, re.ASCII):
        raise DateProblem(
            "serial_date",
            f'"{shown}" looks like a spreadsheet\'s day number. Format the cell as a date, or write 15 January 2021.',
        )
    if PERIOD.fullmatch(typed) or re.fullmatch(r"\d{4}", typed, re.ASCII):
        raise DateProblem("period", f'"{shown}" is a year, not a day. Enter a date, like 15 January 2021.')
    year, month, day = _date_parts(typed, shown)
    if len(year) != 4:
        raise DateProblem(
            "short_year", f'"{shown}" has a year that is not four figures. Write it like 15 January 2021.'
        )
    if not EARLIEST_YEAR <= int(year) <= LATEST_YEAR:
        raise DateProblem(
            "no_such_day", f'"{shown}" is outside the years {EARLIEST_YEAR} to {LATEST_YEAR}. Check the year.'
        )
    try:
        return date(int(year), month, int(day))
    except ValueError:
        raise DateProblem(
            "no_such_day", f'"{shown}" does not exist. Dates are read day first: 31/01/2021 is 31 January.'
        ) from None


def read_serial_date(serial: float | Decimal, *, from_1904: bool = False) -> date:
    """The day of a spreadsheet's day number, as a date cell stores it: 44197 is 1 January 2021.

    `from_1904` is for workbooks that count from 1904. Only for a cell whose format says that it is a date: the same
    number typed into a box is refused. Raises DateProblem for a time of day, and for days no calendar has.
    """
    number = Decimal(str(serial))
    if not number.is_finite() or number != number.to_integral_value():
        raise DateProblem("not_a_day", f'"{clip(str(serial))}" is not a whole day. Enter the date without a time.')
    if not from_1904 and number == _NEVER_WAS:
        raise DateProblem("no_such_day", "29 February 1900 does not exist: spreadsheets count a day that never was.")
    days = int(number) if abs(number) <= _MOST_DAYS else 0
    # Spreadsheets count 29 February 1900, which makes every number after it one too high.
    start = date(1904, 1, 1) if from_1904 else date(1899, 12, 31) if days < _NEVER_WAS else date(1899, 12, 30)
    lowest = 0 if from_1904 else 1
    if days != number or days < lowest or (start + timedelta(days=days)).year > LATEST_YEAR:
        raise DateProblem(
            "no_such_day", f'"{clip(str(serial))}" is no day between {EARLIEST_YEAR} and {LATEST_YEAR}. Check the cell.'
        )
    return start + timedelta(days=days)


def _one_line(text: str) -> str:
    if len(text) > MOST_CHARACTERS * 4:
        raise DateProblem("too_long", f'"{clip(text)}" is too long for a date. Enter it like 15 January 2021.')
    try:
        return tidy(text)
    except TypedProblem as problem:
        raise DateProblem(problem.code, problem.message) from None


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
    raise DateProblem("not_a_date", f'"{shown}" is not a date. Enter it like 15 January 2021.')
