"""Several grants at once: choose what changes, see exactly which change and which cannot, do it, take it back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from grants.actions import bulk_changes as bulk
from grants.actions.texts import LONGEST_REASON
from grants.errors import ActionRefused
from grants.models import BulkChange, Commitment
from grants.views.finding.grant_list import GRANTS, found_grants
from programmes.layers import chosen_layer
from vru.accounts.models import Role, User
from vru.accounts.permissions import can_edit_programmes, can_read_everything, person, require

PAGE_SIZE = 50
Kind = BulkChange.Kind


# What is asked before it happens; the kind itself is named by what has happened.
WHAT = [(Kind.MANAGER, "The programme manager"), (Kind.STATUS, "The status")]


class BulkForm(forms.Form):
    """What is to become of the grants chosen. The names are its own: the list's filters stand in the same address."""

    mark_optional = False
    do = forms.ChoiceField(label="What changes?", choices=WHAT, widget=forms.RadioSelect)
    to_manager = forms.ModelChoiceField(
        label="The programme manager, if that changes",
        queryset=User.objects.with_role(Role.PROGRAMME_MANAGER).filter(is_active=True).order_by("name", "pk"),
        empty_label="Choose a programme manager",
        required=False,
    )
    to_status = forms.ChoiceField(
        label="The status, if that changes",
        choices=[("", "Choose a status"), *((status.value, status.label) for status in bulk.STATUSES)],
        help_text="Offers, acceptances and closings have pages of their own.",
        required=False,
    )
    why = forms.CharField(label="Why?", help_text="Kept in the history of each.", max_length=LONGEST_REASON)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("do") == Kind.MANAGER and not cleaned.get("to_manager") and "to_manager" not in self.errors:
            self.add_error("to_manager", "Choose a programme manager.")
        if cleaned.get("do") == Kind.STATUS and not cleaned.get("to_status") and "to_status" not in self.errors:
            self.add_error("to_status", "Choose a status.")
        return cleaned

    def wanted(self) -> bulk.Wanted:
        if self.cleaned_data["do"] == Kind.MANAGER:
            return bulk.Wanted(Kind.MANAGER, manager=self.cleaned_data["to_manager"])
        return bulk.Wanted(Kind.STATUS, status=Commitment.Status(self.cleaned_data["to_status"]))


def _form_for(user: User, data: Any = None) -> BulkForm:
    """Grants change hands by a programme manager's word; a status by the director's too."""
    form = BulkForm(data)
    if not user.has_role(Role.PROGRAMME_MANAGER):
        form.fields["do"].choices = [(Kind.STATUS.value, Kind.STATUS.label)]  # type: ignore[attr-defined]
        del form.fields["to_manager"]
    return form


def _chosen(request: HttpRequest) -> list[Commitment]:
    """The grants ticked, or with ``all`` every one that the address's filters find; at most one too many."""
    refs = request.GET.getlist("grant")
    found = found_grants(request, chosen_layer(request))
    if refs:
        rows = found.queryset.filter(ref__in=refs[: bulk.MOST_AT_ONCE + 1]).order_by("ref")
    else:
        rows = found.found if request.GET.get("all") else found.queryset.none()
    return list(rows.select_related("manager", "organisation")[: bulk.MOST_AT_ONCE + 1])


def _crumbs(*more: tuple[str, str]) -> list[dict[str, str]]:
    trail = [("Home", reverse("home")), ("Grants", reverse(GRANTS.name)), *more]
    return [{"text": text, "href": href} for text, href in trail]


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    """What the address says about the choice, to be sent on by the form; what the form asks is left out."""
    own = set(BulkForm.base_fields)
    return [(name, value) for name, values in request.GET.lists() if name not in own for value in values]


@require(can_edit_programmes)
@require_http_methods(["GET", "HEAD", "POST"])
def bulk_change(request: HttpRequest) -> HttpResponse:
    """Asks what changes, then shows the preview; pressing there posts what was seen, and does it."""
    user = person(request)
    if request.method == "POST":
        return _make(request, user)
    grants = _chosen(request)
    asked = "do" in request.GET or "why" in request.GET
    form = _form_for(user, request.GET if asked else None)
    context: dict[str, Any] = {
        "form": form,
        "grants": grants,
        "too_many": len(grants) > bulk.MOST_AT_ONCE,
        "most": bulk.MOST_AT_ONCE,
        "kept": _kept(request),
        "crumbs": _crumbs(),
    }
    if asked and form.is_valid() and grants and not context["too_many"]:
        wanted = form.wanted()
        planned = bulk.plan(grants, wanted)
        context |= {
            "wanted": wanted,
            "after": wanted.manager.name if wanted.manager else wanted.status.label if wanted.status else "",
            "ready": [row for row in planned if not row.obstacle],
            "left": [row for row in planned if row.obstacle],
            "asked": [(name, value) for name in form.fields for value in request.GET.getlist(name)],
        }
        return render(request, "grants/bulk_preview.html", context)
    return render(request, "grants/bulk_choose.html", context, status=422 if asked and form.errors else 200)


