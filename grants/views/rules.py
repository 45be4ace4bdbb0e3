"""How a return is checked, in plain words, for whoever fills one in or reviews it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from grants.validation.registry import rules_in_order
from vru.accounts.permissions import person


@require_safe
def return_rules(request: HttpRequest) -> HttpResponse:
    """Rules about other grantees are shown to staff only, like their findings."""
    rules = [rule for rule in rules_in_order() if person(request).is_staff_member or not rule.staff_only]
    return render(
        request,
        "grants/return_rules.html",
        {
            "crumbs": [{"text": "Home", "href": reverse("home")}, {"text": "How we check returns"}],
            "errors": [rule for rule in rules if rule.is_error],
            "warnings": [rule for rule in rules if not rule.is_error],
        },
    )
