"""What a chart is asked to show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Kind = Literal["line", "bar", "grouped_bar", "stacked_bar", "progress"]
Number = int | float | Decimal
_PREFIX = re.compile(r"[a-z][a-z0-9-]*")
_SERIES_LIMIT = 6


@dataclass(frozen=True, slots=True)
class Series:
    """One row of values, in the order of the chart's categories; None where nothing is known.

    `displays`, when given, are the printed texts of the values ("£5.7m", "c.80,000") and win over formatting.
    """

    label: str
    values: tuple[Number | None, ...]
    displays: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """A chart without any drawing in it.

    `prefix` starts every id of the picture and must be unique on the page. `unit` is "£", "%" or a noun in the
    plural ("people"). `progress` needs exactly two series: what was reached, then the target. Width and height
    are in CSS pixels; a height of 0 lets the number of rows decide.

    Raises ValueError when the values do not fit the categories or the kind.
    """

    kind: Kind
    prefix: str
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    width: int = 640
    height: int = 0

    def __post_init__(self) -> None:
        if not _PREFIX.fullmatch(self.prefix):
            raise ValueError(f"The prefix {self.prefix!r} must be lower-case letters, digits and hyphens.")
        if not self.categories:
            raise ValueError(f"The chart {self.title!r} has no categories.")
        if len(set(self.categories)) != len(self.categories):
            raise ValueError(f"The chart {self.title!r} names a category twice.")
        if not 1 <= len(self.series) <= _SERIES_LIMIT:
            raise ValueError(
                f"The chart {self.title!r} needs one to {_SERIES_LIMIT} series; it has {len(self.series)}."
            )
        if len({series.label for series in self.series}) != len(self.series):
            raise ValueError(f"The chart {self.title!r} names a series twice.")
        for series in self.series:
            self._check(series)
        wanted = {"bar": 1, "progress": 2}.get(self.kind)
        if wanted is not None and len(self.series) != wanted:
            raise ValueError(f"A {self.kind} chart shows {wanted} series; {self.title!r} has {len(self.series)}.")

    def _check(self, series: Series) -> None:
        if len(series.values) != len(self.categories):
            raise ValueError(
                f"{series.label!r} has {len(series.values)} values for {len(self.categories)} categories "
                f"in the chart {self.title!r}."
            )
        if series.displays and len(series.displays) != len(series.values):
            raise ValueError(f"{series.label!r} has texts for only some of its values in {self.title!r}.")
        if self.kind != "line" and any(value is not None and value < 0 for value in series.values):
            raise ValueError(f"{series.label!r} has a negative value; bars of {self.title!r} start at nought.")

    def display(self, series: Series, index: int) -> str:
        """The printed text of one value."""
        if series.displays:
            return series.displays[index]
        return format_value(series.values[index], self.unit)


def format_value(value: Number | None, unit: str) -> str:
    """`1,169`, `£5.7m`, `25.8%`; an en dash where nothing is known."""
    if value is None:
        return "–"
    if unit == "£":
        return _pounds(value)
    text = _plain(value)
    return f"{text}%" if unit == "%" else text


def _pounds(value: Number) -> str:
    sign = "−" if value < 0 else ""
    size = abs(float(value))
    if size >= 999_500:
        millions = size / 1_000_000
        return f"{sign}£{millions:.2f}".rstrip("0").rstrip(".") + "m"
    return f"{sign}£{size:,.0f}"


def _plain(value: Number) -> str:
    number = float(value)
    text = f"{abs(number):,.0f}" if number == int(number) else f"{abs(number):,.1f}"
    return f"−{text}" if number < 0 else text
