"""The same organisation, kind of work and place funded twice at once is found; anything less is not called that."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants.models import Commitment
from grants.money.duplicates import duplicates_among, duplicates_of
from programmes.models import Area
from tests.factories import (
    AreaFactory,
    AreaShareFactory,
    CommitmentFactory,
    ConsortiumPartnerFactory,
    OrganisationFactory,
    ProgrammeFactory,
    ThemeFactory,
)

pytestmark = pytest.mark.django_db


def award(organisation: Any, theme: Any, area: Any, **options: Any) -> Commitment:
    programme = ProgrammeFactory(theme=theme, layer=options.pop("layer", "recorded"))
    commitment: Commitment = CommitmentFactory(programme=programme, organisation=organisation, **options)
    if area is not None:
        AreaShareFactory(commitment=commitment, area=area)
    return commitment


@pytest.fixture
def place() -> Any:
    return OrganisationFactory(), ThemeFactory(slug="youth-work", title="Youth work"), AreaFactory(name="Northside")


def test_the_same_work_in_the_same_place_is_a_duplicate_both_ways(place: Any) -> None:
    one = award(*place, starts_on=datetime.date(2020, 4, 1), ends_on=datetime.date(2021, 3, 31))
    two = award(*place, starts_on=datetime.date(2020, 10, 1), ends_on=datetime.date(2021, 9, 30))
    (found,) = duplicates_of(one)
    assert found.commitment == two
    assert (found.starts_on, found.ends_on) == (datetime.date(2020, 10, 1), datetime.date(2021, 3, 31))
    assert (found.organisations, found.theme, found.place) == ((place[0],), "Youth work", "Northside")
    assert [each.commitment for each in duplicates_of(two)] == [one]


@pytest.mark.parametrize(
    "other",
    [
        "another organisation",
        "another theme",
        "another place",
        "another time",
        "another layer",
        "a draft",
        "a completed award",
        "a cost of the unit itself",
    ],
)
def test_what_differs_in_one_respect_is_no_duplicate(place: Any, other: str) -> None:
    organisation, theme, area = place
    mine = award(*place)
    options: dict[str, Any] = {
        "another time": {"starts_on": datetime.date(2021, 4, 1), "ends_on": datetime.date(2022, 3, 31)},
        "another layer": {"layer": "illustrative"},
        "a draft": {"status": Commitment.Status.DRAFT},
        "a cost of the unit itself": {"kind": Commitment.Kind.UNIT_COST},
        "a completed award": {"status": Commitment.Status.COMPLETED},
    }.get(other, {})
    award(
        OrganisationFactory() if other == "another organisation" else organisation,
        ThemeFactory() if other == "another theme" else theme,
        AreaFactory() if other == "another place" else area,
        **options,
    )
    assert duplicates_of(mine) == []


def test_a_partner_of_a_consortium_counts_as_funded(place: Any) -> None:
    organisation, theme, area = place
    alone = award(*place)
    together = award(OrganisationFactory(), theme, area)
    ConsortiumPartnerFactory(commitment=together, organisation=organisation)
    assert [each.commitment for each in duplicates_of(alone)] == [together]
    assert [each.commitment for each in duplicates_of(together)] == [alone]


def test_money_for_the_whole_area_overlaps_every_place_in_it(place: Any) -> None:
    organisation, theme, _ = place
    mine = award(*place)
    everywhere = award(organisation, theme, AreaFactory(kind=Area.Kind.WHOLE))
    assert [(each.commitment, each.place) for each in duplicates_of(mine)] == [(everywhere, "Northside")]


def test_an_award_that_names_no_place_works_where_its_programme_works(place: Any) -> None:
    organisation, theme, area = place
    mine, other = award(*place), award(organisation, theme, None)
    other.programme.areas.set([AreaFactory()])
    assert duplicates_of(mine) == []
    other.programme.areas.add(area)
    assert [each.commitment for each in duplicates_of(mine)] == [other]


def test_a_commitment_without_a_theme_is_compared_with_nothing(place: Any) -> None:
    organisation, _, area = place
    assert duplicates_of(award(organisation, None, area)) == duplicates_of(award(organisation, None, area)) == []


def test_many_are_looked_up_in_as_many_queries_as_one(place: Any) -> None:
    first = award(*place)
    award(*place)
    with CaptureQueriesContext(connection) as one:
        duplicates_of(first)
    many = [award(*place) for _ in range(5)]
    with CaptureQueriesContext(connection) as several:
        found = duplicates_among([first, *many])
    assert len(several) == len(one)
    assert {len(each) for each in found.values()} == {6}
