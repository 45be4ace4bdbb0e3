"""Filters of the list of returns."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from grants.models import MonitoringReturn, ReportingQuarter
from grants.work import Work, needing
from programmes.models import Programme
from vru.accounts.models import Role, User

Returns = QuerySet[MonitoringReturn]
SORTS = {
    "due": ("Day due, earliest first", ("due_on", "commitment__ref", "pk")),
    "-due": ("Day due, latest first", ("-due_on", "commitment__ref", "pk")),
    "sent": ("Waiting longest since it was sent", ("pending__submitted_at", "due_on", "commitment__ref", "pk")),
    "organisation": ("Organisation", ("commitment__organisation__name", "due_on", "commitment__ref", "pk")),
    "grant": ("Grant", ("commitment__title", "commitment__ref", "due_on", "pk")),
}


class ReturnFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(method="by_text", label="Words in the title, reference or organisation")
    work = django_filters.ChoiceFilter(
        choices=Work.choices, method="by_work", label="What it needs", empty_label="Anything"
    )
    status = django_filters.ChoiceFilter(
        choices=MonitoringReturn.Status.choices, label="Status", empty_label="Any status"
    )
    quarter = django_filters.ModelChoiceFilter(
        queryset=ReportingQuarter.objects.order_by("-year", "-number"), label="Quarter", empty_label="Any quarter"
    )
    programme = django_filters.ModelChoiceFilter(
        queryset=Programme.objects.none(),
        to_field_name="ref",
        field_name="commitment__programme",
        label="Programme",
        empty_label="Any programme",
    )
    manager = django_filters.ModelChoiceFilter(
        queryset=User.objects.with_role(Role.PROGRAMME_MANAGER),
        method="by_manager",
        label="Reviewed by",
        empty_label="Anybody",
    )
    warnings = django_filters.ChoiceFilter(
        choices=[("yes", "With warnings"), ("no", "Without warnings")],
        method="by_warnings",
        label="Warnings when sent",
        empty_label="With or without",
    )
    whose = django_filters.ChoiceFilter(
        choices=[("mine", "Mine"), ("all", "Everybody's")], method="by_whose", label="Whose", empty_label=None
    )
    sort = django_filters.ChoiceFilter(
        choices=[(key, label) for key, (label, _) in SORTS.items()], method="by_sort", label="Order", empty_label=None
    )

    class Meta:
        model = MonitoringReturn
        fields: list[str] = []

    def __init__(self, data: Any, *, queryset: Returns, user: User, layer: str) -> None:
        # What is not said is said here, so that the form shows what the list does.
        chosen = data.copy()
        chosen.setdefault("whose", "mine" if user.has_role(Role.PROGRAMME_MANAGER) and "manager" not in data else "all")
        # What a manager looks for in the whole list is seldom the oldest; what needs work waits longest first.
        chosen.setdefault("sort", "due" if data.get("work") else "-due")
        self.user = user
        super().__init__(chosen, queryset=queryset)
        self.filters["programme"].queryset = Programme.objects.filter(layer=layer)

    @property
    def chosen(self) -> int:
        """How many filters narrow the list."""
        names = set(self.form.fields) - {"whose", "sort"}
        return sum(bool(self.data.get(name)) for name in names)

    def by_text(self, queryset: Returns, name: str, value: str) -> Returns:
        return queryset.filter(
            Q(commitment__title__icontains=value)
            | Q(commitment__ref__icontains=value)
            | Q(commitment__organisation__name__icontains=value)
        )

    def by_work(self, queryset: Any, name: str, value: str) -> Returns:
        return needing(queryset, Work(value), timezone.localdate())

    def by_manager(self, queryset: Any, name: str, value: User) -> Returns:
        reviewed: Returns = queryset.reviewed_by(value)
        return reviewed

    def by_warnings(self, queryset: Any, name: str, value: str) -> Returns:
        unusual = ~Q(pending__warnings=[])
        return queryset.filter(Q(pending__isnull=False) & (unusual if value == "yes" else ~unusual))

    def by_whose(self, queryset: Any, name: str, value: str) -> Returns:
        own: Returns = queryset.reviewed_by(self.user) if value == "mine" else queryset
        return own

    def by_sort(self, queryset: Returns, name: str, value: str) -> Returns:
        return queryset.order_by(*SORTS[value][1])
