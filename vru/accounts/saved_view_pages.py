"""Saved views: keep the list one is looking at, open one, rename, share, delete."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vru.accounts.actions.saved_views import (
    LONGEST_NAME,
    LONGEST_QUERY,
    SavedViewRefused,
    change_view,
    delete_view,
    save_view,
)
from vru.accounts.lists import ListPage, lists
from vru.accounts.models import SavedView
from vru.accounts.permissions import can_read_everything, person, require
from vru.lib.govuk.posted import posted


class SavedViewForm(forms.Form):
    mark_optional = False
    name = forms.CharField(label="Name", max_length=LONGEST_NAME)
    is_shared = forms.BooleanField(label="Share with the unit's staff", required=False)


def _page(name: str) -> ListPage:
    if name not in lists():
        raise Http404("No such list.")
    return lists()[name]


def _address(view: SavedView) -> str:
    return f"{reverse(_page(view.page).name)}?{view.query}"


def _crumbs(*more: tuple[str, str]) -> list[dict[str, str]]:
    trail = [("Home", reverse("home")), *more]
    return [{"text": text, "href": href} for text, href in trail]


@require(can_read_everything)
@require_safe
def saved_view_list(request: HttpRequest) -> HttpResponse:
    """One's own views and those that colleagues share, by list."""
    user = person(request)
    views = SavedView.objects.visible_to(user).filter(page__in=lists()).select_related("owner")
    rows = [{"view": view, "list": lists()[view.page].title, "is_own": view.owner_id == user.pk} for view in views]
    context = {
        "mine": [row for row in rows if row["is_own"]],
        "shared": [row for row in rows if not row["is_own"]],
        "crumbs": _crumbs(),
    }
    return render(request, "saved_views/view_list.html", context)


@require(can_read_everything)
@require_POST
def saved_view_save(request: HttpRequest) -> HttpResponse:
    """Keep the list from which this was sent, and show it again."""
    page, query = _page(request.POST.get("list", "")), request.POST.get("query", "")
    try:
        view = save_view(
            page=page.name,
            name=request.POST.get("name", ""),
            query=query,
            is_shared=request.POST.get("is_shared") == "on",
            by=person(request),
        )
    except SavedViewRefused as refused:
        messages.error(request, str(refused))
        return redirect(f"{reverse(page.name)}?{query[:LONGEST_QUERY]}")
    messages.success(request, f"“{view.name}” is saved. Find it under “Saved views” beside the list.")
    return redirect(_address(view))


@require(can_read_everything)
@require_safe
def saved_view_open(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect(_address(get_object_or_404(SavedView.objects.visible_to(person(request)), pk=pk)))


@require(can_read_everything)
@require_http_methods(["GET", "HEAD", "POST"])
def saved_view_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename, share or delete one's own view. Another person's view is not found here."""
    user = person(request)
    view = get_object_or_404(SavedView.objects.filter(owner=user), pk=pk)
    form = SavedViewForm(posted(request), initial={"name": view.name, "is_shared": view.is_shared})
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_view(view=view, by=user, **form.cleaned_data)
        except SavedViewRefused as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, f"“{changed.name}” is saved.")
            return redirect("saved-views:list")
    context: dict[str, Any] = {
        "form": form,
        "view": view,
        "crumbs": _crumbs(("Saved views", reverse("saved-views:list"))),
    }
    return render(request, "saved_views/view_edit.html", context, status=422 if form.errors else 200)


@require(can_read_everything)
@require_POST
def saved_view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    view = SavedView.objects.filter(owner=user, pk=pk).first()
    # Pressed twice, the second press finds nothing left to do.
    if view is not None:
        delete_view(view=view, by=user)
        messages.success(request, f"“{view.name}” is deleted. The list itself stays as it is.")
    return redirect("saved-views:list")
