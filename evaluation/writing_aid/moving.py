"""A text moved from one time to another: quarters, months and years inside tokens and blocks, never words of prose."""

from __future__ import annotations

import re
from dataclasses import dataclass

from evaluation.models import Report
from evaluation.models.report import MONTHS, QUARTERS
from evaluation.reports.markup import FENCE
from vru.lib.periods import FinancialYear

_TOKEN = re.compile(r"\{\{([^{}]*)\}\}")
_PARAMETER = re.compile(r"\b(quarter|month|period|from|to|year|until|since)=([^\s|={},]+)")
_FIELD = re.compile(r"[ \t]*(quarter|month|period|from|to|year|until|since):[ \t]*(\S+)[ \t]*")
# "2020", "2020-21", "2020-21Q3", "2020-21M07".
_TIME = re.compile(r"(?P<start>\d{4})(?:-(?P<second>\d{2})(?P<part>Q[1-4]|M(?:0[1-9]|1[0-2]))?)?")


@dataclass(frozen=True)
class Move:
    """From one report's time to another's, in whole years, and in quarters and months where the kind has them."""

    years: int
    quarters: int
    months: int

    @classmethod
    def between(cls, source: Report, year: FinancialYear, period: str) -> Move:
        """From a report's time to another time of the same kind."""
        years = year.start - source.year
        quarters, months = years * 4, years * 12
        if period in QUARTERS and source.period in QUARTERS:
            quarters += QUARTERS.index(period) - QUARTERS.index(source.period)
            months = quarters * 3
        if period in MONTHS and source.period in MONTHS:
            months += MONTHS.index(period) - MONTHS.index(source.period)
        return cls(years, quarters, months)

    def text(self, text: str) -> str:
        """A section's text with its tokens and the fields of its blocks moved. Prose outside of them stays."""
        lines, inside = [], False
        for line in text.split("\n"):
            if line.startswith(FENCE):
                inside = line.strip() != FENCE
            elif inside:
                line = self._field(line)
            lines.append(_TOKEN.sub(lambda match: f"{{{{{self._parameters(match[1])}}}}}", line))
        return "\n".join(lines)

    def _field(self, line: str) -> str:
        field = _FIELD.fullmatch(line)
        if field is not None:
            return f"{field[1]}: {self._value(field[2])}"
        return self._parameters(line) if line.lstrip().startswith("keys:") else line

    def _parameters(self, text: str) -> str:
        return _PARAMETER.sub(lambda match: f"{match[1]}={self._value(match[2])}", text)

    def _value(self, value: str) -> str:
        found = _TIME.fullmatch(value)
        if found is None:
            return value
        start, second, part = int(found["start"]), found["second"], found["part"]
        if part is None:
            start += self.years
            return f"{start:04d}-{(start + 1) % 100:02d}" if second else f"{start:04d}"
        each, moved = (4, self.quarters) if part[0] == "Q" else (12, self.months)
        start, place = divmod(start * each + int(part[1:]) - 1 + moved, each)
        number = f"{place + 1}" if part[0] == "Q" else f"{place + 1:02d}"
        return f"{start:04d}-{(start + 1) % 100:02d}{part[0]}{number}"
