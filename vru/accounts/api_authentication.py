"""Who calls the API: a key in the Authorization header, or a person signed in to the site."""

from __future__ import annotations

import datetime
import hmac

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from vru.accounts.actions.api_tokens import PREFIX_LENGTH, hash_of
from vru.accounts.models import ApiToken, User
from vru.lib.rate_limit import seconds_to_wait

SCHEME = "Bearer"
# Compared with when no key has the prefix given, so that an unknown prefix takes as long as a wrong secret.
_NO_HASH = "0" * 64
_USE_NOTED_EVERY = datetime.timedelta(minutes=1)
_LONGEST_HEADER = 200
UNKNOWN_KEY = "This key is not known. Check that it is whole, or make a new one on your organisation's page."


class ApiTokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer <key>``. The request acts for the person who made the key, with ``request.auth`` the key.

    Only the views that name this class take keys: nothing else of the site or the API is opened by one.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, typed = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        now = timezone.now()
        token = _token_of(typed.strip())
        if token is None:
            _refuse_guessing(request)
            raise AuthenticationFailed(UNKNOWN_KEY)
        stopped = token.stopped_at(now)
        if stopped:
            raise AuthenticationFailed(stopped)
        _note_use(token, now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return f'{SCHEME} realm="returns"'


def _token_of(typed: str) -> ApiToken | None:
    if not typed.isascii() or not typed.isprintable() or len(typed) > _LONGEST_HEADER:
        return None
    token = ApiToken.objects.with_holders().filter(prefix=typed[:PREFIX_LENGTH]).first()
    matches = hmac.compare_digest(hash_of(typed), token.secret_hash if token else _NO_HASH)
    return token if matches else None


def _refuse_guessing(request: Request) -> None:
    """Raises ``Throttled`` when too many wrong keys came from one address. A right key from there still works."""
    wait = seconds_to_wait("wrong-key", BaseThrottle().get_ident(request), settings.API_WRONG_KEYS_PER_MINUTE)
    if wait:
        raise Throttled(wait, "Too many wrong keys came from this address.")


def _note_use(token: ApiToken, now: datetime.datetime) -> None:
    """At most one write a minute, however busy the key; decided in the database, so two requests write once."""
    before = now - _USE_NOTED_EVERY
    if token.last_used_at and token.last_used_at > before:
        return
    unnoted = Q(last_used_at__isnull=True) | Q(last_used_at__lte=before)
    ApiToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=now)
