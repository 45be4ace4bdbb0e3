"""Words posted after the session had ended: kept in the new session until their writer has signed in again.

Each section's page carries a seal, signed for one person and one address. Only words under a valid seal are kept, and
only that person sees them again, so a shared computer shows nobody another's words and a stranger can store none.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from vru.accounts.models import User

SEAL = "seal"
_SALT, _KEY = "grants.kept-words", "kept_words"
_SEAL_SECONDS = 7 * 24 * 3600
_MOST_PAGES, _MOST_CHARACTERS = 12, 1_000_000
_NOT_WORDS = frozenset({SEAL, "csrfmiddlewaretoken", "page", "save", "finish", "copy", "resolve"})


def seal_for(user: User, path: str) -> str:
    """What a page carries so that its words may outlive the session."""
    return signing.dumps([user.pk, path], salt=_SALT)


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """The answer to somebody signed out: what they typed is kept, then they sign in and come back to it.

    A save that runs behind the page is told so in its place (401), because a sign-in page would not fit there.
    """
    kept = request.method == "POST" and _keep(request)
    if request.htmx:  # type: ignore[attr-defined]
        sign_in = f"{reverse('account_login')}?{urlencode({'next': request.path})}"
        return render(request, "grants/_section_signed_out.html", {"sign_in": sign_in, "kept": kept}, status=401)
    if kept:
        messages.warning(request, "You were signed out. What you typed is kept: sign in to go on.")
    return redirect_to_login(request.path)


def _keep(request: HttpRequest) -> bool:
    try:
        owner, path = signing.loads(request.POST.get(SEAL, ""), salt=_SALT, max_age=_SEAL_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return False
    words = {name: text for name, text in request.POST.items() if name not in _NOT_WORDS}
    if path != request.path or sum(map(len, words.values())) > _MOST_CHARACTERS:
        return False
    pages: dict[str, Any] = request.session.get(_KEY, {})
    pages.pop(path, None)
    pages[path] = {"owner": owner, "words": words}
    request.session[_KEY] = dict(list(pages.items())[-_MOST_PAGES:])
    return True


def kept_words(request: HttpRequest, user: User) -> dict[str, str]:
    """What this person typed at this address before the session ended; empty when nothing is kept for them."""
    kept = request.session.get(_KEY, {}).get(request.path)
    return dict(kept["words"]) if kept and kept["owner"] == user.pk else {}


def forget_words(request: HttpRequest) -> None:
    """They are saved now. Writes the session only when something was kept for this address."""
    pages = request.session.get(_KEY, {})
    if pages.pop(request.path, None) is not None:
        request.session[_KEY] = pages
