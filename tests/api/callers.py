"""A grantee's own system, as tests play it: a client that sends a key and JSON."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from tests.cast import World, complete_answers
from vru.accounts.actions.api_tokens import create_token
from vru.accounts.models import ApiToken, User

EVERY_SCOPE = tuple(ApiToken.Scope.values)


def make_key(world: World, *, by: User | None = None, scopes: Any = EVERY_SCOPE, name: str = "Cases") -> str:
    """The secret of a new key of the cast's own organisation."""
    organisation = world.grant.organisation
    return create_token(organisation=organisation, by=by or world.cast.grantee, name=name, scopes=scopes, days=30)[1]


class Caller:
    """Calls with one key. ``path`` is what follows the return's own address, or a whole address."""

    def __init__(self, world: World, secret: str | None = None) -> None:
        self.secret = make_key(world) if secret is None else secret
        self.base = f"/api/v1/returns/{world.grant.ref}/{world.monitoring_return.quarter.key}"

    def call(self, method: str, path: str = "", body: Any = None, raw: bytes | None = None, **headers: str) -> Any:
        address = path if path.startswith("/") else f"{self.base}/{path}".rstrip("/")
        sent = raw if raw is not None else json.dumps(body).encode() if body is not None else b""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        kind = named.pop("content-type", "application/json")
        return Client().generic(
            method, address, sent, content_type=kind, headers={"Authorization": f"Bearer {self.secret}", **named}
        )

    def get(self, path: str = "", **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def save(self, values: dict[str, Any], method: str = "PATCH", **more: Any) -> Any:
        return self.call(method, "draft", {"values": values, **more})

    def submit(self, key: str = "first", **changes: Any) -> Any:
        body = {"declared_name": "Gia Grantee", **changes}
        return self.call("POST", "submission", body, **{"Idempotency-Key": key})


def whole_return(world: World) -> dict[str, str]:
    """A return without errors or warnings, by box name."""
    return {name: text for section in complete_answers(world).values() for name, text in section.items()}
