"""The home page of each kind of person: what needs them, or the position at a glance."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evaluation.models import DataIssue, Edition
from evaluation.position import money_by_source, position_of
from evaluation.views.scope import page_context, scope_of
from grants.models import Commitment, MonitoringReturn, Payment
from grants.money.readiness import PLAN_WITH, waits
from vru.accounts.models import Role, User
from vru.accounts.permissions import person
from vru.pages.grantee import grantee_home
from vru.pages.today import today_page

LONGEST_QUEUE = 20


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user = person(request)
    if not user.is_staff_member:
        return grantee_home(request, user)
    if user.has_role(Role.PROGRAMME_MANAGER):
        return today_page(request, user)
    if user.has_role(Role.FINANCE_OFFICER):
        return _money(request, user)
    return _position(request, user)


def _money(request: HttpRequest, user: User) -> HttpResponse:
    """A finance officer's morning: each source from allocation to spend, and what is to be paid."""
    scope = scope_of(request)
    payments = Payment.objects.filter(commitment__in=Commitment.objects.visible_to(user).in_layer(scope.layer))
    due = payments.to_pay().with_readiness().filter(due_on__range=(scope.year.starts_on, scope.year.ends_on))
    page = Paginator(due.select_related(*PLAN_WITH), LONGEST_QUEUE).get_page(request.GET.get("page"))
    context = {
        **page_context(scope),
        "by_source": money_by_source(scope),
        "page_obj": page,
        "to_pay": due.order_by().aggregate(
            total=Sum("amount_pence", default=0), ready=Sum("amount_pence", filter=Q(is_ready=True), default=0)
        )
        | {"rows": [(payment, waits(payment)) for payment in page]},
    }
    return render(request, "home/money.html", context)


def _position(request: HttpRequest, user: User) -> HttpResponse:
    scope = scope_of(request)
    year, layer = scope.year, scope.layer
    issues = DataIssue.objects.visible_to(user).filter(layer=layer, year=year.start)
    context = {
        **page_context(scope),
        "position": position_of(year=year, layer=layer),
        "issues": issues.filter(status=DataIssue.Status.OPEN).count(),
        "editions": Edition.objects.visible_to(user).built().in_layer(layer).select_related("report__outline")[:5],
        "overdue": MonitoringReturn.objects.visible_to(user).in_layer(layer).overdue_on(timezone.localdate()).count(),
        "to_review": MonitoringReturn.objects.visible_to(user).in_layer(layer).to_review().count(),
    }
    return render(request, "home/position.html", context)
