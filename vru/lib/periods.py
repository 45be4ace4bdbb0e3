"""Financial years, quarters and calendar years.

A financial year runs from 1 April to 31 March and is written 2020-21. Police statistics come by calendar
year. The two are never compared silently: ordering or equating a FinancialYear with a CalendarYear raises
TypeError. Time is London's. A datetime with a zone is turned into London's day before it is placed in a
period.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from holidays import country_holidays

from vru.lib.typed_text import clip

LONDON = ZoneInfo("Europe/London")
FIRST_MONTH = 4
# Keeps mistyped years ("0202-03") out and dates within what both databases store.
EARLIEST, LATEST = 1900, 2199
SATURDAY = 5

_YEAR = re.compile(r"(\d{4})\s*[-/\N{EN DASH}]\s*(\d{4}|\d{2})", re.ASCII)
# Longer texts are no periods; refusing them first keeps the pattern from being made to work hard.
MOST_CHARACTERS = 40
_QUARTER = re.compile(r"(.+?)\s*Q([1-4])", re.ASCII | re.IGNORECASE)
_MONTH = re.compile(r"(.+?)\s*M(\d{2})", re.ASCII | re.IGNORECASE)
MONTHS_IN_YEAR = 12


class PeriodError(ValueError):
    """A period that cannot be read or cannot exist. The message is a sentence for the person who typed it."""


@dataclass(frozen=True, slots=True)
class Period:
    """Any stretch of days, both ends included. Raises PeriodError when it ends before it starts."""

    starts_on: date
    ends_on: date

    def __post_init__(self) -> None:
        if self.ends_on < self.starts_on:
            raise PeriodError(f"A period cannot end ({self.ends_on}) before it starts ({self.starts_on}).")

    def __str__(self) -> str:
        return f"{long_date(self.starts_on)} to {long_date(self.ends_on)}"

    def contains(self, day: date) -> bool:
        return self.starts_on <= london_day(day) <= self.ends_on

    def overlaps(self, other: Period | FinancialYear | CalendarYear | Quarter) -> bool:
        return self.starts_on <= other.ends_on and other.starts_on <= self.ends_on

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1


class _Spell:
    """What every named period shares: it has a first and a last day."""

    __slots__ = ()
    starts_on: date
    ends_on: date

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on)

    def contains(self, day: date) -> bool:
        return self.period.contains(day)

    def overlaps(self, other: Period | FinancialYear | CalendarYear | Quarter) -> bool:
        return self.period.overlaps(other)


@dataclass(frozen=True, order=True, eq=True)
class FinancialYear(_Spell):
    """The year from 1 April of `start` to 31 March after it. Raises PeriodError outside 1900 to 2199."""

    start: int

    def __post_init__(self) -> None:
        _check_year(self.start)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, CalendarYear):
            raise _mixed_kinds(self, other)
        return self.start == other.start if isinstance(other, FinancialYear) else NotImplemented

    def __hash__(self) -> int:
        # The kind is part of the hash: a dictionary keyed by both kinds then never has to equate them.
        return hash(("financial year", self.start))

    def __str__(self) -> str:
        return f"{self.start}-{(self.start + 1) % 100:02d}"

    @classmethod
    def parse(cls, text: str) -> FinancialYear:
        """Read "2020-21", "2020/21" or "2020-2021". Raises PeriodError, saying what to type instead."""
        typed = text.strip()
        match = _YEAR.fullmatch(typed)
        if match is None:
            if re.fullmatch(r"\d{4}", typed, re.ASCII):
                raise PeriodError(
                    f'"{typed}" could be a calendar year or a financial year. '
                    f'Write the financial year as "{_suggest(int(typed))}".'
                )
            raise PeriodError(f'"{clip(typed)}" is not a financial year. Write it like "2020-21".')
        start, end = int(match[1]), match[2]
        expected = str(start + 1)
        if end not in (expected, expected[-2:]):
            raise PeriodError(
                f'"{typed}" is not one financial year: the year that starts in {start} is "{_suggest(start)}".'
            )
        return cls(start)

    @classmethod
    def of(cls, day: date) -> FinancialYear:
        """The financial year a day falls in."""
        day = london_day(day)
        return cls(day.year if day.month >= FIRST_MONTH else day.year - 1)

    @property
    def starts_on(self) -> date:  # type: ignore[override]
        return date(self.start, FIRST_MONTH, 1)

    @property
    def ends_on(self) -> date:  # type: ignore[override]
        return date(self.start + 1, FIRST_MONTH - 1, 31)

    def quarters(self) -> tuple[Quarter, Quarter, Quarter, Quarter]:
        return Quarter(self.start, 1), Quarter(self.start, 2), Quarter(self.start, 3), Quarter(self.start, 4)

    def next(self) -> FinancialYear:
        return FinancialYear(self.start + 1)

    def previous(self) -> FinancialYear:
        return FinancialYear(self.start - 1)


@dataclass(frozen=True, order=True, eq=True)
class CalendarYear(_Spell):
    """1 January to 31 December, as police statistics have it. Raises PeriodError outside 1900 to 2199."""

    year: int

    def __post_init__(self) -> None:
        _check_year(self.year)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, FinancialYear):
            raise _mixed_kinds(self, other)
        return self.year == other.year if isinstance(other, CalendarYear) else NotImplemented

    def __hash__(self) -> int:
        return hash(("calendar year", self.year))

    def __str__(self) -> str:
        return str(self.year)

    @classmethod
    def of(cls, day: date) -> CalendarYear:
        return cls(london_day(day).year)

    @property
    def starts_on(self) -> date:  # type: ignore[override]
        return date(self.year, 1, 1)

    @property
    def ends_on(self) -> date:  # type: ignore[override]
        return date(self.year, 12, 31)

    def next(self) -> CalendarYear:
        return CalendarYear(self.year + 1)

    def previous(self) -> CalendarYear:
        return CalendarYear(self.year - 1)


@dataclass(frozen=True, order=True)
class Quarter(_Spell):
    """Quarter 1 (April to June) to 4 (January to March) of the financial year that starts in `year`.

    Raises PeriodError for any other number.
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        _check_year(self.year)
        if self.number not in (1, 2, 3, 4):
            raise PeriodError(f"There is no quarter {self.number}. Quarters are numbered 1 to 4.")

    def __str__(self) -> str:
        return f"{self.financial_year} Q{self.number}"

    @property
    def key(self) -> str:
        """As in figure keys and file names: "2020-21Q1"."""
        return f"{self.financial_year}Q{self.number}"

    @property
    def financial_year(self) -> FinancialYear:
        return FinancialYear(self.year)

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read "2020-21 Q1" or "2020-21Q1". Raises PeriodError, saying what to type instead."""
        match = _QUARTER.fullmatch(text.strip()) if len(text) <= MOST_CHARACTERS else None
        if match is None:
            raise PeriodError(f'"{clip(text.strip())}" is not a quarter. Write it like "2020-21 Q1".')
        return cls(FinancialYear.parse(match[1]).start, int(match[2]))

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter a day falls in."""
        day = london_day(day)
        return cls(FinancialYear.of(day).start, (day.month - FIRST_MONTH) % 12 // 3 + 1)

    @property
    def starts_on(self) -> date:  # type: ignore[override]
        month = (FIRST_MONTH - 1 + 3 * (self.number - 1)) % 12 + 1
        return date(self.year + (month < FIRST_MONTH), month, 1)

    @property
    def ends_on(self) -> date:  # type: ignore[override]
        return self.next().starts_on - timedelta(days=1)

    def next(self) -> Quarter:
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)

    def previous(self) -> Quarter:
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    def due_on(self, days: int = 15, holidays: Container[date] | None = None) -> date:
        """So many days after the quarter's last day, moved on to the next working day.

        `holidays` are days nobody works besides weekends; left out, the English bank holidays are used.
        """
        return next_working_day(self.ends_on + timedelta(days=days), holidays)


