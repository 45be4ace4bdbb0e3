"""The administrator's page of the keys of grantees' own systems."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from vru.accounts.models import ApiToken
from vru.accounts.permissions import can_administer, person, require
from vru.pages.administration import PAGE_SIZE, can_see_administration


@require(can_see_administration)
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    user = person(request)
    found = ApiToken.objects.visible_to(user).with_holders().order_by("-created_at", "-pk")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    now = timezone.now()
    context = {
        "page_obj": page,
        "rows": [{"token": token, "stopped": token.stopped_at(now)} for token in page],
        "can_revoke": can_administer(user),
        "crumbs": [
            {"text": "Home", "href": reverse("home")},
            {"text": "Administration", "href": reverse("administration")},
        ],
    }
    return render(request, "administration/keys.html", context)
