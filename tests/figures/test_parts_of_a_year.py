"""A year cut off in its course, several values asked for together, money by month, people by source."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from evaluation.figures import UnknownFigure, compute, contributions
from evaluation.figures.key import FigureKey
from tests.factories import (
    CategoryFactory,
    CellFactory,
    CommitmentFactory,
    DimensionFactory,
    FundingSourceFactory,
    FundingSplitFactory,
    PaymentFactory,
    ReachTargetFactory,
    ReportingQuarterFactory,
    SpendLineFactory,
    approved_return,
)
from tests.figures.worlds import scope
from vru.lib.periods import Month, PeriodError

pytestmark = pytest.mark.django_db


def value(key: str, **options: object) -> Decimal | None:
    canonical = str(FigureKey.parse(key))
    return compute(scope(**options), [key])[canonical].value  # type: ignore[arg-type]


def traced(key: str) -> Decimal:
    return sum((row.value for row in contributions(scope(), key)), Decimal(0))


def test_the_year_until_a_quarter_counts_the_quarters_that_had_ended() -> None:
    grant = CommitmentFactory()
    for number, new in ((1, 5), (2, 7), (3, 11)):
        approved_return(grant, number, reach={"new": new, "carried_in": 20})
    assert value("reach.new until=2020-21Q2") == 12
    assert value("reach.supported until=2020-21Q2") == 32
    assert value("returns.expected until=2020-21Q2") == 2
    assert traced("reach.new until=2020-21Q2") == 12


def test_a_month_cuts_the_year_off_at_the_last_quarter_that_had_ended() -> None:
    grant = CommitmentFactory()
    for number, new in ((1, 5), (2, 7), (3, 11)):
        approved_return(grant, number, reach={"new": new})
    assert value("reach.new until=2020-21M08") == 12
    assert value("reach.new until=2020-21M09") == 23
    assert value("reach.new until=2020-21M02") is None


def test_what_is_never_summed_over_time_is_the_latest_by_then() -> None:
    grant = CommitmentFactory()
    approved_return(grant, 1, reach={"active": 30})
    approved_return(grant, 3, reach={"active": 12})
    assert value("reach.active until=2020-21Q2") == 30


def test_the_outturn_until_a_quarter_uses_the_forecast_made_by_then() -> None:
    grant = CommitmentFactory()
    for number, forecast in ((1, 900_000), (2, 100_000)):
        revision = approved_return(grant, number, actual_pence=200_000)
        revision.spend_lines.update(forecast_pence=forecast)
    assert value("spend.outturn until=2020-21Q1") == Decimal("11000.00")
    assert value("spend.outturn until=2020-21Q2") == Decimal("5000.00")


def test_a_figure_that_has_no_course_cannot_be_cut_off() -> None:
    with pytest.raises(UnknownFigure, match='cannot be cut off with "until"'):
        value("funding.total until=2020-21Q2")
    with pytest.raises(UnknownFigure, match="cannot be cut off"):
        value("reach.new quarter=2020-21Q1 until=2020-21Q2")
    with pytest.raises(UnknownFigure, match="is not in the year 2020-21"):
        value("reach.new until=2021-22Q2")
    with pytest.raises(PeriodError, match="is not a quarter"):
        FigureKey.parse("reach.new until=June")


def test_categories_asked_for_together_are_added_and_traced() -> None:
    ages = DimensionFactory(slug="age", title="Age")
    revision = approved_return(CommitmentFactory(), 1, reach={"new": 60})
    for slug, count in (("0-9", 10), ("10-14", 20), ("15-17", 30)):
        CellFactory(revision=revision, category=CategoryFactory(dimension=ages, slug=slug, label=slug), value=count)
    key = "reach.breakdown category=15-17+10-14 dimension=age"
    figure = compute(scope(), [key])["reach.breakdown category=10-14+15-17 dimension=age"]
    assert figure.value == 50
    assert figure.label == "New people supported, Age: 10-14 or 15-17"
    assert (figure.returns_received, figure.returns_expected) == (1, 1)
    assert traced(key) == 50
    assert value("reach.breakdown category=10-14+15-17 dimension=age until=2020-21Q1") == 50


def test_a_category_that_does_not_exist_is_refused_in_a_union_too() -> None:
    CategoryFactory(dimension=DimensionFactory(slug="age"), slug="10-14")
    with pytest.raises(UnknownFigure, match='no category "19-21"'):
        value("reach.breakdown category=10-14+19-21 dimension=age")


def test_a_grant_of_two_sources_counts_once_where_both_are_asked_for_together() -> None:
    grant, home, core = CommitmentFactory(), FundingSourceFactory(slug="home"), FundingSourceFactory(slug="core")
    FundingSplitFactory(commitment=grant, source=home, amount_pence=100)
    FundingSplitFactory(commitment=grant, source=core, amount_pence=100)
    revision = approved_return(grant, 1, reach={"new": 9})
    SpendLineFactory(revision=revision, actual_pence=1_001, source=None)
    assert value("reach.new source=home") == 9
    assert value("reach.new source=core") == 9
    assert value("reach.new source=core+home") == 9
    assert traced("reach.new source=core+home") == 9
    assert value("spend.total source=core+home") == value("spend.total") == traced("spend.total source=core+home")


def test_the_forecast_of_people_is_what_came_and_the_targets_still_to_come() -> None:
    reporting, silent = CommitmentFactory(), CommitmentFactory()
    for number in (1, 2, 3, 4):
        quarter = ReportingQuarterFactory(number=number)
        ReachTargetFactory(commitment=reporting, quarter=quarter, measure="new", value=10)
        ReachTargetFactory(commitment=silent, quarter=quarter, measure="new", value=1)
    approved_return(reporting, 1, reach={"new": 7})
    approved_return(reporting, 2, reach={"new": 8})
    assert value("reach.forecast") == 15 + 20 + 4
    assert value("reach.forecast until=2020-21Q1") == 7 + 30 + 4
    assert value("reach.target until=2020-21Q2") == 22


def test_money_by_month_is_what_was_paid_in_it_less_credit_notes() -> None:
    home, core = FundingSourceFactory(slug="home", order=1), FundingSourceFactory(slug="core", order=2)
    grant = CommitmentFactory()
    FundingSplitFactory(commitment=grant, source=home, amount_pence=300)
    FundingSplitFactory(commitment=grant, source=core, amount_pence=100)
    paid = {"commitment": grant, "status": "paid"}
    PaymentFactory(**paid, amount_pence=40_000, paid_on=datetime.date(2020, 7, 1))
    PaymentFactory(**paid, amount_pence=-10_000, is_credit_note=True, paid_on=datetime.date(2020, 7, 31))
    PaymentFactory(**paid, amount_pence=8_000, paid_on=datetime.date(2020, 8, 1))
    PaymentFactory(commitment=grant, amount_pence=99_999)
    assert value("payments.paid month=2020-21M04") == Decimal("300.00")
    assert value("payments.paid month=2020-21M04 source=core") == Decimal("75.00")
    assert value("payments.paid until=2020-21M05") == Decimal("380.00")
    assert value("payments.paid until=2020-21Q1") is None
    assert value("payments.paid", as_at=datetime.date(2020, 7, 31)) == Decimal("300.00")
    assert value("payments.paid month=2020-21M06") == 0
    assert traced("payments.paid month=2020-21M04 source=core") == Decimal("75.00")


def test_a_payment_of_a_grant_that_ended_before_the_year_still_counts() -> None:
    grant = CommitmentFactory(starts_on=datetime.date(2018, 4, 1), ends_on=datetime.date(2019, 3, 31))
    PaymentFactory(commitment=grant, status="paid", amount_pence=700, paid_on=datetime.date(2020, 5, 5))
    assert value("payments.paid month=2020-21M02") == Decimal("7.00")


@pytest.mark.parametrize(
    ("text", "starts", "ends", "said"),
    [
        ("2020-21M01", (2020, 4, 1), (2020, 4, 30), "April 2020"),
        ("2020-21 M09", (2020, 12, 1), (2020, 12, 31), "December 2020"),
        ("2020-21M11", (2021, 2, 1), (2021, 2, 28), "February 2021"),
    ],
)
def test_a_month_of_a_financial_year_knows_its_days(text, starts, ends, said) -> None:
    month = Month.parse(text)
    assert (month.starts_on, month.ends_on, str(month)) == (datetime.date(*starts), datetime.date(*ends), said)
    assert Month.of(month.starts_on) == Month.of(month.ends_on) == month


@pytest.mark.parametrize("text", ["2020-21M13", "2020-21M00", "2020-21M1", "M01", "2020M01"])
def test_a_month_that_cannot_be_is_refused(text) -> None:
    with pytest.raises(PeriodError):
        Month.parse(text)
