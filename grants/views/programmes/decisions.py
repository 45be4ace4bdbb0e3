"""The decision register: what was authorised, and what was actually awarded under it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from grants.models.commitment import AWARDED_STATUSES
from grants.money.decisions import awarded_under, commitments_under
from programmes.actions.checks import LONGEST_REASON
from programmes.actions.decisions import DecisionDetails, correct_decision, record_decision
from programmes.layers import chosen_layer, default_layer, layers_in_use
from programmes.models import Decision
from programmes.views.programme_forms import text_box
from programmes.views.programme_page import Crumbs, form_page
from vru.accounts.models import AuditEvent
from vru.accounts.permissions import can_edit_programmes, can_read_everything, person, require
from vru.lib.govuk.amounts import PoundsField
from vru.lib.govuk.dates import DatePartsField
from vru.lib.govuk.posted import posted
from vru.lib.layers import Layer

PAGE_SIZE = 50
FORM = ["GET", "HEAD", "POST"]


class DecisionForm(forms.Form):
    title = forms.CharField(label="Title", max_length=300)
    decided_on = DatePartsField(label="When was it decided?")
    decided_by = forms.CharField(label="Who decided?", max_length=200, required=False, help_text="A board or a post.")
    summary = text_box("What does it authorise?", required=False)
    authorised_pence = PoundsField(
        label="Amount authorised", required=False, help_text="Leave empty when the decision names no amount."
    )
    url = forms.CharField(
        label="Link to the decision", required=False, max_length=200, help_text="Begins with https:// or http://."
    )

    def details(self) -> DecisionDetails:
        return DecisionDetails(**{name: self.cleaned_data[name] for name in DecisionDetails.__dataclass_fields__})


class AddDecisionForm(DecisionForm):
    ref = forms.CharField(
        label="Reference",
        max_length=40,
        help_text="As in the minutes: letters and a number without spaces, for example DEC-2021-04.",
    )
    field_order = ("ref",)


class CorrectDecisionForm(DecisionForm):
    reason = forms.CharField(
        label="Why is it corrected?",
        max_length=LONGEST_REASON,
        error_messages={"required": "Say why the decision is corrected."},
    )


@require(can_read_everything)
@require_safe
def decision_list(request: HttpRequest) -> HttpResponse:
    layer, words = chosen_layer(request), request.GET.get("text", "").strip()
    decisions = Decision.objects.visible_to(person(request)).in_layer(layer)
    if words:
        decisions = decisions.filter(Q(title__icontains=words) | Q(ref__icontains=words))
    page = Paginator(decisions.order_by("-decided_on", "ref"), PAGE_SIZE).get_page(request.GET.get("page"))
    awarded = awarded_under(list(page.object_list))
    context = {
        "page_obj": page,
        "rows": [_compared(decision, awarded[decision.pk]) for decision in page.object_list],
        "text": words,
        "may_edit": can_edit_programmes(person(request)),
        "layer": layer,
        "layers": layers_in_use(),
        "crumbs": _crumbs(),
    }
    return render(request, "grants/decision_list.html", context)


def _compared(decision: Decision, awarded: int) -> dict[str, Any]:
    authorised = decision.authorised_pence
    left = None if authorised is None else authorised - awarded
    return {
        "decision": decision,
        "awarded": awarded,
        "left": left,
        "is_over": left is not None and left < 0,
        "over": -left if left is not None and left < 0 else 0,
    }


def _crumbs(decision: Decision | None = None, *, deeper: bool = False) -> Crumbs:
    found = [{"text": "Home", "href": reverse("home")}]
    if decision is not None or deeper:
        found.append({"text": "Decisions", "href": reverse("decisions:list")})
    if decision is not None and deeper:
        found.append({"text": decision.ref, "href": reverse("decisions:detail", args=[decision.ref])})
    return found


def _decision(request: HttpRequest, ref: str) -> Decision:
    return get_object_or_404(Decision.objects.visible_to(person(request)), ref=ref)


@require(can_read_everything)
@require_safe
def decision_detail(request: HttpRequest, ref: str) -> HttpResponse:
    decision = _decision(request, ref)
    under = commitments_under(decision).visible_to(person(request)).select_related("organisation", "programme")
    context = {
        **_compared(decision, awarded_under([decision])[decision.pk]),
        "page_obj": Paginator(under.order_by("ref"), PAGE_SIZE).get_page(request.GET.get("page")),
        "counted": AWARDED_STATUSES,
        "programmes": decision.programmes.order_by("title", "pk"),
        "events": AuditEvent.objects.about(decision).select_related("actor")[:10],
        "may_edit": can_edit_programmes(person(request)) and decision.layer != Layer.PUBLISHED,
        "layer": decision.layer,
        "crumbs": _crumbs(decision),
    }
    return render(request, "grants/decision_detail.html", context)


@require(can_edit_programmes)
@require_http_methods(FORM)
def decision_add(request: HttpRequest) -> HttpResponse:
    form, layer = AddDecisionForm(posted(request)), default_layer()
    return form_page(
        request,
        form,
        lambda: record_decision(
            ref=form.cleaned_data["ref"],
            layer=layer,
            details=form.details(),
            by=person(request),
            today=timezone.localdate(),
        ),
        title="Record a decision",
        done="The decision is recorded.",
        back=lambda decision: reverse("decisions:detail", args=[decision.ref]),
        cancel=reverse("decisions:list"),
        crumbs=_crumbs(deeper=True),
        layer=layer,
    )


@require(can_edit_programmes)
@require_http_methods(FORM)
def decision_correct(request: HttpRequest, ref: str) -> HttpResponse:
    decision = _decision(request, ref)
    start = {name: getattr(decision, name) for name in DecisionDetails.__dataclass_fields__}
    form = CorrectDecisionForm(posted(request), initial=start)
    return form_page(
        request,
        form,
        lambda: correct_decision(
            decision=decision,
            details=form.details(),
            by=person(request),
            reason=form.cleaned_data["reason"],
            today=timezone.localdate(),
        ),
        title="Correct the decision",
        caption=decision.ref,
        done="The decision is corrected.",
        back=reverse("decisions:detail", args=[decision.ref]),
        crumbs=_crumbs(decision, deeper=True),
        layer=decision.layer,
    )
