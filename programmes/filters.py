"""Filters of the programme list, shared by page and API."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet

from programmes.models import Area, Objective, Programme, StrategyVersion, Theme


class ProgrammeFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(method="by_text", label="Words in the title or reference")
    status = django_filters.ChoiceFilter(choices=Programme.Status.choices, label="Status", empty_label="Any status")
    theme = django_filters.ModelChoiceFilter(
        queryset=Theme.objects.none(), to_field_name="slug", label="Theme", empty_label="Any theme"
    )
    objective = django_filters.ModelChoiceFilter(
        field_name="primary_objective__number",
        queryset=Objective.objects.none(),
        to_field_name="number",
        label="Main objective",
        empty_label="Any objective",
        method="by_objective",
    )
    area = django_filters.ModelChoiceFilter(
        queryset=Area.objects.places(), to_field_name="code", method="by_area", label="Area", empty_label="Any area"
    )

    class Meta:
        model = Programme
        fields: list[str] = []

    def __init__(self, *args: object, version: StrategyVersion | None = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.filters["theme"].queryset = Theme.objects.filter(version=version)
        self.filters["objective"].queryset = Objective.objects.filter(version=version)

    def by_text(self, queryset: QuerySet[Programme], name: str, value: str) -> QuerySet[Programme]:
        return queryset.filter(Q(title__icontains=value) | Q(ref__icontains=value))

    def by_objective(self, queryset: QuerySet[Programme], name: str, value: Objective) -> QuerySet[Programme]:
        return queryset.filter(primary_objective__number=value.number)

    def by_area(self, queryset: QuerySet[Programme], name: str, value: Area) -> QuerySet[Programme]:
        through = Programme.areas.through.objects.filter(area=value)
        return queryset.filter(pk__in=through.values("programme_id"))
