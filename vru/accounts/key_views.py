"""Pages on which an organisation's people make, see and revoke the keys of their own systems."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from vru.accounts.actions.api_tokens import KeyRefused, can_revoke_key, create_token, revoke_token
from vru.accounts.key_forms import KeyForm
from vru.accounts.models import ApiToken, Membership, Organisation, User
from vru.accounts.permissions import person
from vru.lib.govuk.posted import posted

PAGE_SIZE = 50


def _own_organisations(user: User) -> list[Organisation]:
    """Those the person acts for now. Raises 404 when there is none: such a person has no keys to speak of."""
    acts = Membership.objects.current().filter(user=user).values("organisation")
    found = list(Organisation.objects.filter(pk__in=acts))
    if not found:
        raise Http404("You do not act for an organisation.")
    return found


def _crumbs(*more: tuple[str, str]) -> list[dict[str, str]]:
    steps = [("Home", "home"), ("Your organisation", "accounts:organisation"), *more]
    return [{"text": text, "href": reverse(name)} for text, name in steps]


@require_safe
def key_list(request: HttpRequest) -> HttpResponse:
    user = person(request)
    organisations = _own_organisations(user)
    keys = ApiToken.objects.visible_to(user).filter(organisation__in=organisations).with_holders()
    page = Paginator(keys, PAGE_SIZE).get_page(request.GET.get("page"))
    now = timezone.now()
    context = {
        "page_obj": page,
        "rows": [{"token": token, "stopped": token.stopped_at(now)} for token in page],
        "several": len(organisations) > 1,
        "crumbs": _crumbs(),
    }
    return render(request, "accounts/key_list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def key_create(request: HttpRequest) -> HttpResponse:
    """The secret is on the answer to the form and nowhere else, so the answer is never kept by anybody."""
    user = person(request)
    form = KeyForm(posted(request), organisations=_own_organisations(user))
    context: dict[str, Any] = {"form": form, "crumbs": _crumbs(("Keys for your own systems", "accounts:keys"))}
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/key_create.html", context, status=422 if form.errors else 200)
    try:
        token, secret = create_token(
            organisation=form.chosen_organisation(),
            by=user,
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            days=form.cleaned_data["days"],
        )
    except KeyRefused as refused:
        form.add_error(None, str(refused))
        return render(request, "accounts/key_create.html", context, status=422)
    return render(request, "accounts/key_made.html", {**context, "form": None, "token": token, "secret": secret})


@require_http_methods(["GET", "HEAD", "POST"])
def key_revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    user = person(request)
    token = get_object_or_404(ApiToken.objects.visible_to(user).with_holders(), pk=key_id)
    if not can_revoke_key(user, token):
        raise PermissionDenied
    ours = user.acts_for(token.organisation_id)
    back = reverse("accounts:keys" if ours else "administration-keys")
    if request.method == "POST":
        revoke_token(token=token, by=user)
        messages.success(request, f"The key “{token.name}” is revoked. It opens nothing any more.")
        return redirect(back)
    context = {"token": token, "back": back, "crumbs": [{"text": "Home", "href": reverse("home")}]}
    return render(request, "accounts/key_revoke.html", context)
