"""The list of grants, a grant's page, and a programme's page with its grants."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from grants.filters import CommitmentFilter
from grants.models import AssuranceCheck, Commitment, MonitoringReturn, Payment
from programmes.layers import chosen_layer, layers_in_use
from programmes.models import Programme, StrategyVersion
from vru.accounts.models import AuditEvent
from vru.accounts.permissions import can_read_everything, person, require

PAGE_SIZE = 50


@require(can_read_everything)
@require_safe
def grant_list(request: HttpRequest) -> HttpResponse:
    layer = chosen_layer(request)
    grants = Commitment.objects.visible_to(person(request)).in_layer(layer).select_related("programme", "organisation")
    found = CommitmentFilter(request.GET or None, queryset=grants, version=StrategyVersion.objects.last())
    page = Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    total = found.qs.order_by().aggregate(total=Sum("award_pence"))["total"] or 0
    context = {
        "filter": found,
        "page_obj": page,
        "total_pence": total,
        "layer": layer,
        "layers": layers_in_use(),
        "crumbs": [{"text": "Home", "href": reverse("home")}],
    }
    return render(request, "grants/grant_list.html", context)


@require_safe
def grant_detail(request: HttpRequest, ref: str) -> HttpResponse:
    visible = Commitment.objects.visible_to(person(request)).select_related(
        "programme__primary_objective", "programme__theme", "organisation", "manager", "decision", "category"
    )
    grant = get_object_or_404(visible, ref=ref)
    today = timezone.localdate()
    not_received = set(grant.returns.not_received(today).values_list("pk", flat=True))
    returns = [
        {"item": item, "overdue": item.is_overdue(today), "not_received": item.pk in not_received}
        for item in grant.returns.select_related("quarter", "commitment")
    ]
    staff = person(request).is_staff_member
    context: dict[str, Any] = {
        "grant": grant,
        "layer": grant.programme.layer,
        "returns": returns,
        "splits": grant.splits.select_related("source"),
        "shares": grant.area_shares.select_related("area"),
        "payments": grant.payments.exclude(status=Payment.Status.CANCELLED)
        .with_readiness()
        .select_related("waits_for__quarter"),
        "paid_pence": grant.payments.filter(status=Payment.Status.PAID).aggregate(total=Sum("amount_pence"))["total"]
        or 0,
        "profile": _profile(grant),
        "checks": AssuranceCheck.objects.visible_to(person(request))
        .filter(monitoring_return__commitment=grant)
        .select_related("monitoring_return__quarter", "checked_by")
        .order_by("-held_on", "-pk"),
        "indicators": grant.indicators.select_related("version__indicator"),
        "people": grant.organisation.memberships.current().select_related("user"),
        "events": AuditEvent.objects.about(grant).select_related("actor")[:20] if staff else [],
        "crumbs": _crumbs(grant, staff),
        "is_staff": staff,
        "can_set_up": staff and grant.kind == Commitment.Kind.GRANT,
    }
    return render(request, "grants/grant_detail.html", context)


def _crumbs(grant: Commitment, staff: bool) -> list[dict[str, str]]:
    crumbs = [{"text": "Home", "href": reverse("home")}]
    if staff:
        crumbs.append({"text": "Grants", "href": reverse("grants:list")})
        crumbs.append({"text": grant.programme.title, "href": reverse("programme", args=[grant.programme.ref])})
    return crumbs


def _profile(grant: Commitment) -> list[dict[str, Any]]:
    """Planned and reported spend by quarter, in pence."""
    planned = grant.profile_lines.values("quarter__year", "quarter__number").annotate(total=Sum("amount_pence"))
    reported = (
        MonitoringReturn.objects.filter(commitment=grant, revisions__superseded_at__isnull=True)
        .filter(revisions__approved_at__isnull=False)
        .values("quarter__year", "quarter__number")
        .annotate(total=Sum("revisions__spend_lines__actual_pence"))
    )
    spent = {(row["quarter__year"], row["quarter__number"]): row["total"] for row in reported}
    rows = sorted(planned, key=lambda row: (row["quarter__year"], row["quarter__number"]))
    return [
        {
            "year": row["quarter__year"],
            "number": row["quarter__number"],
            "planned": row["total"],
            "spent": spent.get((row["quarter__year"], row["quarter__number"])),
        }
        for row in rows
    ]


@require(can_read_everything)
@require_safe
def programme_detail(request: HttpRequest, ref: str) -> HttpResponse:
    visible = Programme.objects.visible_to(person(request)).select_related(
        "theme", "primary_objective", "parent", "manager", "decision"
    )
    programme = get_object_or_404(visible, ref=ref)
    inside = Q(programme=programme) | Q(programme__parent=programme)
    grants = Commitment.objects.visible_to(person(request)).filter(inside).select_related("organisation", "programme")
    totals = grants.order_by().aggregate(
        award=Sum("award_pence", filter=Q(pk__in=grants.awarded().values("pk"))),
        grants=Count("pk", filter=Q(kind=Commitment.Kind.GRANT)),
        grantees=Count("organisation", distinct=True, filter=Q(kind=Commitment.Kind.GRANT)),
    )
    context = {
        "programme": programme,
        "layer": programme.layer,
        "projects": programme.projects.select_related("primary_objective"),
        "areas": programme.areas.all(),
        "secondary": programme.secondary_objectives.all(),
        "grants": grants,
        "totals": totals,
        "budget": programme.budget_lines.select_related("category", "source"),
        "indicator_targets": programme.indicator_targets.select_related("version__indicator"),
        "actions": programme.workplan_actions.all(),
        "events": AuditEvent.objects.about(programme).select_related("actor")[:20],
        "crumbs": [
            {"text": "Home", "href": reverse("home")},
            {"text": "Programmes", "href": reverse("programmes:list")},
        ],
    }
    return render(request, "grants/programme_detail.html", context)
