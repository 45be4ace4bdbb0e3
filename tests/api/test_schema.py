"""The OpenAPI document is true of the live API: whatever it allows is answered as it says, and nothing is a 500."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.callers import Caller, make_key
from tests.cast import World
from vru.wsgi import application

ADDRESS = "/api/v1/returns/schema"
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
OPERATIONS = {
    "list_returns",
    "read_return",
    "read_template",
    "read_draft",
    "replace_draft",
    "change_draft",
    "validate_return",
    "submit_return",
    "list_programmes",
    "read_programme",
    "list_grants",
    "read_grant",
    "list_organisations",
    "read_organisation",
    "add_programme",
    "change_programme",
    "move_programme",
    "draft_grant",
    "change_grant",
    "add_organisation",
    "change_organisation",
}
# What staff write, and the list of which it is a thing.
WRITTEN_BY_STAFF = {
    "add_programme": "programmes",
    "change_programme": "programmes",
    "move_programme": "programmes",
    "draft_grant": "grants",
    "change_grant": "grants",
    "add_organisation": "organisations",
    "change_organisation": "organisations",
}


def document(world: World) -> dict[str, Any]:
    return Caller(world).get(ADDRESS, Accept="application/vnd.oai.openapi+json").json()


def operations(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for path in found["paths"].values() for operation in path.values()]


def test_the_document_has_every_operation_with_examples_and_no_other(world: World) -> None:
    found = document(world)
    assert {operation["operationId"] for operation in operations(found)} == OPERATIONS
    for operation in operations(found):
        good = [answer for code, answer in operation["responses"].items() if code.startswith("2")]
        assert all("examples" in content for answer in good for content in answer["content"].values())
        assert {"401", "403", "429"} <= set(operation["responses"])
    bodies = [operation["requestBody"] for operation in operations(found) if "requestBody" in operation]
    assert len(bodies) == 4 + len(WRITTEN_BY_STAFF)
    assert all("examples" in body["content"]["application/json"] for body in bodies)
    assert found["components"]["securitySchemes"]["key"]["scheme"] == "bearer"


def test_the_document_says_nothing_of_the_staffs_api(world: World) -> None:
    shared = ("/api/v1/returns", "/api/v1/programmes", "/api/v1/grants", "/api/v1/organisations")
    assert all(path.startswith(shared) for path in document(world)["paths"])


def test_a_person_signed_in_may_read_it_and_anybody_else_may_not(world: World) -> None:
    client = Client()
    assert client.get(ADDRESS).status_code == 401
    client.force_login(world.cast.nobody)
    assert client.get(ADDRESS).status_code == 200


@contextmanager
def one_connection() -> Iterator[None]:
    """A real application gives its connection back after each request; a test's data live in the one it began with.

    Django's test client connects the signals again after each of its requests, so it is not used inside.
    """
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_whatever_the_document_allows_is_answered_as_it_says(world: World, settings: Any, name: str) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
    headers = {"Authorization": f"Bearer {make_key(world)}"}
    with one_connection():
        schema = schemathesis.openapi.from_wsgi(ADDRESS, app=application, headers=headers)
        keep_to_the_document(schema.find_operation_by_id(name), own_of(world, name), headers=headers)


def own_of(world: World, name: str) -> dict[str, str]:
    """The address of something that is there."""
    refs = {
        "programme": world.grant.programme.ref,
        "grant": world.grant.ref,
        "organisation": world.grant.organisation.ref,
    }
    ref = refs.get(name.partition("_")[2])
    return {"ref": ref} if ref else {"grant": world.grant.ref, "quarter": world.monitoring_return.quarter.key}


def keep_to_the_document(operation: Any, own: dict[str, str], **sent: Any) -> None:
    @hypothesis_settings(max_examples=30, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def answered(case: Any) -> None:
        if case.path_parameters and len(str(next(iter(case.path_parameters.values())))) % 3:
            case.path_parameters = own
        response = case.call(**sent)
        case.validate_response(response, checks=CHECKS)
        assert response.status_code < 500

    answered()


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(WRITTEN_BY_STAFF))
def test_whatever_staff_may_write_by_the_document_is_answered_as_it_says(
    world: World, settings: Any, name: str
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
    client = Client()
    client.force_login(world.cast.programme_manager)
    reader = {"Authorization": f"Bearer {make_key(world)}"}
    own, token = own_of(world, name), "a" * 32
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookies = {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: token}
    # Nobody guesses the ETag; it is the right one until the first change.
    etag = client.get(f"/api/v1/{WRITTEN_BY_STAFF[name]}/{own['ref']}")["ETag"]
    # No key: the session speaks.
    headers = {"X-CSRFToken": token, "If-Match": etag, "Authorization": ""}
    with one_connection():
        schema = schemathesis.openapi.from_wsgi(ADDRESS, app=application, headers=reader)
        keep_to_the_document(schema.find_operation_by_id(name), own, headers=headers, cookies=cookies)
