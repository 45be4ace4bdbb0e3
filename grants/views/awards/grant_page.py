"""What the pages of one grant share: which grant, whose it is, and the way from page to page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from grants.models import Commitment
from vru.accounts.permissions import person

# Name of the address, what it is called, and whether a grantee has it too.
PAGES = (
    ("detail", "Summary", True),
    ("money", "Money", True),
    ("all-returns", "Returns", True),
    ("results", "Results", False),
    ("people", "People", True),
    ("documents", "Documents", True),
    ("timeline", "Timeline", False),
)


def visible_grant(request: HttpRequest, ref: str) -> Commitment:
    """The award, with what every page of it shows. Raises Http404 for outsiders; a draft is the staff's alone."""
    visible = Commitment.objects.visible_to(person(request)).select_related(
        "programme__primary_objective", "programme__theme", "organisation", "manager", "decision", "category"
    )
    return get_object_or_404(visible, ref=ref)


def page_context(request: HttpRequest, grant: Commitment, here: str, **more: Any) -> dict[str, Any]:
    """The context of the page whose address is ``grants:<here>``; pages deeper down give ``deeper`` crumbs."""
    staff = person(request).is_staff_member
    return {
        "grant": grant,
        "layer": grant.programme.layer,
        "is_staff": staff,
        "subnav": [
            {"text": text, "href": reverse(f"grants:{name}", args=[grant.ref]), "current": name == here}
            for name, text, for_grantees in PAGES
            if staff or for_grantees
        ],
        "crumbs": crumbs(grant, staff, deeper=here != "detail"),
        **more,
    }


def crumbs(grant: Commitment, staff: bool, *, deeper: bool) -> list[dict[str, str]]:
    """The way from the start to the award's own page; ``deeper`` adds that page."""
    found = [{"text": "Home", "href": reverse("home")}]
    if staff:
        found.append({"text": "Grants", "href": reverse("grants:list")})
        found.append({"text": grant.programme.title, "href": reverse("programme", args=[grant.programme.ref])})
    if deeper:
        found.append({"text": grant.title, "href": reverse("grants:detail", args=[grant.ref])})
    return found
