"""Every route × every role, against the table that decides them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.cast import World
from tests.factories import ProgrammeFactory
from tests.site.route_addresses import address_of
from tests.site.route_table import ANONYMOUS, EVERYBODY, ROUTES, SIGN_IN


def route_names(resolver: Any = None, namespace: str = "") -> list[str]:
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            found += route_names(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
        elif isinstance(pattern, URLPattern):
            found.append(f"{namespace}{pattern.name}")
    return found


def test_every_route_has_a_decision_and_every_decision_a_route() -> None:
    assert set(route_names()) == set(ROUTES)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(ROUTES))
def test_route_answers_each_role_as_decided(name: str, world: World, settings: Any, tmp_path: Any) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    }
    ProgrammeFactory()
    decision = ROUTES[name]
    arguments, query = address_of(decision.args, world)
    address = reverse(name, args=arguments) + query
    wrong = {}
    for person in EVERYBODY:
        client = Client()
        if person != ANONYMOUS:
            client.force_login(world.cast.named(person))
        response = getattr(client, decision.method)(address)
        got: int | str = response.status_code
        if response.status_code == 302 and response["Location"].startswith(reverse("account_login")):
            got = SIGN_IN
        if person == ANONYMOUS:
            expected: tuple[int | str, ...] = (decision.anonymous,)
        elif person in decision.allowed:
            expected = decision.ok
        else:
            expected = (dict(decision.denied_for).get(person, decision.denied),)
        if got not in expected:
            wrong[person] = f"{got}, not {expected}"
    assert wrong == {}


def test_new_programme_of_another_layer_is_the_default_answer_no_for_grantees(world: World) -> None:
    hidden = ProgrammeFactory()
    client = Client()
    client.force_login(world.cast.grantee)
    assert client.get(reverse("programme", args=[hidden.ref])).status_code == 403


def test_another_organisations_return_does_not_exist(world: World) -> None:
    client = Client()
    client.force_login(world.cast.grantee)
    other = [world.other_grant.ref, world.other_return.quarter.key]
    for name in ("returns:tasks", "returns:check", "returns:declare", "returns:receipt"):
        assert client.get(reverse(name, args=other)).status_code == 404
    assert client.post(reverse("returns:sign", args=other)).status_code == 404
    assert client.get(reverse("grants:detail", args=[world.other_grant.ref])).status_code == 404
