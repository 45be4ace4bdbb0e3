"""The time that a report is about, and what "this period" means for a figure that comes by quarter or by month."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from evaluation.figures.family import Family, RolledFamily
from evaluation.figures.key import AND, MONTH, UNTIL
from evaluation.figures.rollup import QUARTER
from vru.lib.periods import FinancialYear, Month, Quarter, long_date

THIS, PREVIOUS, TO_DATE, YEAR = "this", "previous", "to_date", "year"
WORDS = (THIS, PREVIOUS, TO_DATE, YEAR)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in time a cell looks: parameters of its key, and what to say beside it where that is not the report's own
    period. ``parameters`` is None where there is nothing to look at yet.
    """

    parameters: dict[str, str] | None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """A year, or one quarter or month of it. ``period`` is as in `Report.period`: "", "Q3" or "M07"."""

    year: FinancialYear
    period: str = ""

    @property
    def month(self) -> Month | None:
        return Month(self.year.start, int(self.period[1:])) if self.period.startswith("M") else None

    @property
    def quarter(self) -> Quarter | None:
        """The quarter; of a month, the last one of the year that had ended by its end, which is all that counts by
        quarter can show for it.
        """
        if self.period.startswith("Q"):
            return Quarter(self.year.start, int(self.period[1:]))
        month = self.month
        ended = [each for each in self.year.quarters() if month is not None and each.ends_on <= month.ends_on]
        return ended[-1] if ended else None

    @property
    def _own(self) -> FinancialYear | Quarter | Month:
        return self.month or self.quarter or self.year

    def __str__(self) -> str:
        """As people write it: "2020-21", "2020-21 Q3", "October 2020"."""
        return str(self._own)

    @property
    def starts_on(self) -> datetime.date:
        return self._own.starts_on

    @property
    def ends_on(self) -> datetime.date:
        return self._own.ends_on

    @property
    def texts(self) -> dict[str, str]:
        """What labels and narrative may say of the time instead of typing it."""
        return {
            "period": str(self),
            "period_start": long_date(self.starts_on),
            "period_end": long_date(self.ends_on),
            "year_end": long_date(self.year.ends_on),
        }

    def spot(self, family: Family, word: str) -> Spot:
        """Where a figure of a family looks for one of `WORDS`. Raises ValueError when the family has no such course."""
        if word == YEAR:
            return Spot({})
        if not isinstance(family, RolledFamily) or not family.has_time:
            raise ValueError(f"The figure {family.name} is of the whole year: it has no {said(word)}.")
        is_monthly = MONTH in family.parameters
        if word != TO_DATE and not is_monthly and QUARTER not in family.parameters:
            raise ValueError(f"The figure {family.name} is not counted by quarter: it has no {said(word)}.")
        if not self.period:
            return Spot({} if word != PREVIOUS else None)
        return self._monthly(word) if is_monthly else self._quarterly(word)

    def _monthly(self, word: str) -> Spot:
        if word == TO_DATE:
            own = self.month or self.quarter
            return Spot({UNTIL: own.key} if own else None)
        length = 1 if self.month else 3
        first = self.month.number if self.month else 3 * int(self.period[1]) - 2
        first -= length if word == PREVIOUS else 0
        if first < 1:
            return Spot(None)
        months = [Month(self.year.start, number).key for number in range(first, first + length)]
        return Spot({MONTH: AND.join(months)})

    def _quarterly(self, word: str) -> Spot:
        quarter = self.quarter
        if quarter is None:
            return Spot(None, f"no quarter had ended by {long_date(self.ends_on)}")
        if word == PREVIOUS:
            earlier = quarter.previous()
            quarter = earlier if earlier.year == quarter.year else None
            if quarter is None:
                return Spot(None)
        mark = "" if self.month is None else f"{'' if word == TO_DATE else 'quarter '}to {long_date(quarter.ends_on)}"
        return Spot({UNTIL if word == TO_DATE else QUARTER: quarter.key}, mark)


def said(word: str) -> str:
    """A word of `WORDS` as people say it."""
    return {THIS: "value of its own period", PREVIOUS: "period before", TO_DATE: "value to date"}.get(word, word)
