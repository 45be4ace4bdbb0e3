"""Making and ending the keys of a grantee's own systems."""

from __future__ import annotations

import datetime
import hashlib
import secrets
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from vru.accounts.models import ApiToken, AuditEvent, Organisation, User

LONGEST_DAYS = 365
MOST_LIVE_KEYS = 20
PREFIX_LENGTH = 12
_BYTES = 32


class KeyRefused(ValueError):
    """A key cannot be made or ended; the message says why and what to do instead."""


def hash_of(secret: str) -> str:
    """SHA-256 in hexadecimal. A key has 256 random bits, so nothing slower is needed to keep it from being guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def can_make_key(user: User, organisation: Organisation) -> bool:
    """A key acts for the person who makes it, so only people who act for the organisation now can make one."""
    return user.is_active and user.acts_for(organisation)


def can_revoke_key(user: User, token: ApiToken) -> bool:
    return user.has_role("administrator") or can_make_key(user, token.organisation)


@transaction.atomic
def create_token(
    *, organisation: Organisation, by: User, name: str, scopes: Iterable[str], days: int
) -> tuple[ApiToken, str]:
    """Make a key that acts for ``by`` within ``organisation`` for ``days`` days. Returns it with its secret.

    The secret is returned this once and cannot be had again: only its hash is kept. Raises ``KeyRefused``.
    """
    # The organisation's row is the lock: two clicks at once cannot both find the name free.
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    chosen = [scope for scope in ApiToken.Scope.values if scope in set(scopes)]
    _check(organisation, by, name.strip(), chosen, days)
    now = timezone.now()
    prefix = f"vru_{secrets.token_hex(4)}"
    secret = f"{prefix}_{secrets.token_hex(_BYTES)}"
    token = ApiToken.objects.create(
        organisation=organisation,
        user=by,
        name=name.strip(),
        prefix=prefix,
        secret_hash=hash_of(secret),
        scopes=chosen,
        created_at=now,
        expires_at=now + datetime.timedelta(days=days),
    )
    until = token.expires_at.date().isoformat()
    AuditEvent.record("key made", token, by=by, organisation=organisation.ref, scopes=chosen, until=until)
    return token, secret


def _check(organisation: Organisation, by: User, name: str, scopes: list[str], days: int) -> None:
    if not can_make_key(by, organisation):
        raise KeyRefused("Only people who act for this organisation can make a key for it.")
    if not name or len(name) > 100 or "\0" in name:
        raise KeyRefused("Say which system will use the key, in at most 100 characters.")
    if not scopes:
        raise KeyRefused("Choose at least one thing that the key may do.")
    if not 1 <= days <= LONGEST_DAYS:
        raise KeyRefused(f"A key lasts between 1 and {LONGEST_DAYS} days.")
    live = ApiToken.objects.usable_at(timezone.now()).filter(organisation=organisation)
    if live.filter(name=name).exists():
        raise KeyRefused(f"There is a key named “{name}” already. Revoke that one first, or choose another name.")
    if live.count() >= MOST_LIVE_KEYS:
        raise KeyRefused(f"An organisation can have {MOST_LIVE_KEYS} keys at a time. Revoke one that is not used.")


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User) -> ApiToken:
    """End a key at once. A second time changes nothing. Raises ``KeyRefused`` for people who may not."""
    locked = ApiToken.objects.select_for_update(of=("self",)).select_related("organisation", "user").get(pk=token.pk)
    if not can_revoke_key(by, locked):
        raise KeyRefused("Only people of the organisation and administrators can revoke this key.")
    if locked.revoked_at is None:
        locked.revoked_at, locked.revoked_by = timezone.now(), by
        locked.save(update_fields=["revoked_at", "revoked_by"])
        AuditEvent.record("key revoked", locked, by=by, organisation=locked.organisation.ref)
    return locked
