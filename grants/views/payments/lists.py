"""Lists: payments, runs, and the layouts of the finance system's file."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from grants.models import ExportLayout, Payment, PaymentRun, PaymentRunLine
from grants.money.payment_file import AMOUNTS, DAYS, FIELDS, layout_problem
from grants.money.readiness import PLAN_WITH, reasons
from grants.views.payments.common import crumbs
from grants.views.payments.filters import PaymentFilter
from programmes.layers import chosen_layer, layers_in_use
from vru.accounts.permissions import can_keep_money, can_read_everything, person, require
from vru.lib.money import Money

PAGE_SIZE = 50


@require(can_read_everything)
@require_safe
def payment_list(request: HttpRequest) -> HttpResponse:
    """Every payment of a layer, what each waits for, and what the ones found come to."""
    layer, user = chosen_layer(request), person(request)
    payments = Payment.objects.visible_to(user).in_layer(layer).with_clearance().select_related(*PLAN_WITH)
    found = PaymentFilter(request.GET or None, queryset=payments, layer=layer)
    page = Paginator(found.qs.order_by("due_on", "commitment__ref", "number"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    running = {
        line.payment_id: line.run
        for line in PaymentRunLine.objects.live()
        .filter(payment__in=[payment.pk for payment in page])
        .select_related("run")
    }
    context = {
        "filter": found,
        "page_obj": page,
        "rows": [{"payment": payment, "run": running.get(payment.pk), "why": reasons(payment)} for payment in page],
        "numbers": _numbers(found.qs),
        "layer": layer,
        "layers": layers_in_use(),
        "may_make": can_keep_money(user),
        "crumbs": crumbs()[:1],
    }
    return render(request, "grants/payment_list.html", context)


def _numbers(payments: QuerySet[Payment]) -> list[dict[str, Any]]:
    """The totals of everything found, not of the page. One query."""
    waiting = Q(status=Payment.Status.PLANNED)
    totals = payments.order_by().aggregate(
        waiting=Sum("amount_pence", filter=waiting, default=0),
        waiting_count=Count("pk", filter=waiting),
        clear=Sum("amount_pence", filter=waiting & Q(is_clear=True), default=0),
        clear_count=Count("pk", filter=waiting & Q(is_clear=True)),
        paid=Sum("amount_pence", filter=Q(status=Payment.Status.PAID), default=0),
        paid_count=Count("pk", filter=Q(status=Payment.Status.PAID)),
    )
    words = (("waiting", "To be paid"), ("clear", "Of it can be paid now"), ("paid", "Paid"))
    return [
        {
            "label": label,
            "value": Money(totals[key]).short(),
            "basis": f"{Money(totals[key])} exactly, {totals[f'{key}_count']:,} of those found",
        }
        for key, label in words
    ]


@require(can_read_everything)
@require_safe
def run_list(request: HttpRequest) -> HttpResponse:
    layer, user = chosen_layer(request), person(request)
    live = Q(lines__released_at__isnull=True)
    runs = (
        PaymentRun.objects.visible_to(user)
        .in_layer(layer)
        .select_related("made_by", "approved_by")
        .annotate(payments=Count("lines", filter=live), total_pence=Sum("lines__amount_pence", filter=live, default=0))
        .order_by("-pay_on", "-pk")
    )
    context = {
        "page_obj": Paginator(runs, PAGE_SIZE).get_page(request.GET.get("page")),
        "layer": layer,
        "layers": layers_in_use(),
        "may_make": can_keep_money(user),
        "crumbs": crumbs(),
    }
    return render(request, "grants/payment_run_list.html", context)


@require(can_read_everything)
@require_safe
def layout_list(request: HttpRequest) -> HttpResponse:
    """How the finance system wants its file. Layouts are loaded with the unit's files; here they are read."""
    layouts = [{"layout": layout, "problem": layout_problem(layout)} for layout in ExportLayout.objects.all()]
    context = {
        "layouts": layouts,
        "fields": FIELDS,
        "amounts": list(AMOUNTS),
        "days": list(DAYS),
        "crumbs": crumbs(("Payment runs", reverse("money:runs"))),
    }
    return render(request, "grants/payment_layout_list.html", context)
