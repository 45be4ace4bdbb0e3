"""The recurring people of the tests, and a small world in which they all have something to do."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import pytest

from grants.models import Commitment, MonitoringReturn
from programmes.models import CostHeading
from tests.factories import (
    CategoryFactory,
    CommitmentFactory,
    CommitmentIndicatorFactory,
    CostHeadingFactory,
    DimensionFactory,
    FundingSplitFactory,
    IndicatorVersionFactory,
    MembershipFactory,
    MonitoringReturnFactory,
    OrganisationFactory,
    QuestionFactory,
    ReportingQuarterFactory,
    TotalCategoryFactory,
    UnitFactory,
    UserFactory,
)
from vru.accounts.models import Membership, Role, User


@dataclass(frozen=True)
class Cast:
    """One person of each kind. ``outside_grantee`` belongs to another organisation with a grant of its own."""

    director: User
    programme_manager: User
    finance_officer: User
    analyst: User
    auditor: User
    administrator: User
    grantee: User
    signatory: User
    outside_grantee: User
    nobody: User

    def named(self, name: str) -> User:
        person: User = getattr(self, name)
        return person


STAFF = ("director", "programme_manager", "finance_officer", "analyst", "auditor", "administrator")
GRANTEES = ("grantee", "signatory", "outside_grantee", "nobody")


@dataclass(frozen=True)
class World:
    """A grant with a return in each place of its life, and another organisation's grant."""

    cast: Cast
    grant: Commitment
    monitoring_return: MonitoringReturn
    other_grant: Commitment
    other_return: MonitoringReturn


@pytest.fixture
def cast(db: None) -> Cast:
    staff = {name: UserFactory(name=name.replace("_", " ").title(), role=Role(name)) for name in STAFF}
    people = {name: UserFactory(name=name.replace("_", " ").title()) for name in GRANTEES}
    ours, theirs = OrganisationFactory(name="Bright Futures (invented)"), OrganisationFactory(name="Rivals (invented)")
    MembershipFactory(user=people["grantee"], organisation=ours, role=Membership.Role.SUBMITTER)
    MembershipFactory(user=people["signatory"], organisation=ours, role=Membership.Role.SIGNATORY)
    MembershipFactory(user=people["outside_grantee"], organisation=theirs, role=Membership.Role.SUBMITTER)
    return Cast(**staff, **people)


@pytest.fixture
def world(cast: Cast) -> World:
    """Two age categories and "not known", one cost heading, one percentage, one required question."""
    UnitFactory()
    TotalCategoryFactory()
    age = DimensionFactory(slug="age", title="Age")
    for slug, label, kind in (
        ("10-14", "10 to 14", "normal"),
        ("15-17", "15 to 17", "normal"),
        ("not-known", "Not known", "not_known"),
    ):
        CategoryFactory(dimension=age, slug=slug, label=label, kind=kind, valid_from=datetime.date(2020, 4, 1))
    CostHeadingFactory(slug="labour", title="Staff")
    QuestionFactory(slug="what-went-well", section="G", text="What went well?", kind="long", is_required=False)
    ours = cast.grantee.memberships.get().organisation
    theirs = cast.outside_grantee.memberships.get().organisation
    quarter = ReportingQuarterFactory(year=2020, number=2)
    grant = CommitmentFactory(organisation=ours, manager=cast.programme_manager, award_pence=10_000_00)
    FundingSplitFactory(commitment=grant)
    version = IndicatorVersionFactory(kind="percentage", numerator="Stayed in school", denominator="All followed up")
    CommitmentIndicatorFactory(commitment=grant, version=version, year=2020)
    other = CommitmentFactory(organisation=theirs, programme=grant.programme)
    made = {
        item: MonitoringReturnFactory(
            commitment=item, quarter=quarter, status="open", due_on=datetime.date(2020, 10, 15)
        )
        for item in (grant, other)
    }
    return World(cast, grant, made[grant], other, made[other])


def complete_answers(world: World) -> dict[str, dict[str, str]]:
    """Typed text of a return that has neither errors nor warnings."""
    heading = CostHeading.objects.get()
    slug = world.grant.indicators.get().version.indicator.slug
    return {
        "C": {"reach.new": "10", "reach.contacts": "1,169"},
        "D": {"age.10-14": "4", "age.15-17": "6"},
        "E": {f"indicator.{slug}.numerator": "3", f"indicator.{slug}.denominator": "4"},
        "F": {f"spend.{heading.slug}.actual": "£1,234.50", f"spend.{heading.slug}.forecast": "100"},
        "G": {"answer.what-went-well": "Ten young people came every week. 🌟"},
    }
