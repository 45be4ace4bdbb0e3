"""A browser session of somebody who has a second factor and signed in just now, as approving and paying ask for."""

from __future__ import annotations

import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.test import Client

from vru.accounts.models import User


def sign_in_strongly(client: Client, user: User, *, seconds_ago: float = 0) -> Client:
    """Signed in with password and code, that long ago."""
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "x"}})
    client.force_login(user)
    session = client.session
    # The library ties the list to the person under a key that it does not export.
    session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(user.pk)
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": time.time() - seconds_ago, "email": user.email},
        {"method": "mfa", "at": time.time() - seconds_ago, "type": "totp"},
    ]
    session.save()
    return client
