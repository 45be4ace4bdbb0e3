"""A grantee's own organisation and the people who act for it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from vru.accounts.models import Membership, Organisation
from vru.accounts.permissions import person


@require_safe
def organisation(request: HttpRequest) -> HttpResponse:
    user = person(request)
    mine = Membership.objects.current().filter(user=user).values("organisation")
    people = Membership.objects.current().filter(organisation__in=mine).select_related("user", "organisation")
    if not people:
        raise Http404("You do not act for an organisation.")
    by_organisation: dict[Organisation, list[Membership]] = {}
    for membership in people:
        by_organisation.setdefault(membership.organisation, []).append(membership)
    today = timezone.localdate()
    context = {
        "organisations": [
            {
                "organisation": each,
                "people": members,
                "contacts": each.contacts.current(),
                "policies": each.policy_rows(today),
            }
            for each, members in by_organisation.items()
        ],
        "crumbs": [{"text": "Home", "href": reverse("home")}],
    }
    return render(request, "accounts/organisation.html", context)


def email_addresses(request: HttpRequest) -> HttpResponse:
    """Accounts come by invitation to an address, so the unit changes it, not the person who holds the account."""
    messages.info(request, "To change your email address, ask the unit: it is the address you were invited at.")
    return redirect("home")
