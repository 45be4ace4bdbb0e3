"""Programmes, grants and organisations through the API: the pages' filters, and the pages' rule of access."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.api.callers import Caller
from tests.cast import World
from tests.factories import (
    AreaFactory,
    AreaShareFactory,
    CommitmentFactory,
    ConsortiumPartnerFactory,
    FormerNameFactory,
    ObjectiveWeightFactory,
    PaymentFactory,
    ProfileLineFactory,
    RecoveryDebtFactory,
)
from vru.accounts.models import User


def get(user: User, address: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(address)


def refs(user: User, address: str) -> list[str]:
    return [row["ref"] for row in get(user, address).json()["results"]]


def test_staff_read_every_grant_in_one_order(world: World) -> None:
    everything = sorted([world.grant.ref, world.other_grant.ref])
    assert refs(world.cast.analyst, "/api/v1/grants") == everything
    pages = [refs(world.cast.analyst, f"/api/v1/grants?page_size=1&page={page}") for page in (1, 2)]
    assert [ref for page in pages for ref in page] == everything


def test_grantee_reads_only_its_own(world: World) -> None:
    for name, grant in (("grantee", world.grant), ("outside_grantee", world.other_grant)):
        person = world.cast.named(name)
        assert refs(person, "/api/v1/grants") == [grant.ref]
        assert refs(person, "/api/v1/organisations") == [grant.organisation.ref]
        assert refs(person, "/api/v1/programmes") == []


def test_key_sees_its_own_organisation_even_where_the_person_acts_for_two(world: World) -> None:
    world.cast.outside_grantee.memberships.update(user=world.cast.grantee)
    caller = Caller(world)
    rows = caller.get("/api/v1/grants").json()["results"]
    assert [row["ref"] for row in rows] == [world.grant.ref]
    assert caller.get(f"/api/v1/grants/{world.other_grant.ref}").status_code == 404
    assert caller.get(f"/api/v1/organisations/{world.other_grant.organisation.ref}").status_code == 404


def test_grant_says_its_money_in_pounds_and_pence(world: World) -> None:
    grant = world.grant
    AreaShareFactory(commitment=grant, area=AreaFactory(code="E09000007", name="Camden"))
    ProfileLineFactory(commitment=grant, amount_pence=123_45)
    PaymentFactory(commitment=grant, status="paid", paid_on="2020-07-31", amount_pence=2_500_01)
    RecoveryDebtFactory(commitment=grant, amount_pence=99)
    ConsortiumPartnerFactory(commitment=grant, share_pence=1_000_00)
    found = get(world.cast.finance_officer, f"/api/v1/grants/{grant.ref}").json()
    assert (found["award"], found["paid"], found["to_be_recovered"]) == ("10000.00", "2500.01", "0.99")
    assert found["splits"] == [{"source": grant.splits.get().source.slug, "year": "2020-21", "amount": "10000.00"}]
    assert found["areas"] == [{"code": "E09000007", "name": "Camden", "amount": "10000.00"}]
    assert found["profile"][0]["amount"] == "123.45"
    assert found["partners"][0]["share"] == "1000.00"
    assert found["returns"][0]["quarter"] == "2020-21Q2"


def test_grantee_is_not_shown_sources_and_decisions(world: World) -> None:
    found = get(world.cast.grantee, f"/api/v1/grants/{world.grant.ref}").json()
    assert "splits" not in found
    assert "decision" not in found


def test_programme_says_its_plan(world: World) -> None:
    programme = world.grant.programme
    weight = ObjectiveWeightFactory(programme=programme, percent=100)
    found = get(world.cast.auditor, f"/api/v1/programmes/{programme.ref}").json()
    assert found["objectives"] == [{"number": weight.objective.number, "percent": 100}]
    assert found["title"] == programme.title


def test_organisation_says_its_former_names_and_its_grants(world: World) -> None:
    organisation = world.grant.organisation
    FormerNameFactory(organisation=organisation, name="Old Lamps")
    found = get(world.cast.grantee, f"/api/v1/organisations/{organisation.ref}").json()
    assert found["former_names"] == ["Old Lamps"]
    assert [grant["ref"] for grant in found["grants"]] == [world.grant.ref]
    assert "@" not in str(found)


def test_filters_are_those_of_the_page(world: World) -> None:
    draft = CommitmentFactory(programme=world.grant.programme, status="draft", title="Boxing on Fridays")
    person = world.cast.analyst
    assert refs(person, "/api/v1/grants?status=draft") == [draft.ref]
    assert refs(person, "/api/v1/grants?text=boxing") == [draft.ref]
    assert refs(person, "/api/v1/grants?status=active&text=boxing") == []
    assert refs(person, "/api/v1/organisations?text=rivals") == [world.other_grant.organisation.ref]


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/api/v1/grants?statuss=draft", "statuss"),
        ("/api/v1/grants?status=lost", "status"),
        ("/api/v1/grants?layer=secret", "layer"),
        ("/api/v1/programmes?area=Brixton", "area"),
        ("/api/v1/organisations?status=draft", "status"),
    ],
)
def test_filter_that_means_nothing_is_400_that_names_it(world: World, address: str, field: str) -> None:
    answer = get(world.cast.analyst, address)
    assert answer.status_code == 400
    assert field in {error["field"] for error in answer.json()["errors"]}


@pytest.mark.parametrize("address", ["/api/v1/grants", "/api/v1/programmes", "/api/v1/organisations"])
def test_lists_ask_the_database_a_fixed_number_of_questions(
    world: World, address: str, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for _ in range(12):
        CommitmentFactory(programme=world.grant.programme)
    client = Client()
    client.force_login(world.cast.analyst)
    with django_assert_max_num_queries(13):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", ["/api/v1/nothing", "/api/", "/api/v2/grants", "/api/v1/grants?text=%00"])
def test_address_that_is_not_there_is_answered_in_the_words_of_the_api(world: World, address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code in (400, 404)
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code
