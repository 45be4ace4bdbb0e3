"""One organisation's page: who it is, what it is given, whom to call, its policies and checks, and its punctuality."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from grants.models import Commitment, ConsortiumPartner, MonitoringReturn
from grants.views.organisations.listing import SOON
from vru.accounts.actions.organisations import REGISTERS
from vru.accounts.models import AuditEvent, DueDiligenceCheck, Organisation
from vru.accounts.permissions import (
    can_edit_organisations,
    can_edit_programmes,
    can_keep_money,
    can_read_everything,
    person,
    require,
)
from vru.lib.periods import london_day

HISTORY = 15


def standing_organisation(request: HttpRequest, ref: str) -> Organisation:
    """404 for outsiders and for an organisation that was merged into another: nothing about it changes any more."""
    return get_object_or_404(Organisation.objects.visible_to(person(request)).standing(), ref=ref)


def crumbs_of(request: HttpRequest, organisation: Organisation | None = None) -> list[dict[str, str]]:
    """The register and the organisation for staff; a grantee has only its own page."""
    crumbs = [{"text": "Home", "href": reverse("home")}]
    if not person(request).is_staff_member:
        return [*crumbs, {"text": "Your organisation", "href": reverse("accounts:organisation")}]
    crumbs.append({"text": "Organisations", "href": reverse("organisations:list")})
    if organisation is not None:
        crumbs.append({"text": organisation.name, "href": reverse("organisations:detail", args=[organisation.ref])})
    return crumbs


def page_of(request: HttpRequest, organisation: Organisation) -> str:
    """Where somebody goes back to after changing something about the organisation."""
    if person(request).is_staff_member:
        return reverse("organisations:detail", args=[organisation.ref])
    return reverse("accounts:organisation")


@require(can_read_everything)
@require_safe
def organisation_detail(request: HttpRequest, ref: str) -> HttpResponse:
    user, today = person(request), timezone.localdate()
    visible = Organisation.objects.visible_to(user).select_related("merged_into")
    organisation = get_object_or_404(visible, ref=ref)
    if organisation.merged_into is not None:
        into = organisation.merged_into
        messages.info(request, f"{organisation.name} was merged into {into.name}. This is the page of {into.name}.")
        return redirect("organisations:detail", into.ref)
    awards = list(
        Commitment.objects.visible_to(user)
        .filter(organisation=organisation)
        .select_related("programme")
        .order_by("-starts_on", "ref")
    )
    may_edit = can_edit_organisations(user)
    context = {
        "organisation": organisation,
        "layer": organisation.layer,
        "rows": summary_rows(organisation, may_edit=may_edit, may_pay=can_keep_money(user)),
        "awards": awards,
        "total_pence": sum(each.award_pence for each in awards if each.status not in ("draft", "offered")),
        "partnerships": ConsortiumPartner.objects.filter(organisation=organisation).select_related("commitment"),
        "contacts": organisation.contacts.current(),
        "policies": organisation.policy_rows(today),
        "checks": check_rows(organisation, today),
        "punctuality": punctuality(organisation, today),
        "former_names": organisation.former_names.order_by("name", "pk"),
        "merged": organisation.merged_organisations.order_by("name", "pk"),
        "people": organisation.memberships.current().select_related("user").order_by("user__name", "role", "pk"),
        "events": AuditEvent.objects.about(organisation).select_related("actor")[:HISTORY],
        "may_edit": may_edit,
        "may_award": can_edit_programmes(user),
        "crumbs": crumbs_of(request),
    }
    return render(request, "grants/organisation_detail.html", context)


def summary_rows(organisation: Organisation, *, may_edit: bool, may_pay: bool) -> list[dict[str, Any]]:
    edit = reverse("organisations:edit", args=[organisation.ref]) if may_edit else ""
    rows = [{"key": "Kind", "value": organisation.get_kind_display(), "href": edit}]
    for name, (_, called) in REGISTERS.items():
        if getattr(organisation, name):
            rows.append({"key": called[:1].upper() + called[1:], "value": getattr(organisation, name), "href": edit})
    rows.append({"key": "Identifier", "value": organisation.org_id or "None: it has no number of a public register"})
    place = ", ".join([*organisation.address.splitlines(), organisation.postcode]).strip(", ")
    rows.append({"key": "Address", "value": place or "Not given", "href": edit})
    rows.append({"key": "Website", "value": organisation.website or "Not given", "href": edit})
    pay = reverse("organisations:supplier", args=[organisation.ref]) if may_pay else ""
    rows.append({"key": "Supplier reference", "value": organisation.supplier_reference or "Not set", "href": pay})
    return rows


def check_rows(organisation: Organisation, today: datetime.date) -> list[dict[str, Any]]:
    """Every kind of check: its latest outcome, whether it still holds, and the earlier ones."""
    made: dict[str, list[DueDiligenceCheck]] = {}
    for check in organisation.due_diligence_checks.select_related("checked_by"):
        made.setdefault(check.kind, []).append(check)
    rows = []
    for kind, label in DueDiligenceCheck.Kind.choices:
        checks = made.get(kind, [])
        latest = checks[0] if checks else None
        state, words = check_state(latest, today)
        rows.append(
            {"kind": kind, "label": label, "latest": latest, "earlier": checks[1:], "state": state, "words": words}
        )
    return rows


def check_state(latest: DueDiligenceCheck | None, today: datetime.date) -> tuple[str, str]:
    """(status word for the tag, the words on it)."""
    if latest is None:
        return "not_started", "Not made"
    if latest.outcome == DueDiligenceCheck.Outcome.FAILED:
        return "failed", "Failed"
    if latest.expires_on is not None and latest.expires_on < today:
        return "overdue", "Run out"
    if latest.expires_on is not None and latest.expires_on <= today + SOON:
        return "due", "Runs out soon"
    return ("amber" if latest.outcome == DueDiligenceCheck.Outcome.CONDITIONS else "met"), latest.get_outcome_display()


def punctuality(organisation: Organisation, today: datetime.date) -> dict[str, int]:
    """Returns whose day has passed: sent in time, sent late, and not sent. An extension moves the day."""
    due = (
        MonitoringReturn.objects.filter(commitment__organisation=organisation, due_on__lt=today)
        .exclude(status=MonitoringReturn.Status.WAIVED)
        .order_by("pk")
        .annotate(first_sent=Min("revisions__submitted_at"))
        .values_list("due_on", "first_sent")
    )
    counts = {"due": 0, "in_time": 0, "late": 0, "missing": 0}
    for due_on, first_sent in due:
        counts["due"] += 1
        if first_sent is None:
            counts["missing"] += 1
        else:
            counts["in_time" if london_day(first_sent) <= due_on else "late"] += 1
    return counts
