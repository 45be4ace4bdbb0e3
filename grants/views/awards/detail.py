"""An award's pages: what it is, its money, returns, results, people, documents and everything that happened."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from grants.models import (
    AssuranceCheck,
    Attachment,
    AwardAgreement,
    Commitment,
    FundingSplit,
    Payment,
    RecoveryDebt,
    Variation,
)
from grants.views.awards.grant_page import page_context, visible_grant
from grants.views.awards.results import reach_rows, reading_rows
from grants.views.awards.spend_chart import spend_chart, spend_rows
from grants.views.awards.status import changes_for
from vru.accounts.models import AuditEvent
from vru.accounts.permissions import (
    can_edit_programmes,
    can_keep_money,
    can_plan_awards,
    can_read_everything,
    person,
    require,
)

EVENTS_ON_A_PAGE = 30
_S = Commitment.Status
CLOSING = [_S.ACTIVE, _S.COMPLETED, _S.TERMINATED, _S.RECONCILED]


@require_safe
def grant_detail(request: HttpRequest, ref: str) -> HttpResponse:
    grant = visible_grant(request, ref)
    live = AwardAgreement.objects.visible_to(person(request)).filter(commitment=grant, ended_at__isnull=True).first()
    context = page_context(
        request,
        grant,
        "detail",
        paid_pence=_paid(grant),
        partners=grant.partners.select_related("organisation"),
        areas=grant.area_shares.select_related("area"),
        indicators=grant.indicators.select_related("version__indicator"),
        agreement=live,
        may_edit=can_edit_programmes(person(request)),
        changes=_changes(request, grant),
        events=AuditEvent.objects.about(grant).select_related("actor")[:3] if person(request).is_staff_member else [],
    )
    return render(request, "grants/grant_detail.html", context)


def _changes(request: HttpRequest, grant: Commitment) -> list[dict[str, str]]:
    """What may be done with the award as a whole, by whom is looking."""
    user = person(request)
    if not user.is_staff_member:
        return []
    found = [
        {"title": change.title, "href": reverse("grants:change", args=[grant.ref, slug])}
        for slug, change in changes_for(grant)
        if can_edit_programmes(user)
    ]
    if grant.status in CLOSING:
        found.append({"title": "Closing", "href": reverse("grants:closing", args=[grant.ref])})
    return found


def _paid(grant: Commitment) -> int:
    paid = grant.payments.filter(status=Payment.Status.PAID).aggregate(total=Sum("amount_pence"))["total"]
    return int(paid or 0)


@require_safe
def grant_money(request: HttpRequest, ref: str) -> HttpResponse:
    grant = visible_grant(request, ref)
    user = person(request)
    rows = spend_rows(grant)
    drawn = spend_chart(rows)
    context = page_context(
        request,
        grant,
        "money",
        paid_pence=_paid(grant),
        splits=grant.splits.select_related("source") if user.is_staff_member else FundingSplit.objects.none(),
        shares=grant.area_shares.select_related("area"),
        profile=rows,
        planned_pence=sum(row["planned"] for row in rows),
        spent_pence=sum(row["spent"] or 0 for row in rows),
        # Drawn by our own code from escaped text, so it may stand in the page as it is.
        chart=mark_safe(drawn) if drawn else "",  # noqa: S308
        payments=grant.payments.exclude(status=Payment.Status.CANCELLED)
        .with_readiness()
        .select_related("waits_for__quarter"),
        debts=RecoveryDebt.objects.visible_to(user).filter(commitment=grant),
        may_plan=can_plan_awards(user),
        may_keep=can_keep_money(user),
        variations=Variation.objects.visible_to(user)
        .filter(commitment=grant)
        .select_related("asked_by", "proposed_by", "approved_by")
        .order_by("-number"),
        partners=grant.partners.select_related("organisation"),
    )
    return render(request, "grants/grant_money.html", context)


@require_safe
def grant_returns(request: HttpRequest, ref: str) -> HttpResponse:
    grant = visible_grant(request, ref)
    today = timezone.localdate()
    not_received = set(grant.returns.not_received(today).values_list("pk", flat=True))
    returns = [
        {"item": item, "overdue": item.is_overdue(today), "not_received": item.pk in not_received}
        for item in grant.returns.select_related("quarter", "commitment")
    ]
    checks = (
        AssuranceCheck.objects.visible_to(person(request))
        .filter(monitoring_return__commitment=grant)
        .select_related("monitoring_return__quarter", "checked_by")
        .order_by("-held_on", "-pk")
    )
    context = page_context(request, grant, "all-returns", returns=returns, checks=checks)
    context["can_set_up"] = context["is_staff"] and grant.kind == Commitment.Kind.GRANT
    return render(request, "grants/grant_returns.html", context)


@require(can_read_everything)
@require_safe
def grant_results(request: HttpRequest, ref: str) -> HttpResponse:
    grant = visible_grant(request, ref)
    approved = grant.returns.filter(revisions__approved_at__isnull=False, revisions__superseded_at__isnull=True)
    context = page_context(
        request,
        grant,
        "results",
        reach=reach_rows(grant),
        readings=reading_rows(grant),
        milestones=grant.milestones.prefetch_related("reports__revision"),
        received=approved.distinct().count(),
        expected=grant.returns.count(),
    )
    return render(request, "grants/grant_results.html", context)


@require_safe
def grant_people(request: HttpRequest, ref: str) -> HttpResponse:
    grant = visible_grant(request, ref)
    contacts = grant.organisation.contacts.current()
    context = page_context(
        request,
        grant,
        "people",
        contacts=contacts,
        members=grant.organisation.memberships.current().select_related("user"),
        partners=grant.partners.select_related("organisation"),
        may_edit=can_edit_programmes(person(request)),
    )
    return render(request, "grants/grant_people.html", context)


@require_safe
def grant_documents(request: HttpRequest, ref: str) -> HttpResponse:
    grant = visible_grant(request, ref)
    user = person(request)
    context = page_context(
        request,
        grant,
        "documents",
        agreements=AwardAgreement.objects.visible_to(user)
        .filter(commitment=grant)
        .select_related("template", "accepted_by", "offered_by")
        .order_by("-number"),
        files=Attachment.objects.visible_to(user)
        .kept()
        .filter(monitoring_return__commitment=grant)
        .select_related("monitoring_return__quarter", "uploaded_by")
        .order_by("-uploaded_at", "-pk"),
        may_edit=can_edit_programmes(user),
    )
    return render(request, "grants/grant_documents.html", context)


@require(can_read_everything)
@require_safe
def grant_timeline(request: HttpRequest, ref: str) -> HttpResponse:
    grant = visible_grant(request, ref)
    events = AuditEvent.objects.filter(_about(grant)).select_related("actor")
    page = Paginator(events, EVENTS_ON_A_PAGE).get_page(request.GET.get("page"))
    shown = [
        {
            "title": event.action[:1].upper() + event.action[1:],
            "at": event.at,
            "by": event.actor.name if event.actor else "",
            "text": " – ".join(part for part in (_subject(event, grant), event.reason) if part),
        }
        for event in page
    ]
    context = page_context(request, grant, "timeline", page_obj=page, shown=shown)
    return render(request, "grants/grant_timeline.html", context)


def _about(grant: Commitment) -> Q:
    """Events of the award and of what belongs to it: returns, payments, variations, debts and agreements."""
    found = Q(subject_type="grants.commitment", subject_id=str(grant.pk))
    parts: dict[str, Any] = {
        "grants.monitoringreturn": grant.returns,
        "grants.payment": grant.payments,
        "grants.variation": grant.variations,
        "grants.recoverydebt": grant.recovery_debts,
        "grants.awardagreement": grant.agreements,
    }
    for label, rows in parts.items():
        ids = [str(pk) for pk in rows.order_by("pk").values_list("pk", flat=True)]
        if ids:
            found |= Q(subject_type=label, subject_id__in=ids)
    return found


def _subject(event: AuditEvent, grant: Commitment) -> str:
    return "" if event.subject_type == "grants.commitment" else event.subject_label
