"""Addresses that no page of ours links to."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from tests.cast import World
from tests.security.test_hostile_returns import signed_in

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("quarter", ["x", "-1", "%D9%A1", "2199-00Q5"])
def test_a_figure_of_a_quarter_that_cannot_be_read_is_not_found(world: World, quarter: str) -> None:
    client = signed_in(world.cast.analyst)
    assert client.get(f"{reverse('evaluation:figure')}?key=reach.new%20quarter={quarter}").status_code == 404


def test_a_figure_of_a_quarter_with_a_nul_in_it_is_a_bad_request(world: World) -> None:
    client = signed_in(world.cast.analyst)
    assert client.get(f"{reverse('evaluation:figure')}?key=reach.new%20quarter=%00").status_code == 400


@pytest.mark.parametrize("name", ["account_login", "home", "help"])
def test_a_wrong_host_name_is_a_bad_request_and_no_failure(db: None, name: str) -> None:
    client = Client(raise_request_exception=False)
    response = client.get(reverse(name), headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert "We could not read that" in response.content.decode()


@pytest.mark.parametrize(
    "address",
    ["/grants/%00/", "/programmes/%00/", "/returns/%00/2020-21Q1/", "/returns/x/%00/", "/returns/x%00/check/"],
)
def test_a_reference_with_a_nul_character_is_not_found(world: World, address: str) -> None:
    for person in (world.cast.analyst, world.cast.grantee):
        assert signed_in(person).get(address).status_code == 404


@pytest.mark.parametrize("action", ["action_add", "action_primary", "action_remove"])
@pytest.mark.parametrize("of", ["analyst", "nobody"])
def test_nobody_takes_an_address_that_they_were_not_invited_at(world: World, action: str, of: str) -> None:
    mine, theirs = world.cast.grantee, world.cast.named(of)
    before = mine.email
    EmailAddress.objects.create(user=mine, email=theirs.email, verified=False, primary=False)
    for address in (theirs.email, "fresh@elsewhere.example"):
        response = signed_in(mine).post(reverse("account_email"), {"email": address, action: ""})
        assert response.status_code == 302
    mine.refresh_from_db()
    assert mine.email == before
    assert EmailAddress.objects.filter(user=mine).exclude(email=before).count() == 1


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)"]
)
def test_signing_in_never_leads_to_another_site(world: World, target: str) -> None:
    person = world.cast.grantee
    person.set_password("a long enough secret")
    person.save()
    sent = {"login": person.email, "password": "a long enough secret", "next": target}
    response = Client().post(reverse("account_login"), sent)
    assert response.headers["Location"] == "/"


@pytest.mark.parametrize("method", ["get", "head", "options", "post", "put", "patch", "delete"])
@pytest.mark.parametrize(
    "name",
    ["tasks", "check", "declare", "receipt", "sign", "review", "approve", "query", "reopen", "section", "answer"],
)
def test_another_organisations_return_does_not_exist_by_any_method(world: World, name: str, method: str) -> None:
    extra: list[object] = {"section": ["C"], "answer": [1]}.get(name, [])
    quarter = world.monitoring_return.quarter.key
    address = reverse(f"returns:{name}", args=[world.grant.ref, quarter, *extra])
    response = getattr(signed_in(world.cast.outside_grantee), method)(address)
    assert response.status_code in {403, 404, 405}
    assert world.grant.title not in response.content.decode()
