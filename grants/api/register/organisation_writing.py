"""Adding and changing an organisation through the API: the register's own actions."""

from __future__ import annotations

import datetime
from typing import Any

from grants.api.register.writing import about
from vru.accounts.actions.organisations import Details, Saved, add_organisation, edit_organisation
from vru.accounts.models import Organisation, User

# The API's own "address" is where a thing is read; a letter goes to the postal address.
_KEPT_AS = {"postal_address": "address"}


def add(body: dict[str, Any], *, layer: str, by: User) -> Saved:
    with about():
        return add_organisation(details=Details(**_given(body)), layer=layer, by=by, confirmed=body["confirmed"])


def change(organisation: Organisation, body: dict[str, Any], *, by: User, today: datetime.date) -> Saved:
    held = {name: getattr(organisation, name) for name in Details.__dataclass_fields__}
    with about():
        return edit_organisation(
            organisation=organisation,
            details=Details(**{**held, **_given(body)}),
            by=by,
            today=today,
            confirmed=body["confirmed"],
        )


def _given(body: dict[str, Any]) -> dict[str, str]:
    """What was sent, under the names it is kept by; null is as good as blank."""
    return {_KEPT_AS.get(name, name): value or "" for name, value in body.items() if name != "confirmed"}
