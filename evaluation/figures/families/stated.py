"""Figures that documents state: single values, series over time, and the change between two points of a series."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from evaluation.figures import figure as show
from evaluation.figures.computation import Computation
from evaluation.figures.definition import definition_of
from evaluation.figures.families.funding import place_of
from evaluation.figures.family import FOUR_PLACES, ListedFamily
from evaluation.figures.figure import Figure
from evaluation.figures.key import FigureKey
from evaluation.models import Series, StatedValue
from vru.lib.bounded import Bounded, Precision
from vru.lib.periods import FinancialYear

_UNITS = {"gbp": show.GBP, "percent_change": show.PERCENT, "percent": show.PERCENT}
Periods = StatedValue.PeriodKind


@dataclass(frozen=True, slots=True)
class Stated:
    """One stated value, ready to be shown under any key."""

    figure: Figure
    measure: str
    figure_key: str
    series: str
    period: str
    period_kind: str
    starts_on: date | None
    ends_on: date | None

    def belongs_to(self, year: FinancialYear) -> bool:
        """Whether the value may stand for the year. An amount for 18 months, or since launch, belongs to no year."""
        if self.period_kind == Periods.FINANCIAL_YEAR:
            return self.starts_on == year.starts_on
        last = self.ends_on or self.starts_on
        inside = last is not None and year.contains(last) and (self.starts_on is None or year.contains(self.starts_on))
        return self.period_kind in (Periods.AS_AT, Periods.RANGE) and inside

    def under(self, key: str) -> Figure:
        return replace(self.figure, key=key)


def stated(computation: Computation) -> list[Stated]:
    """Every stated value of the layer, in the order of statements."""
    if "stated" not in computation.kept:
        rows = (
            StatedValue.objects.filter(statement__layer=computation.scope.layer)
            .select_related("statement__source_document", "series")
            .order_by("statement__ref", "order", "pk")
        )
        computation.kept["stated"] = [_stated(row) for row in rows]
    return computation.kept["stated"]


def _stated(row: StatedValue) -> Stated:
    statement = row.statement
    subject = row.label or statement.subject
    # A population that the subject names already would be said twice.
    population = "" if row.label or row.population.casefold() in subject.casefold() else row.population
    said = [subject, population, row.period_text]
    figure = Figure(
        key=f"stated.value ref={statement.ref}.{row.key}",
        label=", ".join(dict.fromkeys(part for part in said if part)),
        value=row.value,
        low=row.low,
        high=row.high,
        unit=_UNITS.get(row.unit.lower(), row.unit),
        precision=row.precision,
        basis=show.STATED,
        sources=place_of(statement.source_document.key, statement.place),
    )
    series, period = (row.series.slug, _period(row.series, row.period_start)) if row.series else ("", "")
    return Stated(
        figure, row.measure, row.figure_key, series, period, row.period_kind, row.period_start, row.period_end
    )


def _period(series: Series, starts_on: date | None) -> str:
    if starts_on is None:
        return ""
    calendar = series.calendar == Series.Calendar.CALENDAR_YEAR
    return str(starts_on.year) if calendar else str(FinancialYear.of(starts_on))


def stated_figures(computation: Computation) -> dict[str, Figure]:
    """One value as a document states it, by the statement's reference and the value's key; or by ``measure``, where one
    value alone states that kind of fact.

    Numerator: the value as read from the document, with its bounds; never recomputed.
    Denominator: none.
    Exclusions: nothing; a value that contradicts another is shown as stated, and the contradiction is a data issue.
    Unit: as stated.
    Source: the document and the place in it.
    """
    found = {item.figure.key: item.figure for item in stated(computation)}
    by_measure = defaultdict(list)
    for item in stated(computation):
        by_measure[item.measure].append(item)
    alone = {measure: items[0] for measure, items in by_measure.items() if len(items) == 1}
    return found | {
        f"stated.value measure={measure}": item.under(f"stated.value measure={measure}")
        for measure, item in alone.items()
    }


def series_points(computation: Computation) -> dict[tuple[str, str], Stated]:
    """The points of every series by slug and period. Of two statements of one point, the first by reference."""
    points: dict[tuple[str, str], Stated] = {}
    for item in stated(computation):
        if item.series and item.period:
            points.setdefault((item.series, item.period), item)
    return points


def _series_titles(computation: Computation) -> dict[str, str]:
    if "series" not in computation.kept:
        computation.kept["series"] = dict(Series.objects.values_list("slug", "title"))
    return computation.kept["series"]


def series_values(computation: Computation) -> dict[str, Figure]:
    """One point of a series, such as a year's recorded offences.

    Numerator: the value as stated for the period.
    Denominator: none.
    Exclusions: a second statement of the same point. Calendar years and financial years are never mixed in a series.
    Unit: that of the series.
    Source: the document and the place in it.
    """
    titles = _series_titles(computation)
    found = {}
    for (slug, period), item in series_points(computation).items():
        key = str(FigureKey("series.value", (("period", period), ("series", slug))))
        found[key] = replace(item.figure, key=key, label=f"{titles[slug]}, {period}")
    return found


def series_changes(computation: Computation) -> dict[str, Figure]:
    """The percentage change of a series between two periods, computed from the two values stated.

    Numerator: the later value less the earlier one.
    Denominator: the earlier value.
    Exclusions: series with a missing point at either end; an earlier value of nought gives no percentage.
    Unit: percent.
    Source: the two stated values, each with its document and place.
    """
    periods: dict[str, list[str]] = defaultdict(list)
    for slug, period in series_points(computation):
        periods[slug].append(period)
    found = {}
    for slug, known in periods.items():
        ordered = sorted(known)
        for before, after in pairwise(ordered):
            figure = _change(computation, slug, before, after)
            if figure is not None:
                found[figure.key] = figure
    return found


def _find_change(computation: Computation, key: FigureKey) -> Figure | None:
    return _change(computation, key.get("series") or "", key.get("from") or "", key.get("to") or "")


def _change(computation: Computation, slug: str, before: str, after: str) -> Figure | None:
    points = series_points(computation)
    first, last = points.get((slug, before)), points.get((slug, after))
    if first is None or last is None:
        return None
    was, now = first.figure, last.figure
    if was.value is None or now.value is None:
        return None
    bounds = _percent_bounds(was.bounded, now.bounded)
    value = _rounded((now.value - was.value) * 100 / was.value) if was.value else None
    # Bounds of a quotient are rounded outwards, so they never meet: two exact points are exact all the same.
    sure = was.bounded.is_exact and now.bounded.is_exact
    return Figure(
        key=str(FigureKey.of("series.change", {"series": slug, "from": before, "to": after})),
        label=f"{_series_titles(computation)[slug]}: change from {before} to {after}",
        value=value,
        low=value if sure else bounds.low if bounds else None,
        high=value if sure else bounds.high if bounds else None,
        unit=show.PERCENT,
        precision=(Precision.EXACT if sure or bounds is None else Precision.ABOUT).value,
        numerator=now.value - was.value,
        denominator=was.value,
        sources=tuple(dict.fromkeys((*was.sources, *now.sources))),
    )


def _percent_bounds(was: Bounded, now: Bounded) -> Bounded | None:
    """(now ÷ was − 1) × 100. Dividing first keeps the bounds narrow: ``was`` is then used once."""
    if was.value is None or now.value is None or not was.value:
        return None
    return (now / was - 1) * 100


def _rounded(number: Decimal) -> Decimal:
    return number.quantize(FOUR_PLACES, rounding=ROUND_HALF_UP)


FAMILIES: tuple[ListedFamily, ...] = (
    ListedFamily(
        "stated.value", "Stated value", "as stated", definition_of(stated_figures), ("ref", "measure"), stated_figures
    ),
    ListedFamily(
        "series.value",
        "Series",
        "that of the series",
        definition_of(series_values),
        ("series", "period"),
        series_values,
        required=("series", "period"),
    ),
    ListedFamily(
        "series.change",
        "Change in a series",
        show.PERCENT,
        definition_of(series_changes),
        ("series", "from", "to"),
        series_changes,
        _find_change,
        required=("series", "from", "to"),
    ),
)
