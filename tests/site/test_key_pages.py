"""Pages of keys: made once, shown once, revoked by those who may."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from tests.cast import World
from tests.factories import ApiTokenFactory, MembershipFactory
from vru.accounts.models import ApiToken, Organisation, User

SECRET = re.compile(r"vru_[0-9a-f]{8}_[0-9a-f]{64}")
FILLED = {"name": "Case management", "scopes": ["returns:read", "returns:submit"], "days": "90"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def key_of(world: World, **changes: Any) -> ApiToken:
    return ApiTokenFactory(organisation=world.grant.organisation, user=world.cast.grantee, **changes)


def test_the_secret_is_shown_once_on_a_page_that_nobody_keeps(world: World) -> None:
    client = signed_in(world.cast.grantee)
    response = client.post(reverse("accounts:key-create"), FILLED)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    [secret] = SECRET.findall(response.content.decode())
    token = ApiToken.objects.get()
    assert (token.name, token.scopes, token.user) == (FILLED["name"], FILLED["scopes"], world.cast.grantee)
    assert Client().get("/api/v1/returns", headers={"Authorization": f"Bearer {secret}"}).status_code == 200
    for name in ("accounts:keys", "accounts:key-create"):
        assert secret[13:] not in client.get(reverse(name)).content.decode()
    assert all(secret not in str(session.get_decoded()) for session in Session.objects.all())


def test_a_reload_of_the_page_with_the_secret_makes_no_second_key(world: World) -> None:
    client = signed_in(world.cast.grantee)
    client.post(reverse("accounts:key-create"), FILLED)
    again = client.post(reverse("accounts:key-create"), FILLED)
    assert again.status_code == 422
    assert "already" in again.content.decode()
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "Say which system will use the key."),
        ({"scopes": []}, "Choose at least one thing that the key may do."),
        ({"days": "9999"}, "valid choice"),
        ({"scopes": ["figures:read"]}, "valid choice"),
        ({"name": "a\0b"}, "Null characters are not allowed"),
    ],
)
def test_a_form_that_is_not_whole_comes_back_with_what_is_missing(world: World, changes: Any, said: str) -> None:
    response = signed_in(world.cast.grantee).post(reverse("accounts:key-create"), {**FILLED, **changes})
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not ApiToken.objects.exists()


def test_a_person_of_two_organisations_says_which_and_only_one_of_their_own(world: World) -> None:
    MembershipFactory(user=world.cast.grantee, organisation=world.other_grant.organisation)
    strangers = Organisation.objects.create(ref="strangers", name="Strangers", kind="charity", layer="recorded")
    client = signed_in(world.cast.grantee)
    address = reverse("accounts:key-create")
    assert client.post(address, FILLED).status_code == 422
    assert client.post(address, {**FILLED, "organisation": strangers.pk}).status_code == 422
    assert not ApiToken.objects.exists()
    other = world.other_grant.organisation
    assert client.post(address, {**FILLED, "organisation": other.pk}).status_code == 200
    assert ApiToken.objects.get().organisation == other


def test_the_list_shows_the_organisations_own_keys_and_why_one_has_stopped(world: World) -> None:
    key_of(world, name="Ours")
    ApiTokenFactory(organisation=world.grant.organisation, user=world.cast.nobody, name="Of one who left")
    ApiTokenFactory(organisation=world.other_grant.organisation, user=world.cast.outside_grantee, name="Theirs")
    text = signed_in(world.cast.signatory).get(reverse("accounts:keys")).content.decode()
    assert "Ours" in text
    assert "Theirs" not in text
    assert "no longer acts for the organisation" in text


def test_a_member_of_staff_who_also_acts_for_a_grantee_sees_only_its_keys_there(world: World) -> None:
    MembershipFactory(user=world.cast.director, organisation=world.grant.organisation)
    ApiTokenFactory(organisation=world.other_grant.organisation, name="Theirs")
    assert "Theirs" not in signed_in(world.cast.director).get(reverse("accounts:keys")).content.decode()


def test_a_key_is_revoked_after_asking_and_goes_back_where_one_came_from(world: World) -> None:
    for person, back in (("signatory", "accounts:keys"), ("administrator", "administration-keys")):
        token = key_of(world)
        client = signed_in(world.cast.named(person))
        address = reverse("accounts:key-revoke", args=[token.pk])
        assert "stops working at once" in client.get(address).content.decode()
        token.refresh_from_db()
        assert token.revoked_at is None
        assert client.post(address)["Location"] == reverse(back)
        token.refresh_from_db()
        assert token.revoked_by == world.cast.named(person)


@pytest.mark.parametrize(("person", "code"), [("outside_grantee", 404), ("nobody", 404), ("director", 403)])
def test_others_do_not_revoke_a_key(world: World, person: str, code: int) -> None:
    token = key_of(world)
    address = reverse("accounts:key-revoke", args=[token.pk])
    assert signed_in(world.cast.named(person)).post(address).status_code == code
    token.refresh_from_db()
    assert token.revoked_at is None


def test_an_auditor_reads_all_keys_without_a_way_to_revoke_them(world: World) -> None:
    key_of(world, name="Ours")
    address = reverse("administration-keys")
    seen = signed_in(world.cast.auditor).get(address).content.decode()
    assert "Ours" in seen
    assert "Revoke" not in seen
    assert "Revoke" in signed_in(world.cast.administrator).get(address).content.decode()


def test_the_list_of_all_keys_costs_the_same_queries_however_long(
    world: World, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        key_of(world, name=f"System {number}")
    client = signed_in(world.cast.administrator)
    with django_assert_max_num_queries(12):
        client.get(reverse("administration-keys"))
