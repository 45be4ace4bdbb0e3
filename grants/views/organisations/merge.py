"""Merging one organisation into another: find the other, look at what moves, and say that it is meant."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from grants.actions.organisations import merge_organisations, moving, why_not
from grants.errors import ActionRefused
from grants.views.organisations.forms import MergeForm
from grants.views.organisations.page import crumbs_of, page_of, standing_organisation
from vru.accounts.models import Organisation
from vru.accounts.permissions import can_edit_organisations, person, require
from vru.lib.govuk.posted import posted

MOST_FOUND = 20


@require(can_edit_organisations)
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_merge(request: HttpRequest, ref: str) -> HttpResponse:
    """``ref`` is the organisation that goes; ``into`` the one that stays."""
    goes = standing_organisation(request, ref)
    others = Organisation.objects.visible_to(person(request)).standing().in_layer(goes.layer).exclude(pk=goes.pk)
    stays = others.filter(ref=request.POST.get("into") or request.GET.get("into", "")).first()
    context: dict[str, Any] = {
        "title": f"Merge {goes.name} into another organisation",
        "goes": goes,
        "stays": stays,
        "layer": goes.layer,
        "back": page_of(request, goes),
        "crumbs": crumbs_of(request, goes),
    }
    if stays is None:
        text = request.GET.get("text", "").strip()[:200]
        context |= {
            "text": text,
            "found": others.called(text).order_by(Lower("name"), "pk")[:MOST_FOUND] if text else [],
        }
        return render(request, "grants/organisation_merge.html", context)
    form = MergeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            merge_organisations(
                stays=stays, goes=goes, by=person(request), reason=form.cleaned_data["reason"], on=timezone.localdate()
            )
        except ActionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{goes.name} is merged into {stays.name}.")
            return redirect("organisations:detail", stays.ref)
    context |= {"form": form, "moving": moving(goes), "refusal": why_not(stays, goes)}
    return render(request, "grants/organisation_merge.html", context, status=422 if form.errors else 200)
