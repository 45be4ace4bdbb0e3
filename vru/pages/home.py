"""The home page of each kind of person: what needs them, or the position at a glance."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evaluation.models import DataIssue, Edition
from evaluation.position import money_by_source, position_of
from evaluation.views.scope import page_context, scope_of
from grants.models import Commitment, MonitoringReturn, Payment
from programmes.layers import chosen_layer, layers_in_use
from vru.accounts.models import Role, User
from vru.accounts.permissions import person
from vru.pages.grantee import grantee_home

LONGEST_QUEUE = 20


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user = person(request)
    if not user.is_staff_member:
        return grantee_home(request, user)
    if user.has_role(Role.PROGRAMME_MANAGER):
        return _today(request, user)
    if user.has_role(Role.FINANCE_OFFICER):
        return _money(request, user)
    return _position(request, user)


def _money(request: HttpRequest, user: User) -> HttpResponse:
    """A finance officer's morning: each source from allocation to spend, and what is to be paid."""
    scope = scope_of(request)
    payments = Payment.objects.filter(commitment__in=Commitment.objects.visible_to(user).in_layer(scope.layer))
    due = payments.to_pay().filter(due_on__range=(scope.year.starts_on, scope.year.ends_on))
    page = Paginator(due.select_related("commitment__organisation", "waits_for__quarter"), LONGEST_QUEUE).get_page(
        request.GET.get("page")
    )
    context = {
        **page_context(scope),
        "by_source": money_by_source(scope),
        "page_obj": page,
        "to_pay_pence": due.aggregate(total=Sum("amount_pence"))["total"] or 0,
    }
    return render(request, "home/money.html", context)


def _today(request: HttpRequest, user: User) -> HttpResponse:
    """A programme manager's morning: only their own grants unless they ask for everybody's."""
    layer, today = chosen_layer(request), timezone.localdate()
    everybody = request.GET.get("whose") == "all"
    returns = (
        MonitoringReturn.objects.visible_to(user)
        .in_layer(layer)
        .select_related("quarter", "commitment__organisation", "commitment__programme")
        .order_by("due_on", "commitment__ref")
    )
    if not everybody:
        returns = returns.filter(commitment__manager=user)
    groups = [
        ("To review", "Sent in and waiting for you.", returns.to_review()),
        ("Waiting for an answer", "You asked; the grantee has not sent it back yet.", returns.filter(status="queried")),
        ("Overdue", "Not sent, and past the day they were due.", returns.overdue_on(today).exclude(status="queried")),
    ]
    context: dict[str, Any] = {
        "groups": [
            {"title": title, "note": note, "count": found.count(), "returns": found[:LONGEST_QUEUE]}
            for title, note, found in groups
        ],
        "everybody": everybody,
        "layer": layer,
        "layers": layers_in_use(),
        "today": today,
    }
    return render(request, "home/today.html", context)


def _position(request: HttpRequest, user: User) -> HttpResponse:
    scope = scope_of(request)
    year, layer = scope.year, scope.layer
    issues = DataIssue.objects.visible_to(user).filter(layer=layer, year=year.start)
    context = {
        **page_context(scope),
        "position": position_of(year=year, layer=layer),
        "issues": issues.filter(status=DataIssue.Status.OPEN).count(),
        "editions": Edition.objects.visible_to(user).built().filter(layer=layer).select_related("outline")[:5],
        "overdue": MonitoringReturn.objects.visible_to(user).in_layer(layer).overdue_on(timezone.localdate()).count(),
        "to_review": MonitoringReturn.objects.visible_to(user).in_layer(layer).to_review().count(),
    }
    return render(request, "home/position.html", context)
