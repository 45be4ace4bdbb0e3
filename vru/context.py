"""What every page needs to know about the site it is on and the person reading it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from programmes.models import Unit
from vru.accounts.models import Role, User
from vru.jobs.models import Notification

# (text, address name, roles that see it in the menu). Access itself is decided by the views.
STAFF_MENU: tuple[tuple[str, str, frozenset[str] | None], ...] = (
    ("Home", "home", None),
    ("Programmes", "programmes:list", None),
    ("Grants", "grants:list", None),
    ("Returns", "returns:list", None),
    ("Organisations", "organisations:list", None),
    ("Money", "money-checks:sources", None),
    ("Results", "evaluation:results", None),
    ("Reports", "evaluation:reports", None),
    ("Data checks", "evaluation:issues", None),
    ("Mail", "outbox", frozenset({Role.PROGRAMME_MANAGER})),
    ("Administration", "administration", frozenset({Role.ADMINISTRATOR, Role.AUDITOR})),
)
# Addresses that belong to an entry although they begin otherwise.
BELONGING = {
    "money-checks:sources": ("/money/",),
    "evaluation:results": ("/figures/", "/statements/", "/areas/"),
    "programmes:list": ("/decisions/", "/strategy/"),
}
GRANTEE_MENU = (("Your grants", "home", None), ("Your organisation", "accounts:organisation", None))


def site(request: HttpRequest) -> dict[str, Any]:
    """``site``: the unit's name, the menu for this person, and whether this is a demonstration."""
    unit = Unit.objects.first()
    # A request that is refused before anybody is known (a wrong host name) has no user, yet gets a page.
    asking = getattr(request, "user", None)
    user = asking if isinstance(asking, User) else None
    about = {
        "unit_name": unit.name if unit else "Violence reduction unit",
        "unit": unit,
        "navigation": _menu(user, request.path) if user else [],
        "demo": settings.DEMO,
        "is_staff_member": bool(user and user.is_staff_member),
        # Asked of the database only where the bell is drawn.
        "unread": SimpleLazyObject(lambda: Notification.objects.visible_to(user).unread().count() if user else 0),
    }
    # The sign-in library's pages bring a `site` of their own, which hides ours; the base puts this one back.
    return {"site": about, "this_site": about}


def _menu(user: User, path: str) -> list[dict[str, Any]]:
    entries = STAFF_MENU if user.is_staff_member else GRANTEE_MENU
    shown = [(text, name, reverse(name)) for text, name, roles in entries if roles is None or user.has_role(*roles)]
    return [
        {
            "text": text,
            "href": href,
            "active": path == href if href == "/" else path.startswith((href, *BELONGING.get(name, ()))),
        }
        for text, name, href in shown
    ]
