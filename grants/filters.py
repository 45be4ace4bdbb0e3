"""Filters of the grant list, shared by page and API."""

from __future__ import annotations

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from grants.models import AreaShare, Commitment, FundingSplit
from programmes.models import Area, FundingSource, Objective, StrategyVersion, Theme
from vru.accounts.models import Role, User


class CommitmentFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(method="by_text", label="Words in the title, reference or organisation")
    kind = django_filters.ChoiceFilter(choices=Commitment.Kind.choices, label="Kind", empty_label="Any kind")
    status = django_filters.ChoiceFilter(choices=Commitment.Status.choices, label="Status", empty_label="Any status")
    theme = django_filters.ModelChoiceFilter(
        field_name="programme__theme",
        queryset=Theme.objects.none(),
        to_field_name="slug",
        label="Theme",
        empty_label="Any theme",
    )
    objective = django_filters.ModelChoiceFilter(
        queryset=Objective.objects.none(),
        to_field_name="number",
        method="by_objective",
        label="Main objective",
        empty_label="Any objective",
    )
    source = django_filters.ModelChoiceFilter(
        queryset=FundingSource.objects.all(),
        to_field_name="slug",
        method="by_source",
        label="Funding source",
        empty_label="Any source",
    )
    area = django_filters.ModelChoiceFilter(
        queryset=Area.objects.places(), to_field_name="code", method="by_area", label="Area", empty_label="Any area"
    )
    manager = django_filters.ModelChoiceFilter(
        queryset=User.objects.with_role(Role.PROGRAMME_MANAGER), label="Manager", empty_label="Any manager"
    )

    class Meta:
        model = Commitment
        fields: list[str] = []

    def __init__(self, *args: object, version: StrategyVersion | None = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.filters["theme"].queryset = Theme.objects.filter(version=version)
        self.filters["objective"].queryset = Objective.objects.filter(version=version)

    def by_text(self, queryset: QuerySet[Commitment], name: str, value: str) -> QuerySet[Commitment]:
        return queryset.filter(
            Q(title__icontains=value) | Q(ref__icontains=value) | Q(organisation__name__icontains=value)
        )

    def by_objective(self, queryset: QuerySet[Commitment], name: str, value: Objective) -> QuerySet[Commitment]:
        return queryset.filter(programme__primary_objective__number=value.number)

    def by_source(self, queryset: QuerySet[Commitment], name: str, value: FundingSource) -> QuerySet[Commitment]:
        return queryset.filter(Exists(FundingSplit.objects.filter(commitment=OuterRef("pk"), source=value)))

    def by_area(self, queryset: QuerySet[Commitment], name: str, value: Area) -> QuerySet[Commitment]:
        return queryset.filter(Exists(AreaShare.objects.filter(commitment=OuterRef("pk"), area=value)))
