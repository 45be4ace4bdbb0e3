"""Approving, paying and signing for money: only with a second factor, and soon after signing in."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from vru.accounts.permissions import person

SECOND_FACTOR_FIRST = (
    "Approving and paying need a second factor, so that a stolen password cannot move money. Set up an authenticator "
    "app here, then go back to what you were doing."
)


def signed_in_recently(request: HttpRequest) -> bool:
    """Whether the person gave a password or a code in the last ACCOUNT_REAUTHENTICATION_TIMEOUT seconds."""
    records = get_authentication_records(request, person(request))
    return bool(records) and time.time() - records[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def strong_sign_in(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view decorator, below ``require(…)``: without a second factor, off to set one up; not recent, sign in again.

    The sign-in library keeps a posted form and sends it on after the password. Put it on the page with the button too,
    so that nobody meets it half-way.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if settings.MFA_REQUIRED and not is_mfa_enabled(person(request)):
            messages.error(request, SECOND_FACTOR_FIRST)
            return redirect("mfa_index")
        if not signed_in_recently(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return guarded