def _make(request: HttpRequest, user: User) -> HttpResponse:
    form = _form_for(user, request.POST)
    pairs = [text.rpartition("|") for text in request.POST.getlist("seen")[: bulk.MOST_AT_ONCE + 1]]
    if not form.is_valid():
        messages.error(request, "Choose again what changes: what was sent could not be read.")
        return redirect(GRANTS.name)
    visible = set(
        Commitment.objects.visible_to(user).filter(ref__in=[ref for ref, _, _ in pairs]).values_list("ref", flat=True)
    )
    seen = {ref: before for ref, _, before in pairs if ref in visible}
    try:
        outcome = bulk.make_bulk_change(seen=seen, wanted=form.wanted(), reason=form.cleaned_data["why"], by=user)
    except ActionRefused as refused:
        messages.error(request, str(refused))
        return redirect(GRANTS.name)
    many = len(outcome.done)
    messages.success(request, f"{many} {'grant is' if many == 1 else 'grants are'} changed.")
    _say_left(request, outcome)
    return redirect("grants:bulk-done", pk=outcome.change.pk)


def _say_left(request: HttpRequest, outcome: bulk.Outcome) -> None:
    for grant, why in outcome.left:
        messages.warning(request, f"{grant.ref} {grant.title}: left as it is. {why}")


@require(can_read_everything)
@require_safe
def bulk_list(request: HttpRequest) -> HttpResponse:
    rows = BulkChange.objects.select_related("made_by", "undone_by")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "grants/bulk_list.html", {"page_obj": page, "crumbs": _crumbs()})


@require(can_read_everything)
@require_safe
def bulk_done(request: HttpRequest, pk: int) -> HttpResponse:
    """What a change did, row by row, and what would be given back if it were undone now."""
    change = get_object_or_404(BulkChange.objects.select_related("made_by", "undone_by"), pk=pk)
    user = person(request)
    grants = Commitment.objects.visible_to(user).filter(ref__in=list(change.before)).select_related("organisation")
    names = _names(change)
    rows = [
        {
            "grant": grant,
            "before": names.get(change.before[grant.ref], change.before[grant.ref]),
            "after": names.get(change.after[grant.ref], change.after[grant.ref]),
            "obstacle": "" if change.undone_at else bulk.undo_obstacle(grant, change),
        }
        for grant in grants.order_by("ref")
    ]
    context = {
        "change": change,
        "rows": rows,
        "can_undo": can_edit_programmes(user) and change.undone_at is None and any(not row["obstacle"] for row in rows),
        "crumbs": _crumbs(("Changes to several grants", reverse("grants:bulk-list"))),
    }
    return render(request, "grants/bulk_done.html", context)


def _names(change: BulkChange) -> dict[str, str]:
    """What is kept as people read it."""
    if change.kind == Kind.STATUS:
        return dict(Commitment.Status.choices)
    keys = {value for value in (*change.before.values(), *change.after.values()) if value.isdecimal()}
    found = User.objects.filter(pk__in=[int(key) for key in keys]).values_list("pk", "name")
    return {"": "Nobody", **{str(pk): name for pk, name in found}}


@require(can_edit_programmes)
@require_http_methods(["POST"])
def bulk_undo(request: HttpRequest, pk: int) -> HttpResponse:
    change = get_object_or_404(BulkChange, pk=pk)
    try:
        outcome = bulk.undo_bulk_change(change=change, by=person(request))
    except ActionRefused as refused:
        messages.error(request, str(refused))
    else:
        many = len(outcome.done)
        messages.success(request, f"Undone: {many} {'grant has' if many == 1 else 'grants have'} what they had before.")
        _say_left(request, outcome)
    return redirect("grants:bulk-done", pk=pk)
