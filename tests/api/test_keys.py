"""Keys: how they are made and ended, what is kept of them, and when they stop."""

from __future__ import annotations

import datetime
import hashlib
import json
import logging
from typing import Any

import pytest
from django.core import serializers
from django.test import Client
from django.utils import timezone

from tests.api.callers import EVERY_SCOPE, Caller, make_key
from tests.cast import World
from tests.factories import MembershipFactory
from vru.accounts.actions.api_tokens import KeyRefused, create_token, hash_of, revoke_token
from vru.accounts.models import ApiToken, AuditEvent, Membership


def make(world: World, **changes: Any) -> tuple[ApiToken, str]:
    wanted = {"name": "Cases", "scopes": EVERY_SCOPE, "days": 30, "by": world.cast.grantee}
    return create_token(organisation=world.grant.organisation, **{**wanted, **changes})


def test_only_the_hash_of_a_key_is_kept(world: World) -> None:
    token, secret = make(world)
    assert token.secret_hash == hashlib.sha256(secret.encode()).hexdigest() == hash_of(secret)
    assert secret.startswith(token.prefix)
    assert len(secret) == 12 + 1 + 64
    kept = serializers.serialize("json", [*ApiToken.objects.all(), *AuditEvent.objects.all()])
    assert secret[13:] not in kept


def test_two_keys_are_never_alike(world: World) -> None:
    assert len({make(world, name=f"System {n}")[1] for n in range(10)}) == 10


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "  "}, "which system"),
        ({"name": "x" * 101}, "which system"),
        ({"name": "a\0b"}, "which system"),
        ({"scopes": []}, "at least one"),
        ({"scopes": ["figures:read"]}, "at least one"),
        ({"days": 0}, "between 1 and 365"),
        ({"days": 366}, "between 1 and 365"),
    ],
)
def test_a_key_that_makes_no_sense_is_refused_with_a_sentence(world: World, changes: Any, said: str) -> None:
    with pytest.raises(KeyRefused, match=said):
        make(world, **changes)
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("name", ["outside_grantee", "nobody", "director", "administrator"])
def test_people_who_do_not_act_for_the_organisation_make_no_key_for_it(world: World, name: str) -> None:
    with pytest.raises(KeyRefused, match="act for this organisation"):
        make(world, by=world.cast.named(name))


def test_a_reload_of_the_form_makes_no_second_key(world: World) -> None:
    token, _ = make(world)
    with pytest.raises(KeyRefused, match="already"):
        make(world)
    revoke_token(token=token, by=world.cast.grantee)
    assert make(world)[0].pk != token.pk


def test_an_organisation_has_a_bounded_number_of_keys(world: World) -> None:
    for number in range(20):
        make(world, name=f"System {number}")
    with pytest.raises(KeyRefused, match="20 keys"):
        make(world, name="One more")


def test_making_and_revoking_are_in_the_audit_trail_once(world: World) -> None:
    token, _ = make(world)
    revoke_token(token=token, by=world.cast.signatory)
    revoke_token(token=token, by=world.cast.signatory)
    events = AuditEvent.objects.about(token).order_by("pk")
    assert [(event.action, event.actor) for event in events] == [
        ("key made", world.cast.grantee),
        ("key revoked", world.cast.signatory),
    ]
    assert events[0].details["scopes"] == list(EVERY_SCOPE)


@pytest.mark.parametrize(
    ("name", "may"),
    [("grantee", True), ("signatory", True), ("administrator", True), ("outside_grantee", False), ("director", False)],
)
def test_who_may_revoke_a_key(world: World, name: str, may: bool) -> None:
    token, _ = make(world)
    if may:
        assert revoke_token(token=token, by=world.cast.named(name)).revoked_at
    else:
        with pytest.raises(KeyRefused):
            revoke_token(token=token, by=world.cast.named(name))


def test_a_working_key_opens_the_list(world: World) -> None:
    response = Caller(world).get("/api/v1/returns")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("sent", ["", "x", "vru_", "vru_00000000_" + "0" * 64, "é" * 20, "x" * 100_000, "\x01"])
def test_a_wrong_key_is_401_and_says_how_to_sign_in(world: World, sent: str) -> None:
    response = Caller(world, secret=sent).get("/api/v1/returns")
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["type"] == "urn:vru:problem:key-refused"


def test_the_right_prefix_with_another_secret_is_a_wrong_key(world: World) -> None:
    secret = make_key(world)
    other = secret[:-1] + ("0" if secret[-1] != "0" else "1")
    assert Caller(world, secret=other).get("/api/v1/returns").status_code == 401
    assert Caller(world, secret=secret[:-1]).get("/api/v1/returns").status_code == 401
    assert Caller(world, secret=secret).get("/api/v1/returns").status_code == 200


def test_no_key_at_all_is_401(world: World) -> None:
    response = Client().get("/api/v1/returns")
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert "Authorization: Bearer" in response.json()["detail"]


def stop_by_revoking(token: ApiToken) -> None:
    revoke_token(token=token, by=token.user)


def stop_by_time(token: ApiToken) -> None:
    ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now())


def stop_by_leaving(token: ApiToken) -> None:
    Membership.objects.filter(user=token.user).update(ended_at=timezone.now())


def stop_by_closing_the_account(token: ApiToken) -> None:
    token.user.is_active = False
    token.user.save(update_fields=["is_active"])


