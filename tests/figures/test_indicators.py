"""Each kind of indicator by its own rule; what documents state; series."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from evaluation.figures import UnknownFigure, compute
from tests.factories import (
    AllocationFactory,
    CommitmentFactory,
    CommitmentIndicatorFactory,
    IndicatorFactory,
    IndicatorTargetFactory,
    IndicatorVersionFactory,
    ReadingFactory,
    SeriesFactory,
    SeriesPointFactory,
    StatedValueFactory,
    approved_return,
)
from tests.figures.worlds import scope

pytestmark = pytest.mark.django_db
RESULT = "indicator.result indicator=kept"


def indicator(kind: str, **options: object) -> object:
    return IndicatorVersionFactory(indicator=IndicatorFactory(slug="kept"), kind=kind, **options)


def read(version: object, *readings: dict) -> None:
    """One grant with a reading in each of its first quarters."""
    grant = CommitmentFactory()
    for number, reading in enumerate(readings, start=1):
        ReadingFactory(revision=approved_return(grant, number), version=version, **({"value": None} | reading))


@pytest.mark.parametrize(("kind", "expected"), [("flow", 42), ("currency", 42), ("stock", 35)])
def test_flows_and_money_are_summed_over_time_and_stocks_taken_latest(kind: str, expected: int) -> None:
    version = indicator(kind)
    read(version, {"value": 7}, {"value": 5})
    read(version, {"value": 30})
    assert compute(scope(), [RESULT])[RESULT].value == expected


def test_a_percentage_divides_the_sums() -> None:
    version = indicator("percentage")
    read(version, {"numerator": 1, "denominator": 2})
    read(version, {"numerator": 0, "denominator": 8})
    figure = compute(scope(), [RESULT])[RESULT]
    assert (figure.value, figure.display) == (10, "10.0%")


def test_distance_travelled_is_weighted_by_pairs() -> None:
    version = indicator("distance", unit="points")
    read(version, {"numerator": Decimal("30"), "denominator": 10})
    read(version, {"numerator": Decimal("-5"), "denominator": 15})
    assert compute(scope(), [RESULT])[RESULT].value == 1


def test_a_unit_cost_over_nobody_is_not_applicable() -> None:
    read(indicator("unit_cost"), {"numerator": 100, "denominator": 0})
    assert compute(scope(), [RESULT])[RESULT].display == "not applicable"


def test_a_milestone_counts_grants_by_their_latest_status() -> None:
    version = indicator("milestone")
    read(version, {"status": "late"}, {"status": "met"})
    read(version, {"status": "late"})
    figures = compute(scope(), [RESULT, f"{RESULT} status=late"])
    assert [figure.value for figure in figures.values()] == [1, 1]
    assert figures[RESULT].denominator == 2


def test_readings_of_a_version_with_another_unit_are_not_pooled() -> None:
    old = indicator("flow", unit="sessions")
    new = indicator("flow", unit="people", number=2, valid_from=datetime.date(2020, 7, 1))
    read(old, {"value": 100})
    read(new, {"value": 3})
    assert compute(scope(), [RESULT])[RESULT].value == 3


def test_a_result_rests_on_the_returns_of_grants_that_report_the_indicator() -> None:
    version = indicator("flow")
    read(version, {"value": 1})
    approved_return(CommitmentFactory(), 1)
    figure = compute(scope(), [RESULT])[RESULT]
    assert (figure.returns_received, figure.returns_expected) == (1, 1)


def test_targets_are_summed_where_they_can_be_and_shown_as_a_range_where_not() -> None:
    counts = IndicatorVersionFactory(indicator=IndicatorFactory(slug="counts"))
    shares = IndicatorVersionFactory(indicator=IndicatorFactory(slug="shares"), kind="percentage")
    for number in (40, 60):
        IndicatorTargetFactory(version=counts, target=number)
        IndicatorTargetFactory(version=shares, target=number)
    CommitmentIndicatorFactory(version=counts, target=5)
    figures = compute(scope(), ["indicator.target indicator=counts", "indicator.target indicator=shares"])
    assert [figure.display for figure in figures.values()] == ["100", "40% to 60%"]


def test_a_stated_value_is_found_by_its_reference_with_its_source_and_bounds() -> None:
    StatedValueFactory(statement__ref="S2-SNAP", key="reach", value=80_000, low=75_000, high=85_000, precision="about")
    key = "stated.value ref=S2-SNAP.reach"
    figure = compute(scope(layer="published"), [key])[key]
    assert (figure.display, figure.basis) == ("c.80,000", "stated")
    assert figure.shown("words") == "about 80,000"
    assert figure.sources[0].endswith("Section 2, table 1")


def test_a_document_stands_in_where_nothing_is_computed_and_never_where_something_is() -> None:
    stated = {"value": 20, "low": 20, "high": 20, "unit": "gbp", "figure_key": "funding.total"}
    StatedValueFactory(**stated)
    found = scope(layer="published")
    assert compute(found, ["funding.total"])["funding.total"].basis == "stated"
    assert compute(found)["funding.total"].basis == "stated"
    AllocationFactory(layer="published", amount_pence=1_900)
    assert compute(found, ["funding.total"])["funding.total"].display == "£19"
    assert compute(found)["funding.total"].basis == "computed"


def test_an_amount_for_eighteen_months_stands_for_no_year() -> None:
    StatedValueFactory(figure_key="funding.total", period_kind="first_18_months")
    assert compute(scope(layer="published"), ["funding.total"])["funding.total"].value is None


def test_the_change_of_a_series_is_computed_from_its_two_points() -> None:
    series = SeriesFactory(slug="knife", title="Knife crime")
    for year, number in ((2018, 9), (2019, 15_582), (2020, 11_561)):
        SeriesPointFactory(series=series, year=year, value=number)
    figures = compute(scope(layer="published"))
    change = figures["series.change from=2019 series=knife to=2020"]
    assert (change.display, change.basis) == ("\N{MINUS SIGN}25.8%", "computed")
    assert figures["series.value period=2020 series=knife"].display == "11,561"
    asked = "series.change from=2018 series=knife to=2020"
    assert compute(scope(layer="published"), [asked])[asked].numerator == 11_552


def test_a_series_without_the_period_is_an_unknown_figure() -> None:
    with pytest.raises(UnknownFigure, match="There is no figure"):
        compute(scope(layer="published"), ["series.value period=1999 series=knife"])
