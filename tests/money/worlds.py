"""A small unit with money: two sources with room, three grants with whole plans, and the people who decide."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from grants.models import Commitment
from programmes.models import Area, BudgetCategory, CostHeading, FundingSource, Programme
from tests.cast import Cast
from tests.factories import (
    AllocationFactory,
    AreaFactory,
    AreaShareFactory,
    BudgetCategoryFactory,
    CommitmentFactory,
    CostHeadingFactory,
    FundingSourceFactory,
    FundingSplitFactory,
    ProfileLineFactory,
    ProgrammeFactory,
    ReachTargetFactory,
    ReportingQuarterFactory,
    TotalCategoryFactory,
    UnitFactory,
    UserFactory,
)
from vru.accounts.models import Role, User
from vru.lib.money import split_pence

YEAR = 2020


@dataclass(frozen=True)
class MoneyWorld:
    """``grant`` is the cast's own grantee's. Each award is 1,000.01 or more, two thirds from ``home`` and one from
    ``core``, spread evenly over four quarters and two headings.
    """

    cast: Cast
    other_director: User
    programme: Programme
    category: BudgetCategory
    home: FundingSource
    core: FundingSource
    staff: CostHeading
    rooms: CostHeading
    areas: tuple[Area, Area]
    grant: Commitment
    second: Commitment
    third: Commitment

    @property
    def grants(self) -> tuple[Commitment, Commitment, Commitment]:
        return (self.grant, self.second, self.third)


def whole_grant(world_parts: dict[str, object], award: int, **options: object) -> Commitment:
    """An active grant of 2020-21 whose splits, shares and profile each sum to the award."""
    parts = world_parts
    grant = CommitmentFactory(programme=parts["programme"], category=parts["category"], award_pence=award, **options)
    for source, pence in zip((parts["home"], parts["core"]), split_pence(award, [2, 1]), strict=True):
        FundingSplitFactory(commitment=grant, source=source, year=YEAR, amount_pence=pence)
    for area, pence in zip(parts["areas"], split_pence(award, [1, 1]), strict=True):  # type: ignore[call-overload]
        AreaShareFactory(commitment=grant, area=area, amount_pence=pence)
    spots = [
        (ReportingQuarterFactory(year=YEAR, number=number), heading)
        for number in (1, 2, 3, 4)
        for heading in (parts["staff"], parts["rooms"])
    ]
    for (quarter, heading), pence in zip(spots, split_pence(award, [1] * len(spots)), strict=True):
        ProfileLineFactory(commitment=grant, quarter=quarter, heading=heading, amount_pence=pence)
    for number in (1, 2, 3, 4):
        quarter = ReportingQuarterFactory(year=YEAR, number=number)
        ReachTargetFactory(commitment=grant, quarter=quarter, value=25)
    return grant


@pytest.fixture
def money_world(cast: Cast) -> MoneyWorld:
    UnitFactory()
    TotalCategoryFactory()
    home = FundingSourceFactory(slug="home-office", title="Home Office", order=1)
    core = FundingSourceFactory(slug="core", title="Core", order=2)
    for source in (home, core):
        AllocationFactory(source=source, year=YEAR, amount_pence=100_000_000)
    parts: dict[str, object] = {
        "programme": ProgrammeFactory(),
        "category": BudgetCategoryFactory(slug="community", title="Community"),
        "home": home,
        "core": core,
        "staff": CostHeadingFactory(slug="staff", title="Staff", order=1),
        "rooms": CostHeadingFactory(slug="rooms", title="Rooms", order=2),
        "areas": (AreaFactory(code="E09000012", name="Hackney"), AreaFactory(code="E09000014", name="Haringey")),
    }
    ours = cast.grantee.memberships.get().organisation
    theirs = cast.outside_grantee.memberships.get().organisation
    return MoneyWorld(
        cast=cast,
        other_director=UserFactory(role=Role.DIRECTOR, name="Other Director"),
        grant=whole_grant(parts, 10_000_001, organisation=ours, manager=cast.programme_manager, ref="GR-OURS"),
        second=whole_grant(parts, 5_000_000, organisation=theirs, ref="GR-SECOND"),
        third=whole_grant(parts, 2_000_003, organisation=theirs, ref="GR-THIRD"),
        **parts,  # type: ignore[arg-type]
    )
