"""A programme's page with its grants."""

from __future__ import annotations

from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from grants.models import Commitment
from programmes.models import Programme
from vru.accounts.models import AuditEvent
from vru.accounts.permissions import can_read_everything, person, require


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
