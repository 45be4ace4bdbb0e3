"""Filters of the list of payments."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from grants.models import FundingSplit, Payment
from programmes.models import FundingSource, Programme

Payments = QuerySet[Payment]
READINESS = {
    "clear": ("Can be paid now", Q(is_clear=True)),
    "return": ("Waits for a return", Q(is_return_settled=False)),
    "agreement": ("Waits for the signed agreement", Q(is_agreed=False)),
    "held": ("Held by the unit", Q(is_payable_status=False) | Q(is_diligent=False) | Q(has_supplier=False)),
    "running": ("In a payment run", Q(is_running=True)),
}


class PaymentFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(method="by_text", label="Grant, title or organisation")
    status = django_filters.ChoiceFilter(
        choices=[
            (Payment.Status.PLANNED.value, "To be paid"),
            (Payment.Status.PAID.value, "Paid"),
            (Payment.Status.CANCELLED.value, "Cancelled"),
        ],
        label="Status",
        empty_label="Any status",
    )
    readiness = django_filters.ChoiceFilter(
        choices=[(key, label) for key, (label, _) in READINESS.items()],
        method="by_readiness",
        label="Where it stands",
        empty_label="Anywhere",
    )
    kind = django_filters.ChoiceFilter(
        choices=[("payment", "Payments"), ("credit", "Credit notes")],
        method="by_kind",
        label="Kind",
        empty_label="Payments and credit notes",
    )
    source = django_filters.ModelChoiceFilter(
        queryset=FundingSource.objects.order_by("order", "slug"),
        to_field_name="slug",
        method="by_source",
        label="Paid from",
        empty_label="Any source",
    )
    programme = django_filters.ModelChoiceFilter(
        queryset=Programme.objects.none(),
        to_field_name="ref",
        field_name="commitment__programme",
        label="Programme",
        empty_label="Any programme",
    )
    due_from = django_filters.DateFilter(field_name="due_on", lookup_expr="gte", label="Due from (year-month-day)")
    due_to = django_filters.DateFilter(field_name="due_on", lookup_expr="lte", label="Due until (year-month-day)")

    def __init__(self, *args: Any, layer: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.filters["programme"].queryset = Programme.objects.in_layer(layer).order_by("title", "pk")

    @property
    def chosen(self) -> int:
        cleaned = self.form.cleaned_data if self.form.is_bound and self.form.is_valid() else {}
        return sum(1 for value in cleaned.values() if value not in (None, ""))

    def by_text(self, payments: Payments, name: str, value: str) -> Payments:
        where = Q(commitment__ref__icontains=value) | Q(commitment__title__icontains=value)
        return payments.filter(where | Q(commitment__organisation__name__icontains=value))

    def by_readiness(self, payments: Payments, name: str, value: str) -> Payments:
        return payments.filter(READINESS[value][1], status=Payment.Status.PLANNED)

    def by_kind(self, payments: Payments, name: str, value: str) -> Payments:
        return payments.filter(is_credit_note=value == "credit")

    def by_source(self, payments: Payments, name: str, value: FundingSource) -> Payments:
        splits = FundingSplit.objects.filter(commitment=OuterRef("commitment"), source=value)
        return payments.filter(Exists(splits))
