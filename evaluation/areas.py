"""What each area gets and who is reached there: awards, spend, new people, and new people beside the young population.

Internal pages show true values to staff; what is published goes through disclosure control first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count

from evaluation.figures.figure import Figure
from evaluation.figures.registry import compute
from evaluation.figures.scope import Scope
from evaluation.figures.snapshot import read_snapshot
from programmes.area_map import area_map
from programmes.models import Area, AreaPopulation

RATE = "rate"
FAMILIES = {"award": "award.total", "spend": "spend.total", "new": "reach.new"}
TENTH = Decimal("0.1")
PER = 1_000


@dataclass(frozen=True, slots=True)
class Measure:
    key: str
    title: str
    heading: str
    note: str
    unit: str = ""


MEASURES = (
    Measure(
        "award",
        "Awarded",
        "Awarded (£)",
        "The year's part of awards, divided in proportion to each grant's area shares.",
        "£",
    ),
    Measure(
        "spend",
        "Spent",
        "Spent (£)",
        "Spend of approved returns, divided in proportion to each grant's area shares.",
        "£",
    ),
    Measure(
        "new",
        "New people",
        "New people",
        "New people by the area they live in, as approved returns say. Gross: a person may be counted by more than one "
        "grant.",
    ),
    Measure(
        RATE,
        f"New people per {PER:,} young people",
        f"Per {PER:,} young people",
        "New people of every age who live in the area, for each thousand of its young population.",
    ),
)


@dataclass(frozen=True, slots=True)
class Population:
    """The estimate that areas are put beside: one year and one span of ages for all of them."""

    year: int
    youngest: int
    oldest: int
    source: str
    people: Mapping[str, int]

    @property
    def said(self) -> str:
        return f"people aged {self.youngest} to {self.oldest} in {self.year}: {self.source}"


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area with its figures by measure; the rate is of ``new`` and the population, or None without either."""

    area: Area
    figures: Mapping[str, Figure]
    people: int | None
    rate: Decimal | None

    def value(self, measure: str) -> Decimal | None:
        return self.rate if measure == RATE else self.figures[measure].value

    def short(self, measure: str) -> str:
        if measure == RATE:
            return "–" if self.rate is None else f"{self.rate}"
        return self.figures[measure].shown("short") if self.figures[measure].has_value else "–"

    def exact(self, measure: str) -> str:
        if measure == RATE:
            return self.short(measure)
        return self.figures[measure].shown("exact") if self.figures[measure].has_value else "–"


@dataclass(frozen=True, slots=True)
class Areas:
    """Every place of the unit, what is not apportioned to one, and the population that rates rest on."""

    rows: Sequence[AreaRow]
    whole: Mapping[str, Figure]
    population: Population | None


def areas_of(scope: Scope) -> Areas:
    """The figures of every area: one computation, whatever the number of areas."""
    places = list(Area.objects.places())
    buckets = list(Area.objects.filter(kind=Area.Kind.WHOLE))
    keys = {
        (area.code, measure): f"{family} borough={area.code}"
        for area in [*places, *buckets]
        for measure, family in FAMILIES.items()
    }
    with read_snapshot():
        figures = compute(scope, list(keys.values()))
        population = population_of(scope)
    people = population.people if population else {}
    rows = []
    for area in places:
        own = {measure: figures[keys[area.code, measure]] for measure in FAMILIES}
        rows.append(AreaRow(area, own, people.get(area.code), rate_of(own["new"].value, people.get(area.code))))
    whole = {measure: figures[keys[bucket.code, measure]] for bucket in buckets[:1] for measure in FAMILIES}
    return Areas(rows, whole, population)


def rate_of(new: Decimal | None, people: int | None) -> Decimal | None:
    """New people for each thousand of the young population, to one decimal.

    Numerator: "new" of approved returns of the year by area of residence, of every age. Denominator: the estimate of
    the area's young people. None where either is not known or nobody lives there.
    """
    if new is None or not people:
        return None
    return (new * PER / people).quantize(TENTH, rounding=ROUND_HALF_UP)


def population_of(scope: Scope) -> Population | None:
    """One estimate for all areas, so that they can be compared: of the spans of ages and years up to the financial
    year's end the one that covers most areas, then the latest, then the widest. None where none is loaded."""
    rows = AreaPopulation.objects.filter(layer=scope.layer, year__lte=scope.year.ends_on.year)
    spans = rows.order_by().values("year", "youngest_age", "oldest_age").annotate(many=Count("area"))
    best = max(
        spans,
        key=lambda span: (span["many"], span["year"], span["oldest_age"] - span["youngest_age"], -span["youngest_age"]),
        default=None,
    )
    if best is None:
        return None
    chosen = rows.filter(year=best["year"], youngest_age=best["youngest_age"], oldest_age=best["oldest_age"])
    found = list(chosen.order_by("area__order", "area__code").values_list("area__code", "people", "source"))
    sources = list(dict.fromkeys(source for _, _, source in found))
    return Population(
        best["year"],
        best["youngest_age"],
        best["oldest_age"],
        "; ".join(sources),
        {code: people for code, people, _ in found},
    )


def map_of(areas: Areas, measure: Measure) -> dict[str, Any] | None:
    """The measure as a map of tiles, with its table; None where no area has a value."""
    rows = areas.rows
    return area_map(
        [row.area for row in rows],
        {row.area.code: row.value(measure.key) for row in rows},
        title=f"{measure.title} by area",
        heading=measure.heading,
        prefix=f"areas-{measure.key}",
        unit=measure.unit,
        shorts={row.area.code: row.short(measure.key) for row in rows if row.value(measure.key) is not None},
        displays={row.area.code: row.exact(measure.key) for row in rows},
    )
