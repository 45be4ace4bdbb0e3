"""What all pages of one programme share: the programme a person may see, crumbs, and the pages beside each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from programmes.actions.checks import edit_refusal
from programmes.errors import ProgrammeRefused
from programmes.models import Programme
from vru.accounts.permissions import can_edit_programmes, person
from vru.lib.state_machine import TransitionRefused

Crumbs = list[dict[str, str]]
# (text, address name): the pages of a programme, in their order.
PAGES = (
    ("Overview", "programme"),
    ("Money", "programme:money"),
    ("Grants and contracts", "programme:grants"),
    ("Risks and documents", "programmes:records"),
    ("History", "programme:history"),
)


def visible_programme(request: HttpRequest, ref: str) -> Programme:
    visible = Programme.objects.visible_to(person(request)).select_related(
        "theme", "primary_objective", "parent", "manager", "decision", "need_source", "copied_from"
    )
    return get_object_or_404(visible, ref=ref)


def crumbs(programme: Programme | None = None) -> Crumbs:
    found = [{"text": "Home", "href": reverse("home")}, {"text": "Programmes", "href": reverse("programmes:list")}]
    if programme is not None:
        found.append({"text": programme.title, "href": reverse("programme", args=[programme.ref])})
    return found


def page_context(request: HttpRequest, programme: Programme, here: str, **more: Any) -> dict[str, Any]:
    """The context of a page of ``programme``; ``here`` is the page's address name."""
    edits = can_edit_programmes(person(request))
    return {
        "programme": programme,
        "layer": programme.layer,
        "pages": [
            {"text": text, "href": reverse(name, args=[programme.ref]), "current": name == here} for text, name in PAGES
        ],
        "may_edit": edits and not edit_refusal(programme),
        "may_keep_records": edits,
        "crumbs": crumbs(None if here == "programme" else programme),
        **more,
    }


def form_page(
    request: HttpRequest,
    form: forms.Form,
    save: Callable[[], Any],
    *,
    title: str,
    done: str,
    back: str | Callable[[Any], str],
    crumbs: Crumbs,
    cancel: str = "",
    caption: str = "",
    lead: str = "",
    submit: str = "Save",
    warning: str = "",
    layer: str = "",
) -> HttpResponse:
    """One form on a page: what was typed is kept when it is refused, and the person is led back when it is saved.

    ``save`` calls the action and returns what it made, from which ``back`` may make the address to go to.
    """
    if request.method == "POST" and form.is_valid():
        try:
            made = save()
        except (ProgrammeRefused, TransitionRefused) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, done)
            return redirect(back if isinstance(back, str) else back(made))
    context = {
        "title": title,
        "caption": caption,
        "lead": lead,
        "submit": submit,
        "warning": warning,
        "form": form,
        "layer": layer,
        "cancel": cancel or (back if isinstance(back, str) else ""),
        "crumbs": crumbs,
    }
    return render(request, "programmes/programme_form.html", context, status=422 if form.errors else 200)
