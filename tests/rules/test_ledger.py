"""The unit's own records: a sound year gives nothing, and whatever is corrupted in the tables shows up."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest

from evaluation.rules import Found, find_issues
from grants.models import (
    AreaShare,
    Cell,
    Commitment,
    FundingSplit,
    Measure,
    Payment,
    ProfileLine,
    Revision,
    SpendLine,
    Variation,
)
from programmes.models import Allocation
from tests.factories.grants import (
    AreaShareFactory,
    CellFactory,
    CommitmentFactory,
    FundingSplitFactory,
    PaymentFactory,
    ProfileLineFactory,
    ReportingQuarterFactory,
    VariationFactory,
    approved_return,
)
from tests.factories.programmes import AllocationFactory, CategoryFactory, DimensionFactory
from vru.lib.layers import Layer
from vru.lib.periods import FinancialYear

YEAR = FinancialYear(2020)
pytestmark = pytest.mark.django_db


def issues() -> list[Found]:
    return find_issues(year=YEAR, layer=Layer.RECORDED)


def rules() -> set[str]:
    return {found.rule for found in issues()}


@pytest.fixture
def award() -> Commitment:
    """One grant of £100,000 whose money, payments, variation and first return all agree."""
    commitment = CommitmentFactory(programme__layer=Layer.RECORDED)
    split = FundingSplitFactory(commitment=commitment)
    AllocationFactory(source=split.source, year=YEAR.start, layer=Layer.RECORDED, amount_pence=20_000_000)
    AreaShareFactory(commitment=commitment)
    for number in (1, 2, 3, 4):
        ProfileLineFactory(commitment=commitment, quarter=ReportingQuarterFactory(number=number))
    PaymentFactory(commitment=commitment, number=1, status=Payment.Status.PAID, paid_on=datetime.date(2020, 7, 31))
    VariationFactory(commitment=commitment, number=1, before_pence=9_000_000, after_pence=10_000_000)
    reach = {Measure.NEW: 30, Measure.REFERRED: 50, Measure.STARTED: 40, Measure.COMPLETED: 12}
    revision = approved_return(commitment, 1, reach=reach, actual_pence=2_000_000)
    age = DimensionFactory(slug="age")
    CellFactory(revision=revision, measure=Measure.NEW, category=CategoryFactory(dimension=age, slug="a"), value=10)
    CellFactory(revision=revision, measure=Measure.NEW, category=CategoryFactory(dimension=age, slug="b"), value=20)
    return commitment


def test_a_sound_year_has_no_issue(award: Commitment) -> None:
    assert issues() == []


def _approve_variation_elsewhere() -> None:
    revision = Revision.objects.get()
    Variation.objects.update(
        status=Variation.Status.APPROVED,
        after_pence=9_500_000,
        approved_by=revision.approved_by,
        approved_at=revision.approved_at,
    )


CORRUPTIONS: dict[str, Callable[[], object]] = {
    "splits-miss-award": lambda: FundingSplit.objects.update(amount_pence=9_999_999),
    "shares-miss-award": lambda: AreaShare.objects.update(amount_pence=10_000_001),
    "profile-misses-award": lambda: ProfileLine.objects.filter(quarter__number=4).update(amount_pence=1),
    "variation-not-applied": _approve_variation_elsewhere,
    "paid-above-award": lambda: Payment.objects.update(amount_pence=10_000_001),
    "spent-above-award": lambda: SpendLine.objects.update(actual_pence=10_000_001),
    "source-overcommitted": lambda: Allocation.objects.update(amount_pence=9_000_000),
    "breakdown-misses-headline": lambda: Cell.objects.filter(category__slug="b").update(value=21),
    "funnel-widens": lambda: Cell.objects.filter(measure=Measure.COMPLETED).update(value=41),
    "signature-missing": lambda: Commitment.objects.update(needs_signatory=True),
    "approval-out-of-order": lambda: Revision.objects.update(
        submitted_at=datetime.datetime(2021, 3, 1, tzinfo=datetime.UTC)
    ),
    "approved-without-revision": lambda: Revision.objects.update(approved_at=None, approved_by=None),
}


@pytest.mark.parametrize("rule", CORRUPTIONS)
def test_a_row_corrupted_in_the_table_is_found(award: Commitment, rule: str) -> None:
    CORRUPTIONS[rule]()
    assert rule in rules()


def test_a_missing_split_is_a_split_of_nothing(award: Commitment) -> None:
    FundingSplit.objects.all().delete()
    found = next(each for each in issues() if each.rule == "splits-miss-award")
    assert found.difference == "£100,000"
    assert award.ref in found.where


def test_an_offer_nobody_accepted_is_not_looked_at(award: Commitment) -> None:
    CommitmentFactory(programme=award.programme, status=Commitment.Status.OFFERED, awarded_on=None)
    assert issues() == []


def test_another_layer_is_another_world(award: Commitment) -> None:
    FundingSplit.objects.update(amount_pence=1)
    assert find_issues(year=YEAR, layer=Layer.ILLUSTRATIVE) == []


def test_an_approval_after_the_day_is_not_looked_at(award: Commitment) -> None:
    Cell.objects.filter(category__slug="b").update(value=21)
    before = find_issues(year=YEAR, layer=Layer.RECORDED, as_at=datetime.date(2020, 6, 30))
    assert "breakdown-misses-headline" not in {found.rule for found in before}


def test_queries_do_not_grow_with_the_awards(award: Commitment, django_assert_max_num_queries: Callable) -> None:
    for _ in range(12):
        grant = CommitmentFactory(programme=award.programme)
        FundingSplitFactory(commitment=grant)
    with django_assert_max_num_queries(70):
        issues()
