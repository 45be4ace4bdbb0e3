"""Funding, budget, awards, spend and what they come to for each person."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from evaluation.figures import compute
from tests.factories import (
    AllocationFactory,
    AreaFactory,
    AreaShareFactory,
    BudgetCategoryFactory,
    BudgetLineFactory,
    CommitmentFactory,
    CostHeadingFactory,
    FundingSourceFactory,
    FundingSplitFactory,
    OrganisationFactory,
    ProfileLineFactory,
    ProgrammeFactory,
    ReportingQuarterFactory,
    SpendLineFactory,
    approved_return,
)
from tests.figures.worlds import scope

pytestmark = pytest.mark.django_db


def value(key: str, **options: object) -> Decimal | None:
    return compute(scope(**options), [key])[key].value  # type: ignore[arg-type]


def test_funding_uses_the_latest_restatement_of_each_source() -> None:
    source = FundingSourceFactory(slug="grant")
    AllocationFactory(source=source, amount_pence=100)
    AllocationFactory(source=source, amount_pence=250, sequence=2, restated_because="The funder topped it up.")
    AllocationFactory(source=FundingSourceFactory(slug="reserves"), amount_pence=50)
    assert value("funding.total") == Decimal("3.00")
    assert value("funding.source source=grant") == Decimal("2.50")


def test_funding_without_any_allocation_has_no_value() -> None:
    assert value("funding.total") is None


def test_the_budget_of_a_category_is_the_sum_of_its_lines() -> None:
    category = BudgetCategoryFactory(slug="schools")
    BudgetLineFactory(category=category, amount_pence=1_000)
    BudgetLineFactory(category=category, amount_pence=500)
    BudgetLineFactory(amount_pence=7)
    assert value("budget.category category=schools") == Decimal("15.00")
    assert value("budget.total") == Decimal("15.07")


def test_an_award_counts_only_the_years_part_of_a_longer_commitment() -> None:
    grant = CommitmentFactory(award_pence=300)
    FundingSplitFactory(commitment=grant, year=2020, amount_pence=100)
    FundingSplitFactory(commitment=grant, year=2021, amount_pence=200)
    assert value("award.total") == Decimal("1.00")


@pytest.mark.parametrize("status", ["draft", "offered"])
def test_an_offer_is_not_an_award(status: str) -> None:
    FundingSplitFactory(commitment=CommitmentFactory(status=status))
    assert value("award.total") is None


def test_an_award_counts_from_the_day_it_was_made() -> None:
    FundingSplitFactory(commitment=CommitmentFactory(awarded_on=datetime.date(2020, 9, 1), award_pence=100))
    assert value("award.total", as_at=datetime.date(2020, 8, 31)) is None
    assert value("award.total", as_at=datetime.date(2020, 9, 1)) == 1


def test_the_years_part_of_an_award_is_divided_over_areas_to_the_penny() -> None:
    grant = CommitmentFactory(award_pence=300)
    FundingSplitFactory(commitment=grant, amount_pence=100)
    for code in ("A", "B", "C"):
        AreaShareFactory(commitment=grant, area=AreaFactory(code=code), amount_pence=100)
    figures = compute(scope(), [f"award.total borough={code}" for code in "ABC"])
    assert [figure.value for figure in figures.values()] == [Decimal("0.34"), Decimal("0.33"), Decimal("0.33")]


def test_a_spend_line_without_a_source_follows_the_grants_splits() -> None:
    grant = CommitmentFactory(award_pence=300)
    for slug, pence in (("one", 100), ("two", 200)):
        FundingSplitFactory(commitment=grant, source=FundingSourceFactory(slug=slug), amount_pence=pence)
    revision = approved_return(grant, 1, actual_pence=100)
    SpendLineFactory(revision=revision, number=2, source=FundingSourceFactory(slug="two"), actual_pence=5)
    figures = compute(scope(), ["spend.total source=one", "spend.total source=two"])
    assert [figure.value for figure in figures.values()] == [Decimal("0.33"), Decimal("0.72")]


def test_the_forecast_is_that_of_the_latest_return_and_the_outturn_adds_what_was_spent() -> None:
    grant = CommitmentFactory()
    approved_return(grant, 1, actual_pence=100, forecast_pence=900)
    approved_return(grant, 2, actual_pence=200, forecast_pence=500)
    assert value("spend.forecast") == Decimal("5.00")
    assert value("spend.outturn") == Decimal("8.00")


def test_variance_leaves_out_the_profile_of_quarters_not_yet_reported() -> None:
    grant = CommitmentFactory()
    for number in (1, 2):
        ProfileLineFactory(commitment=grant, quarter=ReportingQuarterFactory(number=number), amount_pence=1_000)
    approved_return(grant, 1, actual_pence=700)
    assert value("spend.variance") == Decimal("-3.00")
    assert value("spend.profile") == Decimal("20.00")


def test_unit_cost_divides_spend_by_new_people_of_the_same_returns() -> None:
    approved_return(CommitmentFactory(), 1, reach={"new": 4}, actual_pence=1_000)
    approved_return(CommitmentFactory(), 1, actual_pence=99_999)
    figure = compute(scope(), ["unit_cost"])["unit_cost"]
    assert (figure.value, figure.numerator, figure.denominator) == (Decimal("2.5000"), Decimal("10.00"), 4)


def test_unit_cost_of_nobody_is_not_applicable() -> None:
    approved_return(CommitmentFactory(), 1, reach={"new": 0}, actual_pence=1_000)
    figure = compute(scope(), ["unit_cost"])["unit_cost"]
    assert (figure.value, figure.display) == (None, "not applicable")


def test_a_grantee_with_two_grants_is_one_grantee() -> None:
    holder = OrganisationFactory()
    for _ in range(2):
        CommitmentFactory(organisation=holder)
    CommitmentFactory(kind="contract")
    assert value("grants.count") == 2
    assert value("grantees.count") == 1


def test_programmes_and_projects_are_counted_apart_and_together() -> None:
    parent = ProgrammeFactory()
    ProgrammeFactory(parent=parent)
    ProgrammeFactory(parent=parent)
    ProgrammeFactory(status="draft")
    keys = ["programmes.count", "programmes.count kind=project", "programmes.count kind=all"]
    assert [figure.value for figure in compute(scope(), keys).values()] == [1, 2, 3]


def test_only_counted_areas_are_counted_as_boroughs() -> None:
    programme = ProgrammeFactory()
    programme.areas.add(AreaFactory(), AreaFactory(kind="other_place"), AreaFactory(kind="whole"))
    assert value("boroughs.count") == 1


def test_spend_under_a_heading_is_the_part_of_the_lines_that_name_it() -> None:
    grant = CommitmentFactory(award_pence=300)
    source = FundingSplitFactory(commitment=grant, amount_pence=200).source
    FundingSplitFactory(commitment=grant, amount_pence=100)
    revision = approved_return(grant, 1)
    for number, (slug, pence) in enumerate({"evaluation": 100, "staff": 700}.items(), start=1):
        SpendLineFactory(
            revision=revision, number=number, heading=CostHeadingFactory(slug=slug, title=slug), actual_pence=pence
        )
    assert value("spend.heading heading=evaluation") == 1
    assert value("spend.heading heading=staff quarter=2020-21Q1") == 7
    assert value(f"spend.heading heading=evaluation source={source.slug}") == Decimal("0.67")
    assert value("spend.total") == 8


def test_match_funding_is_what_returns_state_and_missing_where_none_states_it() -> None:
    grant = CommitmentFactory(award_pence=300)
    source = FundingSplitFactory(commitment=grant, amount_pence=300).source
    revision = approved_return(grant, 1, actual_pence=100)
    assert value("match.total") is None
    SpendLineFactory(revision=revision, number=2, actual_pence=0, match_pence=5_000)
    assert value("match.total") == 50
    assert value(f"match.total source={source.slug}") == 50
    assert value("spend.total") == 1