@dataclass(frozen=True, order=True)
class Month(_Spell):
    """Month 1 (April) to 12 (March) of the financial year that starts in `year`. Raises PeriodError for any other."""

    year: int
    number: int

    def __post_init__(self) -> None:
        _check_year(self.year)
        if not 1 <= self.number <= MONTHS_IN_YEAR:
            raise PeriodError(f"There is no month {self.number}. Months are numbered 1 (April) to 12 (March).")

    def __str__(self) -> str:
        return f"{self.starts_on:%B %Y}"

    @property
    def key(self) -> str:
        """As in figure keys: "2020-21M01" is April 2020."""
        return f"{FinancialYear(self.year)}M{self.number:02d}"

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read "2020-21M07" or "2020-21 M07". Raises PeriodError, saying what to type instead."""
        match = _MONTH.fullmatch(text.strip()) if len(text) <= MOST_CHARACTERS else None
        if match is None:
            raise PeriodError(f'"{clip(text.strip())}" is not a month. Write April 2020 like "2020-21M01".')
        return cls(FinancialYear.parse(match[1]).start, int(match[2]))

    @classmethod
    def of(cls, day: date) -> Month:
        """The month a day falls in."""
        day = london_day(day)
        return cls(FinancialYear.of(day).start, (day.month - FIRST_MONTH) % MONTHS_IN_YEAR + 1)

    @property
    def starts_on(self) -> date:  # type: ignore[override]
        month = (FIRST_MONTH - 1 + self.number - 1) % MONTHS_IN_YEAR + 1
        return date(self.year + (month < FIRST_MONTH), month, 1)

    @property
    def ends_on(self) -> date:  # type: ignore[override]
        return (self.starts_on + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def next_working_day(day: date, holidays: Container[date] | None = None) -> date:
    """The day itself, or the first one after it that is neither at a weekend nor a holiday.

    `holidays` are days nobody works besides weekends; left out, the English bank holidays are used.
    """
    closed = english_bank_holidays() if holidays is None else holidays
    while day.weekday() >= SATURDAY or day in closed:
        day += timedelta(days=1)
    return day


@lru_cache(maxsize=1)
def english_bank_holidays() -> Container[date]:
    """The bank holidays of England, worked out year by year as they are asked for."""
    calendar: Container[date] = country_holidays("GB", subdiv="ENG")
    return calendar


def london_day(moment: date) -> date:
    """The day in London: aware datetimes are converted, dates and naive datetimes taken as they stand."""
    if isinstance(moment, datetime):
        return (moment.astimezone(LONDON) if moment.tzinfo else moment).date()
    return moment


def due_at(day: date) -> datetime:
    """The last microsecond of a day in London: what is due on a day is late only once the day is over."""
    return datetime.combine(day, time.max, tzinfo=LONDON)


def _check_year(year: int) -> None:
    if not EARLIEST <= year <= LATEST:
        raise PeriodError(f"The year {year} is outside {EARLIEST} to {LATEST}.")


def _mixed_kinds(left: object, right: object) -> TypeError:
    return TypeError(
        f"A calendar year and a financial year cannot be compared: {left} and {right} cover different days."
    )


def _suggest(start: int) -> str:
    return f"{start}-{(start + 1) % 100:02d}"


def long_date(day: date) -> str:
    """15 January 2021."""
    return f"{day.day} {day:%B %Y}"