@pytest.mark.parametrize(
    ("stop", "said"),
    [
        (stop_by_revoking, "revoked"),
        (stop_by_time, "ended on"),
        (stop_by_leaving, "no longer acts"),
        (stop_by_closing_the_account, "no longer acts"),
    ],
)
def test_a_key_stops_at_once(world: World, stop: Any, said: str) -> None:
    caller = Caller(world)
    assert caller.get().status_code == 200
    stop(ApiToken.objects.get())
    response = caller.get()
    assert response.status_code == 401
    assert said in response.json()["detail"]


def test_a_person_who_acts_for_two_organisations_has_keys_that_open_one(world: World) -> None:
    caller = Caller(world)
    MembershipFactory(user=world.cast.grantee, organisation=world.other_grant.organisation)
    other = f"/api/v1/returns/{world.other_grant.ref}/{world.other_return.quarter.key}"
    assert caller.get(other).status_code == 404
    assert [row["grant"] for row in caller.get("/api/v1/returns").json()["results"]] == [world.grant.ref]


def test_a_key_of_a_member_of_staff_sees_only_its_organisation(world: World) -> None:
    MembershipFactory(user=world.cast.director, organisation=world.grant.organisation)
    caller = Caller(world, secret=make_key(world, by=world.cast.director))
    assert [row["grant"] for row in caller.get("/api/v1/returns").json()["results"]] == [world.grant.ref]


def test_another_organisations_return_does_not_exist_for_a_key(world: World) -> None:
    caller = Caller(world)
    caller.base = f"/api/v1/returns/{world.other_grant.ref}/{world.other_return.quarter.key}"
    assert caller.get().status_code == 404
    assert caller.get("template").status_code == 404
    assert caller.get("draft").status_code == 404
    assert caller.save({"reach.new": 1}).status_code == 404
    assert caller.save({"reach.new": 1}, method="PUT").status_code == 404
    assert caller.call("POST", "validation", {}).status_code == 404
    assert caller.submit().status_code == 404
    missing = Caller(world, secret=caller.secret).get("/api/v1/returns/NONE/2020-21Q2").json()
    assert caller.get().json() == missing


@pytest.mark.parametrize(
    ("scopes", "refused"),
    [
        (["returns:read"], {"PATCH draft": "returns:draft", "POST submission": "returns:submit"}),
        (["returns:draft"], {"GET draft": "returns:read", "POST submission": "returns:submit"}),
        (["returns:submit"], {"GET template": "returns:read", "PUT draft": "returns:draft"}),
    ],
)
def test_a_missing_scope_is_403_and_named(world: World, scopes: list[str], refused: dict[str, str]) -> None:
    caller = Caller(world, secret=make_key(world, scopes=scopes))
    for asked, scope in refused.items():
        method, path = asked.split()
        response = caller.call(method, path, {"values": {}} if method != "GET" else None)
        assert response.status_code == 403
        assert scope in response.json()["detail"]


def test_a_key_opens_no_page_and_nothing_of_the_staffs_api(world: World) -> None:
    MembershipFactory(user=world.cast.director, organisation=world.grant.organisation)
    caller = Caller(world, secret=make_key(world, by=world.cast.director))
    for page in ("/", "/grants/", "/organisation/keys/", f"/returns/{world.grant.ref}/2020-21Q2/"):
        assert caller.get(page).status_code == 302
    for address in ("/api/v1/figures?year=2020-21", "/api/v1/figures/definitions", "/api/schema"):
        assert caller.get(address).status_code == 403


def test_use_is_noted_at_most_once_a_minute(world: World, django_assert_num_queries: Any) -> None:
    caller = Caller(world)
    caller.get("/api/v1/returns")
    first = ApiToken.objects.get().last_used_at
    assert first is not None
    caller.get("/api/v1/returns")
    assert ApiToken.objects.get().last_used_at == first
    long_ago = first - datetime.timedelta(minutes=2)
    ApiToken.objects.update(last_used_at=long_ago)
    caller.get("/api/v1/returns")
    assert ApiToken.objects.get().last_used_at > long_ago


def test_a_key_is_in_no_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caller = Caller(world)
    caller.get()
    caller.get("/api/v1/returns/none/never")
    caller.save({"no.such": 1})
    Caller(world, secret=f"{caller.secret[:-1]}x").get()
    said = caplog.text + json.dumps([str(record.__dict__) for record in caplog.records])
    assert caller.secret[13:-1] not in said


def test_a_person_signed_in_reads_but_needs_the_sites_form_token_to_write(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.cast.grantee)
    base = Caller(world).base
    assert client.get(f"{base}/draft").status_code == 200
    sent = {"data": json.dumps({"values": {"reach.new": 1}}), "content_type": "application/json"}
    assert client.put(f"{base}/draft", **sent).status_code == 403
    relaxed = Client()
    relaxed.force_login(world.cast.grantee)
    assert relaxed.put(f"{base}/draft", **sent).status_code == 200


def test_staff_read_returns_but_neither_read_nor_write_what_is_being_filled_in(world: World) -> None:
    client = Client()
    client.force_login(world.cast.programme_manager)
    base = Caller(world).base
    assert client.get(base).status_code == 200
    assert client.get(f"{base}/draft").status_code == 403
    assert client.post(f"{base}/validation", "{}", content_type="application/json").status_code == 403
    response = client.patch(f"{base}/draft", '{"values": {"reach.new": 1}}', content_type="application/json")
    assert response.status_code == 403
    assert "act for the organisation" in response.json()["detail"]
