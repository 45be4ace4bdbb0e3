"""Writing programmes, grants and organisations through the API: the pages' actions, roles and rules, and no other."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from grants.models import Commitment, ProfileLine
from programmes.models import Programme
from tests.api.callers import Caller
from tests.cast import STAFF, World
from tests.factories import (
    AreaFactory,
    CommitmentFactory,
    DecisionFactory,
    FundingSourceFactory,
    ObjectiveFactory,
    OrganisationFactory,
    ThemeFactory,
)
from vru.accounts.models import AuditEvent, IdempotentRequest, Organisation, User

WRITES = [
    ("POST", "/api/v1/programmes"),
    ("PATCH", "/api/v1/programmes/{programme}"),
    ("POST", "/api/v1/programmes/{programme}/status"),
    ("POST", "/api/v1/grants"),
    ("PATCH", "/api/v1/grants/{grant}"),
    ("POST", "/api/v1/organisations"),
    ("PATCH", "/api/v1/organisations/{organisation}"),
]


def send(user: User | None, method: str, address: str, body: Any, **headers: str) -> Any:
    client = Client()
    if user is not None:
        client.force_login(user)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.generic(method, address, json.dumps(body).encode(), content_type="application/json", headers=named)


def post(user: User, address: str, body: Any, key: str = "first", **headers: str) -> Any:
    return send(user, "POST", address, body, Idempotency_Key=key, **headers)


def read(user: User, address: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(address)


def patch(user: User, address: str, body: Any, etag: str | None = None) -> Any:
    """A change of what stands now, or of what ``etag`` was read with."""
    return send(user, "PATCH", address, body, If_Match=etag or read(user, address)["ETag"])


def refusal(answer: Any) -> tuple[int, str, set[str]]:
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    return answer.status_code, body["type"].rpartition(":")[2], {error["field"] for error in body["errors"]}


def address_of(world: World, address: str) -> str:
    grant = world.grant
    return address.format(programme=grant.programme.ref, grant=grant.ref, organisation=grant.organisation.ref)


def draft(world: World) -> Commitment:
    return CommitmentFactory(
        programme=world.grant.programme,
        organisation=world.grant.organisation,
        status="draft",
        award_pence=0,
        ref="YW-9",
        title="Boxing on Fridays",
    )


# Who may ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "address"), WRITES)
def test_key_writes_nothing_of_the_register(world: World, method: str, address: str) -> None:
    answer = Caller(world).call(method, address_of(world, address), {})
    assert refusal(answer)[:2] == (403, "not-allowed")
    assert "Keys are for returns" in answer.json()["detail"]


@pytest.mark.parametrize(("method", "address"), WRITES)
def test_only_the_roles_of_the_pages_write(world: World, method: str, address: str) -> None:
    roles = {"programme_manager", "finance_officer", "administrator"}
    writers = roles if "organisations" in address else {"programme_manager", "director"}
    for name in (*STAFF, "grantee", "outside_grantee", "nobody"):
        answer = send(world.cast.named(name), method, address_of(world, address), {"no such field": 1})
        assert (answer.status_code != 403) == (name in writers), name
    assert send(None, method, address_of(world, address), {}).status_code == 401


@pytest.mark.parametrize(("method", "address"), WRITES)
def test_request_from_another_site_is_refused(world: World, method: str, address: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.cast.programme_manager)
    answer = client.generic(method, address_of(world, address), b"{}", content_type="application/json")
    assert answer.status_code == 403
    assert "CSRF" in answer.json()["detail"]


@pytest.mark.parametrize(("method", "address"), WRITES)
def test_name_that_is_no_field_is_refused_by_its_name(world: World, method: str, address: str) -> None:
    headers = {"Idempotency_Key": "a"} if method == "POST" else {}
    answer = send(world.cast.programme_manager, method, address_of(world, address), {"titel": "Boxing"}, **headers)
    status, kind, fields = refusal(answer)
    assert (status, kind) == (400, "malformed")
    assert "titel" in fields


# Programmes ------------------------------------------------------------------------------------------------------


def test_programme_is_added_with_its_plan_and_read_back(world: World) -> None:
    main = ObjectiveFactory(number=6)
    other = ObjectiveFactory(number=1, version=main.version)
    theme = ThemeFactory(version=main.version)
    decision = DecisionFactory(layer="recorded")
    camden = AreaFactory(code="E09000007", name="Camden")
    body = {
        "ref": "YW-2021",
        "title": "Youth work after school",
        "theme": theme.slug,
        "decision": decision.ref,
        "starts_on": "2021-04-01",
        "ends_on": "2022-03-31",
        "target_group": "Young people out of school after three.",
        "youngest_age": 11,
        "objective": 6,
        "objectives": [{"number": 6, "percent": 70}, {"number": 1, "percent": 30}],
        "level": "borough",
        "areas": [camden.code],
    }
    answer = post(world.cast.director, "/api/v1/programmes", body)
    assert answer.status_code == 201, answer.content
    found = answer.json()
    assert answer["Location"] == found["address"]
    same = ("ref", "title", "theme", "decision", "starts_on", "ends_on", "target_group", "youngest_age", "level")
    assert {name: found[name] for name in same} == {name: body[name] for name in same}
    assert sorted(found["objectives"], key=lambda row: -row["percent"]) == body["objectives"]
    assert (found["status"], found["objective"], found["layer"]) == ("draft", 6, "recorded")
    assert [area["code"] for area in found["areas"]] == [camden.code]
    programme = Programme.objects.get(ref="YW-2021")
    assert list(programme.secondary_objectives.all()) == [other]
    assert AuditEvent.objects.filter(action="programme added", actor=world.cast.director).count() == 1
    again = read(world.cast.director, "/api/v1/programmes/YW-2021")
    assert dict(sorted(again.json().items())) == found
    assert again["ETag"] == answer["ETag"]


def test_programme_keeps_what_is_not_named(world: World) -> None:
    programme, manager = world.grant.programme, world.cast.programme_manager
    address = f"/api/v1/programmes/{programme.ref}"
    before = read(manager, address).json()
    found = patch(manager, address, {"title": "A new name", "manager_email": manager.email}).json()
    assert found == {**before, "title": "A new name", "manager": manager.name}
    assert patch(manager, address, {"manager_email": None}).json()["manager"] is None


def test_programme_is_changed_whole_or_not_at_all(world: World) -> None:
    programme, manager = world.grant.programme, world.cast.programme_manager
    address, before = f"/api/v1/programmes/{programme.ref}", programme.title
    ObjectiveFactory(number=6)
    body = {"title": "A new name", "objective": 6, "objectives": [{"number": 6, "percent": 60}]}
    answer = patch(manager, address, body)
    assert refusal(answer) == (422, "against-a-rule", {"objectives"})
    assert "60, not to 100" in answer.json()["detail"]
    programme.refresh_from_db()
    assert programme.title == before
    assert not AuditEvent.objects.filter(action="programme edited").exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"theme": "no-such"}, "theme"),
        ({"part_of": "no-such-1"}, "part_of"),
        ({"decision": "DEC-0"}, "decision"),
        ({"manager_email": "nobody@example.org"}, "manager_email"),
        ({"areas": ["E09999999"]}, "areas"),
        ({"objective": 99}, "objective"),
        ({"starts_on": "2021-04-01", "ends_on": "2020-04-01"}, ""),
        ({"youngest_age": 18, "oldest_age": 11}, ""),
    ],
)
def test_programme_refusal_names_the_field(world: World, body: Any, field: str) -> None:
    answer = patch(world.cast.programme_manager, f"/api/v1/programmes/{world.grant.programme.ref}", body)
    assert refusal(answer) == (422, "against-a-rule", {field})


def test_manager_of_a_programme_is_one_whom_the_page_offers(world: World) -> None:
    answer = patch(
        world.cast.programme_manager,
        f"/api/v1/programmes/{world.grant.programme.ref}",
        {"manager_email": world.cast.grantee.email},
    )
    assert refusal(answer) == (422, "against-a-rule", {"manager_email"})


def test_programme_moves_along_its_life_with_a_reason(world: World) -> None:
    programme, manager = world.grant.programme, world.cast.programme_manager
    Programme.objects.filter(pk=programme.pk).update(status="live")
    address = f"/api/v1/programmes/{programme.ref}/status"
    assert refusal(post(manager, address, {"status": "paused"}))[:2] == (422, "against-a-rule")
    assert refusal(post(manager, address, {"status": "draft"}, key="second")) == (409, "refused", {"status"})
    closing = post(manager, address, {"status": "closed", "reason": "It is over."}, key="third")
    assert "not completed or ended" in closing.json()["detail"]
    body = {"status": "paused", "reason": "The hall is being repaired."}
    answer = post(manager, address, body, key="fourth")
    assert (answer.status_code, answer.json()["status"]) == (200, "paused")
    assert post(manager, address, body, key="fourth")["Idempotency-Replayed"] == "true"
    assert AuditEvent.objects.filter(action="programme paused").count() == 1


# Grants ----------------------------------------------------------------------------------------------------------


def plan_of(world: World) -> dict[str, Any]:
    source = FundingSourceFactory(slug="core")
    AreaFactory(code="E09000007", name="Camden")
    AreaFactory(code="E09000019", name="Islington")
    return {
        "award": "50,000.00",
        "starts_on": "2020-04-01",
        "ends_on": "2021-03-31",
        "splits": [{"source": source.slug, "year": "2020-21", "amount": 50000}],
        "areas": [{"code": "E09000007", "amount": "33,333.33"}, {"code": "E09000019", "amount": 16666.67}],
        "profile": [
            {"quarter": "2020-21Q1", "heading": "labour", "amount": "£25,000"},
            {"quarter": "2020-21 Q2", "heading": "labour", "amount": 25000},
        ],
    }


def test_award_is_drafted_with_its_whole_plan(world: World) -> None:
    grant = world.grant
    whole = {"programme": grant.programme.ref, "organisation": grant.organisation.ref, "title": "Boxing on Fridays"}
    body = {**whole, **plan_of(world), "ref": "YW-77", "description": "Two coaches.", "youngest_age": 12}
    answer = post(world.cast.programme_manager, "/api/v1/grants", body)
    assert answer.status_code == 201, answer.content
    found = answer.json()
    assert (found["ref"], found["status"], found["award"], found["youngest_age"]) == ("YW-77", "draft", "50000.00", 12)
    assert found["splits"] == [{"source": "core", "year": "2020-21", "amount": "50000.00"}]
    assert [row["amount"] for row in found["areas"]] == ["33333.33", "16666.67"]
    assert [row["amount"] for row in found["profile"]] == ["25000.00", "25000.00"]
    made = Commitment.objects.get(ref="YW-77")
    assert sum(made.area_shares.values_list("amount_pence", flat=True)) == made.award_pence == 50_000_00


def test_award_is_copied_from_another(world: World) -> None:
    grant = world.grant
    body = {"programme": grant.programme.ref, "organisation": grant.organisation.ref, "title": "Again"}
    found = post(world.cast.director, "/api/v1/grants", {**body, "copy_from": grant.ref}).json()
    assert (found["award"], found["splits"][0]["year"]) == ("10000.00", "2021-22")


def test_draft_keeps_nothing_when_one_part_is_refused(world: World) -> None:
    grant, manager = draft(world), world.cast.programme_manager
    plan = plan_of(world)
    plan["areas"][1]["amount"] = "16,666.66"
    answer = patch(manager, f"/api/v1/grants/{grant.ref}", {**plan, "title": "Another title"})
    assert refusal(answer) == (422, "against-a-rule", {"areas"})
    assert "£0.01 short of" in answer.json()["detail"]
    grant.refresh_from_db()
    assert (grant.award_pence, grant.title, grant.splits.count()) == (0, "Boxing on Fridays", 0)


@pytest.mark.parametrize(
    ("changed", "status", "field"),
    [
        ({"splits": [{"source": "core", "year": "2020-21", "amount": "50,000.01"}]}, 422, "splits"),
        ({"splits": [{"source": "core", "year": "2020-21", "amount": 1}] * 2}, 422, "splits"),
        ({"splits": [{"source": "lost", "year": "2020-21", "amount": 1}]}, 422, "splits"),
        ({"splits": [{"source": "core", "year": "2020-22", "amount": 1}]}, 400, "splits.0.year"),
        ({"profile": [{"quarter": "2025-26Q1", "heading": "labour", "amount": 1}]}, 422, "profile"),
        ({"profile": [{"quarter": "2020-21Q1", "heading": "gold", "amount": 1}]}, 422, "profile"),
        ({"profile": [{"quarter": "spring", "heading": "labour", "amount": 1}]}, 400, "profile.0.quarter"),
        ({"areas": [{"code": "E09000007", "amount": "8.8m"}]}, 400, "areas.0.amount"),
        ({"areas": [{"code": "E09000007"}]}, 400, "areas.0.amount"),
        ({"award": True}, 400, "award"),
        ({"award": "-1"}, 400, "award"),
        ({"award": 1.005}, 400, "award"),
        ({"ends_on": "2019-03-31"}, 422, "ends_on"),
        ({"starts_on": "0001-01-01"}, 400, "starts_on"),
        ({"organisation": "nobody"}, 422, "organisation"),
        ({"category": "nothing"}, 422, "category"),
        ({"manager_email": "gia@example.org"}, 422, "manager_email"),
        ({"description": "Boxing on Fridays"}, 422, "description"),
        ({"ref": "new"}, 422, "ref"),
    ],
)
def test_award_refusal_names_the_field(world: World, changed: Any, status: int, field: str) -> None:
    grant = draft(world)
    answer = patch(world.cast.programme_manager, f"/api/v1/grants/{grant.ref}", {**plan_of(world), **changed})
    found, _, fields = refusal(answer)
    assert (found, field in fields) == (status, True), answer.json()
    assert not ProfileLine.objects.filter(commitment=grant).exists()


def test_half_a_split_is_kept_as_on_the_page(world: World) -> None:
    grant, plan = draft(world), plan_of(world)
    plan["splits"][0]["amount"] = "20,000"
    found = patch(world.cast.director, f"/api/v1/grants/{grant.ref}", plan).json()
    assert (found["award"], found["splits"][0]["amount"]) == ("50000.00", "20000.00")


def test_reference_of_a_draft_is_changed_with_its_address(world: World) -> None:
    grant = draft(world)
    found = patch(world.cast.director, f"/api/v1/grants/{grant.ref}", {"ref": "YW-10"}).json()
    assert found["address"].endswith("/api/v1/grants/YW-10")


def test_award_that_was_offered_is_not_changed_here(world: World) -> None:
    answer = patch(world.cast.director, f"/api/v1/grants/{world.grant.ref}", {"award": 1})
    assert refusal(answer)[:2] == (409, "refused")
    assert "variation" in answer.json()["detail"]


# Organisations ---------------------------------------------------------------------------------------------------


def test_organisation_is_added_with_what_was_mended(world: World) -> None:
    body = {
        "name": "Night Lights (invented)",
        "kind": "company",
        "company_number": "123456",
        "postal_address": "1 High Street\nLondon",
        "website": "night-lights.example.org",
    }
    answer = post(world.cast.finance_officer, "/api/v1/organisations", body)
    assert answer.status_code == 201, answer.content
    found = answer.json()
    assert (found["company_number"], found["website"]) == ("00123456", "https://night-lights.example.org")
    assert found["notes"]
    again = read(world.cast.finance_officer, f"/api/v1/organisations/{found['ref']}")
    assert again.json()["postal_address"] == "1 High Street\nLondon"
    assert again["ETag"] == answer["ETag"]


def test_organisation_that_has_the_number_is_named(world: World) -> None:
    OrganisationFactory(name="First (invented)", company_number="00123456")
    body = {"name": "Second (invented)", "kind": "company", "company_number": "00123456"}
    answer = post(world.cast.administrator, "/api/v1/organisations", body)
    assert refusal(answer) == (422, "against-a-rule", {"company_number"})
    assert "First (invented)" in answer.json()["detail"]


def test_organisation_of_the_same_name_must_be_meant(world: World) -> None:
    body = {"name": world.grant.organisation.name, "kind": "charity"}
    answer = post(world.cast.administrator, "/api/v1/organisations", body)
    assert refusal(answer) == (409, "looks-like-another", {"name"})
    assert post(world.cast.administrator, "/api/v1/organisations", {**body, "confirmed": True}).status_code == 201


def test_organisation_that_is_renamed_keeps_its_former_name(world: World) -> None:
    organisation = world.grant.organisation
    address = f"/api/v1/organisations/{organisation.ref}"
    answer = patch(world.cast.administrator, address, {"name": "Brighter Futures (invented)", "postcode": None})
    assert answer.json()["former_names"] == ["Bright Futures (invented)"]
    assert read(world.cast.administrator, address)["ETag"] == answer["ETag"]


def test_organisation_that_merged_away_is_not_changed(world: World) -> None:
    merged = OrganisationFactory(merged_into=world.grant.organisation, merged_on="2020-05-01")
    answer = patch(world.cast.administrator, f"/api/v1/organisations/{merged.ref}", {"postcode": "NW1 1AA"})
    assert refusal(answer)[:2] == (422, "against-a-rule")


# What was read, and what was sent before -------------------------------------------------------------------------


@pytest.mark.parametrize("address", [address for method, address in WRITES if method == "PATCH"])
def test_change_says_what_was_read(world: World, address: str) -> None:
    person, place = world.cast.programme_manager, address_of(world, address)
    assert refusal(send(person, "PATCH", place, {}))[:2] == (428, "etag-missing")
    assert refusal(send(person, "PATCH", place, {}, If_Match="*"))[:2] == (400, "malformed")
    stale = send(person, "PATCH", place, {}, If_Match='"0"')
    assert refusal(stale)[:2] == (412, "stale")
    now = read(person, place)
    assert (stale.json()["etag"], stale.json()["current"]) == (now["ETag"], dict(sorted(now.json().items())))


def test_second_of_two_who_read_the_same_overwrites_nothing(world: World) -> None:
    manager, address = world.cast.programme_manager, f"/api/v1/programmes/{world.grant.programme.ref}"
    etag = read(manager, address)["ETag"]
    assert patch(manager, address, {"title": "First"}, etag).status_code == 200
    answer = patch(world.cast.director, address, {"title": "Second"}, etag)
    assert refusal(answer)[:2] == (412, "stale")
    assert answer.json()["current"]["title"] == "First"
    weak = answer.json()["etag"]
    assert patch(world.cast.director, address, {"title": "Second"}, f"W/{weak}").json()["title"] == "Second"


def test_repeated_request_adds_nothing_more_and_answers_the_same(world: World) -> None:
    body = {"name": "Night Lights (invented)", "kind": "charity"}
    first, second = (post(world.cast.administrator, "/api/v1/organisations", body) for _ in range(2))
    assert (first["Idempotency-Replayed"], second["Idempotency-Replayed"]) == ("false", "true")
    assert first.content == second.content
    assert Organisation.objects.filter(name="Night Lights (invented)").count() == 1
    other = post(world.cast.administrator, "/api/v1/organisations", {**body, "kind": "company"})
    assert refusal(other)[:2] == (422, "key-reused")
    # A key is one person's own.
    answer = post(world.cast.finance_officer, "/api/v1/organisations", body)
    assert refusal(answer)[:2] == (409, "looks-like-another")


def test_refusal_leaves_the_key_free(world: World) -> None:
    body = {"name": "N", "kind": "charity"}
    assert post(world.cast.administrator, "/api/v1/organisations", body).status_code == 422
    assert not IdempotentRequest.objects.exists()
    body["name"] = "Night Lights (invented)"
    assert post(world.cast.administrator, "/api/v1/organisations", body).status_code == 201


@pytest.mark.parametrize("address", [address for method, address in WRITES if method == "POST"])
def test_post_without_a_key_of_its_own_is_refused(world: World, address: str) -> None:
    bodies = {
        "programmes": {"ref": "YW-2021", "title": "Youth work"},
        "grants": {"programme": "a", "organisation": "b", "title": "c"},
        "organisations": {"name": "Night Lights", "kind": "charity"},
        "status": {"status": "live"},
    }
    answer = send(world.cast.programme_manager, "POST", address_of(world, address), bodies[address.rpartition("/")[2]])
    assert refusal(answer)[:2] == (400, "malformed")
    assert "Idempotency-Key" in answer.json()["detail"]
