"""Profile, actual, forecast and variance: every view adds up to the penny, and agrees with the printed figures."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from evaluation.figures.registry import compute
from evaluation.figures.scope import Scope
from grants.models import Commitment
from grants.money.spending_views import NARROWED_BY, VIEWS, table
from tests.factories import (
    BudgetCategoryFactory,
    CommitmentFactory,
    CostHeadingFactory,
    FundingSourceFactory,
    FundingSplitFactory,
    ProfileLineFactory,
    ProgrammeFactory,
    ReportingQuarterFactory,
    SpendLineFactory,
    UnitFactory,
    approved_return,
)
from tests.money.worlds import MoneyWorld
from vru.lib.layers import Layer
from vru.lib.money import Money
from vru.lib.periods import FinancialYear

DAY = datetime.date(2021, 2, 1)
YEAR = FinancialYear(2020)
COLUMNS = ("profile", "to_date", "actual", "forecast", "variance")


def by(view: str, within: tuple[str, str] | None = None) -> dict[str, int]:
    return {row.key: row.actual for row in table(YEAR, Layer.RECORDED, view, on=DAY, within=within).rows}


@pytest.mark.django_db
def test_spend_without_a_source_follows_the_splits_to_the_penny(money_world: MoneyWorld) -> None:
    approved_return(money_world.grant, 1, actual_pence=100)
    assert by("source") == {"home-office": 67, "core": 33}


@pytest.mark.django_db
def test_a_line_that_names_its_source_goes_there_whole(money_world: MoneyWorld) -> None:
    revision = approved_return(money_world.grant, 1)
    SpendLineFactory(revision=revision, number=1, actual_pence=100, source=money_world.core)
    assert by("source")["core"] == 100


@pytest.mark.django_db
def test_a_return_that_has_not_come_is_no_underspend(money_world: MoneyWorld) -> None:
    approved_return(money_world.grant, 1, actual_pence=2_500_000)
    found = table(YEAR, Layer.RECORDED, "grant", on=DAY)
    row = next(each for each in found.rows if each.key == "GR-OURS")
    assert (row.to_date, row.variance, row.percent) == (2_500_001, -1, 0)
    assert next(each for each in found.rows if each.key == "GR-SECOND").variance == 0


@pytest.mark.django_db
def test_the_forecast_is_that_of_the_latest_approved_return(money_world: MoneyWorld) -> None:
    approved_return(money_world.grant, 1, actual_pence=1, forecast_pence=900)
    approved_return(money_world.grant, 2, actual_pence=2, forecast_pence=500)
    found = table(YEAR, Layer.RECORDED, "quarter", on=DAY)
    assert found.total.forecast == 500
    assert {row.key: row.forecast for row in found.rows if row.forecast} == {"ahead": 500}


@pytest.mark.django_db
@pytest.mark.parametrize("view", [view for view in VIEWS if view in NARROWED_BY])
def test_the_awards_behind_a_row_add_up_to_it(money_world: MoneyWorld, view: str) -> None:
    for index, grant in enumerate(money_world.grants):
        approved_return(grant, 1, actual_pence=100_001 + index, forecast_pence=77)
    for row in table(YEAR, Layer.RECORDED, view, on=DAY).rows:
        if row.key:
            behind = table(YEAR, Layer.RECORDED, "grant", on=DAY, within=(view, row.key))
            assert [getattr(behind.total, name) for name in COLUMNS] == [getattr(row, name) for name in COLUMNS]
            assert behind.total.actual == sum(each.actual for each in behind.rows)


@pytest.mark.django_db
def test_returns_are_counted_as_approved_of_expected(money_world: MoneyWorld) -> None:
    approved_return(money_world.grant, 1, actual_pence=1)
    found = table(YEAR, Layer.RECORDED, "grantee", on=DAY)
    assert (found.total.approved, found.total.expected) == (1, 1)


amounts = st.integers(min_value=0, max_value=10_000_019)


class EveryView(TestCase):
    @settings(max_examples=12)
    @given(
        grants=st.lists(
            st.tuples(
                st.lists(amounts, min_size=0, max_size=3), st.lists(amounts, min_size=4, max_size=4), amounts, amounts
            ),
            min_size=1,
            max_size=3,
        )
    )
    def test_adds_up_to_the_penny_and_agrees_with_the_printed_figures(
        self, grants: list[tuple[list[int], list[int], int, int]]
    ) -> None:
        UnitFactory()
        sources = [FundingSourceFactory() for _ in range(3)]
        headings = [CostHeadingFactory() for _ in range(2)]
        programme = ProgrammeFactory()
        for splits, profile, actual, forecast in grants:
            grant: Commitment = CommitmentFactory(
                programme=programme, category=BudgetCategoryFactory(), award_pence=sum(splits)
            )
            for source, pence in zip(sources, splits, strict=False):
                FundingSplitFactory(commitment=grant, source=source, amount_pence=pence)
            for number, pence in enumerate(profile, start=1):
                quarter = ReportingQuarterFactory(number=number)
                ProfileLineFactory(commitment=grant, quarter=quarter, heading=headings[number % 2], amount_pence=pence)
            revision = approved_return(grant, 2)
            SpendLineFactory(
                revision=revision, number=1, heading=headings[0], actual_pence=actual, forecast_pence=forecast
            )
            SpendLineFactory(revision=revision, number=2, heading=headings[1], actual_pence=forecast, source=sources[0])
        totals = set()
        for view in VIEWS:
            found = table(YEAR, Layer.RECORDED, view, on=DAY)
            total = tuple(getattr(found.total, name) for name in COLUMNS)
            assert tuple(sum(getattr(row, name) for row in found.rows) for name in COLUMNS) == total, view
            totals.add(total)
        assert len(totals) == 1
        self._agrees(sources)

    def _agrees(self, sources: list) -> None:
        figures = compute(Scope.of(YEAR, Layer.RECORDED, DAY))
        rows = {row.key: row for row in table(YEAR, Layer.RECORDED, "source", on=DAY).rows}
        for name, column in (
            ("total", "actual"),
            ("profile", "profile"),
            ("variance", "variance"),
            ("forecast", "forecast"),
        ):
            for source in sources:
                figure = figures.get(f"spend.{name} source={source.slug}")
                pence = getattr(rows[source.slug], column) if source.slug in rows else 0
                if figure is not None and figure.value is not None:
                    assert Money.from_pounds(figure.value).pence == pence, figure.key
