"""The register of organisations: the list with its filters, and the checks that have run out or soon will."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from grants.models import Commitment
from programmes.layers import chosen_layer, layers_in_use
from vru.accounts.models import DueDiligenceCheck, Organisation
from vru.accounts.permissions import can_edit_organisations, can_edit_programmes, can_read_everything, person, require

PAGE_SIZE = 50
SOON = datetime.timedelta(days=60)
STATES = (
    ("failed", "A check failed"),
    ("expired", "A check has run out"),
    ("expiring", "A check runs out within 60 days"),
    ("incomplete", "A kind of check was never made"),
    ("current", "Every check made and in date"),
)
SORTS = (("name", "Name"), ("award", "Awarded, most first"), ("checks", "Next check to run out"))


class OrganisationFilter(forms.Form):
    text = forms.CharField(label="Name, former name, reference or number", required=False, max_length=200)
    kind = forms.ChoiceField(label="Kind", choices=[("", "Any kind"), *Organisation.Kind.choices], required=False)
    checks = forms.ChoiceField(label="Due diligence", choices=[("", "Any"), *STATES], required=False)
    funded = forms.ChoiceField(
        label="Funded now", choices=[("", "Either"), ("yes", "Yes"), ("no", "No")], required=False
    )
    sort = forms.ChoiceField(label="Order by", choices=SORTS, required=False)


def latest_checks(**about: Any) -> QuerySet[DueDiligenceCheck]:
    """Inside a query of organisations: the latest check of each kind."""
    return DueDiligenceCheck.objects.last_of_each().filter(organisation=OuterRef("pk"), **about)


def in_state(found: QuerySet[Organisation], state: str, today: datetime.date) -> QuerySet[Organisation]:
    failed = latest_checks(outcome=DueDiligenceCheck.Outcome.FAILED)
    expired = latest_checks(expires_on__lt=today)
    expiring = latest_checks(expires_on__range=(today, today + SOON))
    made = Coalesce(
        Subquery(
            latest_checks().order_by().values("organisation").annotate(kinds=Count("kind")).values("kinds"),
        ),
        0,
    )
    every = len(DueDiligenceCheck.Kind.values)
    if state == "incomplete":
        return found.alias(kinds_checked=made).filter(kinds_checked__lt=every)
    if state == "current":
        whole = found.alias(kinds_checked=made).filter(kinds_checked=every)
        return whole.exclude(Exists(failed)).exclude(Exists(expired))
    return found.filter(Exists({"failed": failed, "expired": expired, "expiring": expiring}[state]))


def running_on(today: datetime.date) -> QuerySet[Commitment]:
    awarded = Commitment.objects.awarded().exclude(status=Commitment.Status.TERMINATED)
    return awarded.overlapping(today, today)


def found_organisations(
    found: QuerySet[Organisation], asked: dict[str, str], today: datetime.date
) -> QuerySet[Organisation]:
    """The filters combined, in a total order."""
    if asked.get("text"):
        found = found.called(asked["text"])  # type: ignore[attr-defined]
    if asked.get("kind"):
        found = found.filter(kind=asked["kind"])
    if asked.get("checks"):
        found = in_state(found, asked["checks"], today)
    if asked.get("funded"):
        funded = Exists(running_on(today).filter(organisation=OuterRef("pk")))
        found = found.filter(funded) if asked["funded"] == "yes" else found.exclude(funded)
    return _in_order(_with_figures(found), asked.get("sort") or "name")


def _with_figures(found: QuerySet[Organisation]) -> QuerySet[Organisation]:
    mine = Commitment.objects.awarded().filter(organisation=OuterRef("pk")).order_by().values("organisation")
    first = latest_checks(expires_on__isnull=False).order_by("expires_on", "pk").values("expires_on")[:1]
    return found.annotate(
        award_pence=Coalesce(Subquery(mine.annotate(total=Sum("award_pence")).values("total")), 0),
        awards=Coalesce(Subquery(mine.annotate(count=Count("pk")).values("count")), 0),
        next_expiry=Subquery(first),
        has_failed=Exists(latest_checks(outcome=DueDiligenceCheck.Outcome.FAILED)),
    )


def _in_order(found: QuerySet[Organisation], sort: str) -> QuerySet[Organisation]:
    if sort == "award":
        return found.order_by(F("award_pence").desc(), Lower("name"), "pk")
    if sort == "checks":
        return found.order_by(F("next_expiry").asc(nulls_last=True), Lower("name"), "pk")
    return found.order_by(Lower("name"), "pk")


@require(can_read_everything)
@require_safe
def organisation_list(request: HttpRequest) -> HttpResponse:
    layer, today, user = chosen_layer(request), timezone.localdate(), person(request)
    form = OrganisationFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    visible = Organisation.objects.visible_to(user).in_layer(layer).standing()
    page = Paginator(found_organisations(visible, asked, today), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filter_form": form,
        "active_filters": sum(bool(value) for name, value in asked.items() if name != "sort"),
        "page_obj": page,
        "layer": layer,
        "layers": layers_in_use(),
        "today": today,
        "soon": today + SOON,
        "may_edit": can_edit_organisations(user),
        "may_import": can_edit_programmes(user),
        "crumbs": [{"text": "Home", "href": reverse("home")}],
    }
    return render(request, "grants/organisation_list.html", context)


@require(can_read_everything)
@require_safe
def checks_due(request: HttpRequest) -> HttpResponse:
    """The latest checks that failed, have run out, or run out within sixty days, of organisations funded now."""
    layer, today, user = chosen_layer(request), timezone.localdate(), person(request)
    organisations = Organisation.objects.visible_to(user).in_layer(layer).standing()
    funded = organisations.filter(Exists(running_on(today).filter(organisation=OuterRef("pk"))))
    found = (
        DueDiligenceCheck.objects.last_of_each()
        .filter(organisation__in=funded)
        .filter(Q(expires_on__lte=today + SOON) | Q(outcome=DueDiligenceCheck.Outcome.FAILED))
        .select_related("organisation", "checked_by")
        .order_by(F("expires_on").asc(nulls_first=True), Lower("organisation__name"), "kind", "pk")
    )
    context = {
        "page_obj": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "layer": layer,
        "layers": layers_in_use(),
        "today": today,
        "may_edit": can_edit_organisations(user),
        "crumbs": [
            {"text": "Home", "href": reverse("home")},
            {"text": "Organisations", "href": reverse("organisations:list")},
        ],
    }
    return render(request, "grants/organisation_checks.html", context)
