"""A programme's pages with its grants: overview, money, grants and contracts, status."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import F, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from grants.actions.programmes import ENDINGS, change_programme_status, ending_refusal
from grants.money.duplicates import duplicates_among
from grants.money.programme_totals import by_source, by_year, commitments_of, inside, totals_of
from programmes.actions.checks import LONGEST_REASON
from programmes.actions.programmes import NEEDS_A_REASON
from programmes.models import PROGRAMME_STATES, BudgetLine, Programme
from programmes.views.programme_page import crumbs, form_page, page_context, visible_programme
from vru.accounts.permissions import can_edit_programmes, can_read_everything, person, require
from vru.lib.govuk.posted import posted
from vru.lib.layers import Layer

PAGE_SIZE = 50


@require(can_read_everything)
@require_safe
def programme_detail(request: HttpRequest, ref: str) -> HttpResponse:
    programme = visible_programme(request, ref)
    risks = programme.risks.filter(closed_at__isnull=True)
    weights = list(programme.objective_weights.select_related("objective"))
    context = page_context(
        request,
        programme,
        "programme",
        projects=programme.projects.order_by("title", "pk"),
        areas=list(programme.areas.all()),
        wards=list(programme.wards.select_related("area")),
        secondary=programme.secondary_objectives.all() if not weights else [],
        weights=weights,
        totals=totals_of(programme),
        open_risks=risks.count(),
        highest_risk=risks.aggregate(score=Max(F("likelihood") * F("impact")))["score"],
        risks_due=risks.filter(review_on__lt=timezone.localdate()).count(),
        documents=programme.documents.filter(removed_at__isnull=True).count(),
        indicator_targets=list(programme.indicator_targets.select_related("version__indicator")),
        actions=programme.workplan_actions.all(),
        promises=programme.strategy_commitments.all(),
    )
    context["steps"] = _next_steps(context) if context["may_edit"] else []
    context["can_move"] = can_edit_programmes(person(request)) and bool(
        PROGRAMME_STATES.targets(Programme.Status(programme.status))
    )
    context["can_copy"] = can_edit_programmes(person(request)) and programme.layer != Layer.PUBLISHED
    return render(request, "grants/programme_detail.html", context)


def _next_steps(context: dict[str, Any]) -> list[dict[str, str]]:
    """What a draft still needs before it can be approved and commissioned, each with the page that gives it."""
    programme: Programme = context["programme"]
    if programme.status != Programme.Status.DRAFT:
        return []
    placed = context["areas"] or programme.level == Programme.Level.WHOLE_AREA
    unset = [row for row in context["indicator_targets"] if row.target is None]
    steps = [
        (programme.primary_objective_id is None, "Choose its objectives and their weights", "programmes:objectives"),
        (not placed, "Say where it works", "programmes:areas"),
        (not (programme.need or programme.target_group), "Say whom it is for and why", "programmes:audience"),
        (programme.decision_id is None, "Name the decision that authorises it", "programmes:edit"),
        (not context["indicator_targets"], "Add what it aims for", "programmes:target-add"),
    ]
    found = [{"text": text, "href": reverse(name, args=[programme.ref])} for missing, text, name in steps if missing]
    found += [
        {
            "text": f"Set the target for “{row.version.indicator.title}”",
            "href": reverse("programmes:target", args=[programme.ref, row.pk]),
        }
        for row in unset
    ]
    return found


@require(can_read_everything)
@require_safe
def programme_money(request: HttpRequest, ref: str) -> HttpResponse:
    programme = visible_programme(request, ref)
    lines = (
        BudgetLine.objects.filter(inside(programme))
        .select_related("category", "source", "programme")
        .order_by("-year", "category__title", "ref")
    )
    context = page_context(
        request,
        programme,
        "programme:money",
        totals=totals_of(programme),
        years=by_year(programme),
        sources=by_source(programme),
        page_obj=Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page")),
    )
    return render(request, "grants/programme_money.html", context)


@require(can_read_everything)
@require_safe
def programme_grants(request: HttpRequest, ref: str) -> HttpResponse:
    """A page of commitments, each with the money that may be for the same thing."""
    programme = visible_programme(request, ref)
    commitments = commitments_of(programme).visible_to(person(request)).select_related("organisation", "programme")
    page = Paginator(commitments.order_by("ref"), PAGE_SIZE).get_page(request.GET.get("page"))
    doubles = duplicates_among(list(page.object_list))
    context = page_context(
        request,
        programme,
        "programme:grants",
        page_obj=page,
        rows=[{"grant": grant, "duplicates": doubles[grant.pk]} for grant in page.object_list],
        doubled=sum(1 for found in doubles.values() if found),
    )
    return render(request, "grants/programme_grants.html", context)


class StatusForm(forms.Form):
    mark_optional = False

    to = forms.ChoiceField(
        label="What does it become?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the programme becomes."},
    )
    reason = forms.CharField(
        label="Why?",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=LONGEST_REASON,
        help_text="Needed to pause, close or cancel. Kept with the programme's history.",
    )

    def __init__(self, programme: Programme, data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        targets = PROGRAMME_STATES.targets(Programme.Status(programme.status))
        field.choices = [(status.value, status.label) for status in targets]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("to") in NEEDS_A_REASON and not (data.get("reason") or "").strip():
            wanted = Programme.Status(data["to"]).label.lower()
            self.add_error("reason", f"Say why the programme is {wanted}.")
        return data


@require(can_edit_programmes)
@require_http_methods(["GET", "HEAD", "POST"])
def programme_status(request: HttpRequest, ref: str) -> HttpResponse:
    programme = visible_programme(request, ref)
    form = StatusForm(programme, posted(request))
    targets = PROGRAMME_STATES.targets(Programme.Status(programme.status))
    ending = ending_refusal(programme) if ENDINGS & set(targets) else ""
    final = "" if targets else f"The programme is {programme.get_status_display().lower()}, which is final."
    return form_page(
        request,
        form,
        lambda: change_programme_status(
            programme=programme,
            to=Programme.Status(form.cleaned_data["to"]),
            by=person(request),
            reason=form.cleaned_data["reason"],
        ),
        title="Change the status",
        caption=programme.title,
        lead=f"Now: {programme.get_status_display().lower()}.",
        warning=final or (f"It cannot be closed or cancelled yet. {ending}" if ending else ""),
        submit="" if final else "Change the status",
        done="The status is changed.",
        back=reverse("programme", args=[programme.ref]),
        crumbs=crumbs(programme),
        layer=programme.layer,
    )
