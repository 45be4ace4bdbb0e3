"""Small generated worlds: grants with splits, area shares and some of the year's returns."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from hypothesis import strategies as st

from evaluation.figures import Scope
from evaluation.figures.figure import Figure
from grants.models import Commitment
from tests.factories import (
    AreaFactory,
    AreaShareFactory,
    BudgetCategoryFactory,
    CategoryFactory,
    CellFactory,
    CommitmentFactory,
    DimensionFactory,
    FundingSourceFactory,
    FundingSplitFactory,
    IndicatorFactory,
    IndicatorVersionFactory,
    LogicLinkFactory,
    ObjectiveFactory,
    OrganisationFactory,
    OutcomeFactory,
    ProgrammeFactory,
    ReadingFactory,
    StrategyVersionFactory,
    ThemeFactory,
    UserFactory,
    approved_return,
)
from vru.lib.periods import FinancialYear

YEAR = FinancialYear(2020)
AFTER = datetime.date(2021, 6, 30)
AGES = ("0-9", "10-14", "not-known")


@dataclass(frozen=True)
class Return:
    by_age: tuple[int, int, int]
    spend: int
    numerator: int
    denominator: int

    @property
    def new(self) -> int:
        return sum(self.by_age)


@dataclass(frozen=True)
class Grant:
    objective: int
    theme: int
    organisation: int
    splits: tuple[int, int]
    shares: tuple[int, int, int]
    returns: tuple[Return | None, ...]


small = st.integers(0, 40)
returns = st.builds(
    lambda ages, spend, top, more: Return(ages, spend, top, top + more),
    st.tuples(small, small, small),
    st.integers(0, 99_999),
    small,
    small,
)
grants = st.builds(
    Grant,
    objective=st.integers(1, 3),
    theme=st.integers(0, 1),
    organisation=st.integers(0, 1),
    splits=st.tuples(st.integers(0, 9_999), st.integers(1, 9_999)),
    shares=st.tuples(*[st.integers(0, 9)] * 3).filter(any),
    returns=st.tuples(*[st.none() | returns] * 4),
)
worlds = st.lists(grants, min_size=1, max_size=3)


class Unwind(Exception):
    """Takes a generated world back out of the database."""


@contextmanager
def built(world: list[Grant]) -> Iterator[Scope]:
    """The world in the database for as long as the block lasts."""
    try:
        with transaction.atomic():
            build(world)
            yield scope()
            raise Unwind
    except Unwind:
        pass


def scope(as_at: datetime.date = AFTER, layer: str = "recorded") -> Scope:
    return Scope.of(YEAR, layer, as_at)


def build(world: list[Grant]) -> None:
    version = StrategyVersionFactory()
    outcomes = [OutcomeFactory(version=version, number=number) for number in (1, 2)]
    objectives = [ObjectiveFactory(version=version, number=number) for number in (1, 2, 3)]
    for objective, outcome in ((0, 0), (0, 1), (1, 1)):
        LogicLinkFactory(objective=objectives[objective], outcome=outcomes[outcome])
    people = {"submitted_by": UserFactory(), "approved_by": UserFactory()}
    ages = DimensionFactory(slug="age")
    categories = [CategoryFactory(dimension=ages, slug=slug) for slug in AGES]
    indicator = IndicatorVersionFactory(
        indicator=IndicatorFactory(slug="safer"), kind="percentage", objective=objectives[0]
    )
    holders = [OrganisationFactory(ref=f"holder-{number}") for number in range(2)]
    for number, grant in enumerate(world):
        programme = ProgrammeFactory(
            primary_objective=objectives[grant.objective - 1], theme=ThemeFactory(slug=f"theme-{grant.theme}")
        )
        commitment = CommitmentFactory(
            ref=f"GR-{number}",
            programme=programme,
            organisation=holders[grant.organisation],
            category=BudgetCategoryFactory(slug="community"),
            award_pence=sum(grant.splits),
        )
        award(commitment, grant)
        for quarter, reported in enumerate(grant.returns, start=1):
            if reported is None:
                continue
            revision = approved_return(
                commitment, quarter, reach={"new": reported.new}, actual_pence=reported.spend, **people
            )
            for category, value in zip(categories, reported.by_age, strict=True):
                CellFactory(revision=revision, category=category, value=value)
            ReadingFactory(
                revision=revision,
                version=indicator,
                value=None,
                numerator=reported.numerator,
                denominator=reported.denominator,
            )


def award(commitment: Commitment, grant: Grant) -> None:
    for slug, pence in zip(("one", "two"), grant.splits, strict=True):
        FundingSplitFactory(commitment=commitment, source=FundingSourceFactory(slug=slug), amount_pence=pence)
    for code, share in zip(("A", "B", "C"), grant.shares, strict=True):
        AreaShareFactory(commitment=commitment, area=AreaFactory(code=code), amount_pence=share)


def added(figures: dict[str, Figure], start: str) -> Decimal:
    """The sum over figures whose key is the family and exactly one more parameter, ``start`` being "name param="."""
    found = [figure for key, figure in figures.items() if key.startswith(start) and key.count("=") == 1]
    return sum((figure.value for figure in found if figure.value is not None), Decimal(0))
