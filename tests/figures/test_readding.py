"""Totals re-add, whichever way they are cut; tried on generated worlds."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings

from evaluation.figures import compute, contributions
from evaluation.figures.figure import Figure
from tests.figures.worlds import AGES, Grant, added, built, worlds

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
several = settings(
    max_examples=6, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def number(figure: Figure) -> Decimal:
    return figure.value or Decimal(0)


def whole(figures: dict[str, Figure], family: str) -> Decimal:
    """The family's total; a world without returns has none."""
    return number(figures[family]) if family in figures else Decimal(0)


def reported(world: list[Grant]) -> list:
    return [found for grant in world for found in grant.returns if found is not None]


@several
@given(worlds)
def test_reach_and_spend_re_add_over_objectives_themes_organisations_and_quarters(world: list[Grant]) -> None:
    with built(world) as found:
        figures = compute(found)
    for family in ("reach.new", "spend.total", "returns.approved"):
        for parameter in ("objective", "theme", "organisation", "programme", "category", "quarter"):
            assert added(figures, f"{family} {parameter}=") == whole(figures, family), (family, parameter)
    people = sum(one.new for one in reported(world))
    if reported(world):
        assert figures["reach.new"].value == people
        assert figures["spend.total"].value == Decimal(sum(one.spend for one in reported(world))) / 100


@several
@given(worlds)
def test_awards_re_add_over_sources_areas_and_objectives_to_the_penny(world: list[Grant]) -> None:
    with built(world) as found:
        figures = compute(found)
    total = Decimal(sum(sum(grant.splits) for grant in world)) / 100
    assert figures["award.total"].value == total
    for parameter in ("source", "borough", "objective", "theme", "organisation", "category", "kind"):
        assert added(figures, f"award.total {parameter}=") == total, parameter


@several
@given(worlds)
def test_spend_attributed_to_sources_re_adds_in_every_quarter_to_the_penny(world: list[Grant]) -> None:
    with built(world) as found:
        figures = compute(found)
    if not reported(world):
        return
    assert added(figures, "spend.total source=") == number(figures["spend.total"])
    for quarter in ("2020-21Q1", "2020-21Q2", "2020-21Q3", "2020-21Q4"):
        whole = figures.get(f"spend.total quarter={quarter}")
        parts = [figures.get(f"spend.total quarter={quarter} source={source}") for source in ("one", "two")]
        assert sum(number(part) for part in parts if part) == (number(whole) if whole else 0)


@several
@given(worlds)
def test_a_breakdown_sums_to_the_headline(world: list[Grant]) -> None:
    with built(world) as found:
        figures = compute(found)
    if reported(world):
        by_age = [figures[f"reach.breakdown category={age} dimension=age"] for age in AGES]
        assert sum(number(figure) for figure in by_age) == figures["reach.new"].value


@several
@given(worlds)
def test_a_percentage_is_pooled_and_never_a_mean_of_percentages(world: list[Grant]) -> None:
    with built(world) as found:
        figures = compute(found)
    top, bottom = (sum(getattr(one, name) for one in reported(world)) for name in ("numerator", "denominator"))
    if not reported(world):
        return
    figure = figures["indicator.result indicator=safer"]
    assert (figure.numerator, figure.denominator) == (top, bottom)
    if bottom == 0:
        assert figure.value is None
        assert figure.display == "not applicable"
    else:
        assert figure.value == (Decimal(top) * 100 / bottom).quantize(Decimal("0.0001"), "ROUND_HALF_UP")


TRACED = (
    "reach.new",
    "reach.new objective=1",
    "reach.new outcome=2 quarter=2020-21Q2",
    "reach.breakdown category=0-9 dimension=age",
    "spend.total source=one",
    "spend.total organisation=holder-0",
    "returns.approved",
    "award.total borough=A",
    "award.total",
)


@several
@given(worlds)
def test_the_trace_of_a_figure_re_adds_to_it(world: list[Grant]) -> None:
    with built(world) as found:
        for key in TRACED:
            figure = compute(found, [key])[key]
            assert sum((row.value for row in contributions(found, key)), Decimal(0)) == number(figure), key


@several
@given(worlds)
def test_the_trace_of_a_ratio_re_adds_both_its_halves(world: list[Grant]) -> None:
    with built(world) as found:
        for key in ("unit_cost", "indicator.result indicator=safer"):
            figure, rows = compute(found, [key])[key], contributions(found, key)
            assert sum((row.value for row in rows), Decimal(0)) == (figure.numerator or 0)
            assert sum((row.denominator for row in rows), Decimal(0)) == (figure.denominator or 0)


@several
@given(worlds)
def test_recomputing_on_just_the_revisions_of_a_trace_gives_the_same_figure(world: list[Grant]) -> None:
    with built(world) as found:
        for key in ("reach.new", "spend.total objective=1", "unit_cost"):
            used = frozenset(row.revision_id for row in contributions(found, key) if row.revision_id)
            if used:
                again = compute(found.limited_to(used), [key])[key]
                assert again.value == compute(found, [key])[key].value


@several
@given(worlds)
def test_a_figure_asked_for_by_key_equals_the_one_in_the_whole_set(world: list[Grant]) -> None:
    with built(world) as found:
        everything = compute(found)
        chosen = list(everything)[::7]
        assert compute(found, chosen) == {key: everything[key] for key in chosen}
