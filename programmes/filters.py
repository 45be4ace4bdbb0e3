"""Filters of the programme list, shared by page, export and API."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Any, ClassVar

import django_filters
from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from programmes.models import Area, BudgetLine, FundingSource, Objective, Programme, StrategyVersion, Theme
from programmes.risk_levels import LEVELS, at_risk
from vru.accounts.models import Role, User
from vru.lib.finding.columns import Column, in_order_of
from vru.lib.finding.list_filter import ListFilter, words_filter
from vru.lib.finding.words import all_words
from vru.lib.periods import FinancialYear

Choices = list[tuple[str, str]]
Programmes = QuerySet[Programme]
NOBODY = ("none", "Nobody")
PARTS = (("programmes", "Programmes"), ("projects", "Projects within a programme"))


def theme_choices(version: StrategyVersion | None) -> Choices:
    return list(Theme.objects.filter(version=version).values_list("slug", "title"))


def objective_choices(version: StrategyVersion | None) -> Choices:
    return [(str(each.number), str(each)) for each in Objective.objects.filter(version=version)]


def area_choices() -> Choices:
    """Places, and what is not apportioned to any."""
    kinds = [Area.Kind.MEMBER, Area.Kind.OTHER_PLACE, Area.Kind.WHOLE]
    return list(Area.objects.filter(kind__in=kinds).values_list("code", "name"))


def source_choices() -> Choices:
    return list(FundingSource.objects.values_list("slug", "title"))


def manager_choices() -> Choices:
    managers = User.objects.with_role(Role.PROGRAMME_MANAGER).order_by("name", "pk").values_list("pk", "name")
    return [NOBODY, *((str(pk), name) for pk, name in managers)]


def year_choices(rows: QuerySet[Any]) -> Choices:
    """The financial years between the first day and the last of these rows, newest first."""
    ends = rows.order_by().aggregate(first=Min("starts_on"), last=Max("ends_on"))
    if ends["first"] is None or ends["last"] is None:
        return []
    first, last = FinancialYear.of(ends["first"]).start, FinancialYear.of(ends["last"]).start
    return [(str(FinancialYear(year)), str(FinancialYear(year))) for year in range(last, first - 1, -1)]


def managed_by(value: str) -> Q:
    return Q(manager__isnull=True) if value == NOBODY[0] else Q(manager=value)


class ProgrammeFilter(ListFilter):
    columns = (
        Column("title", "Programme", (Lower("title"),)),
        Column("objective", "Main objective", ("primary_objective__number",)),
        Column("theme", "Theme", (Lower("theme__title"),)),
        Column("manager", "Manager", (Lower("manager__name"),)),
        Column("ends", "Ends", ("ends_on",)),
        Column("status", "Status", (in_order_of("status", Programme.Status.values),)),
    )
    default_sort = "title"
    tie = ("ref",)
    first: ClassVar[tuple[str, ...]] = ("text", "area", "theme", "objective")

    text = words_filter("Words in the title, summary or reference")
    area = django_filters.ChoiceFilter(method="by_area", label="Area", empty_label="Any area")
    theme = django_filters.ChoiceFilter(field_name="theme__slug", label="Theme", empty_label="Any theme")
    objective = django_filters.ChoiceFilter(
        field_name="primary_objective__number", label="Main objective", empty_label="Any objective"
    )
    source = django_filters.ChoiceFilter(method="by_source", label="Funding source", empty_label="Any source")
    manager = django_filters.ChoiceFilter(method="by_manager", label="Manager", empty_label="Anybody")
    level = django_filters.ChoiceFilter(choices=Programme.Level.choices, label="Level", empty_label="Any level")
    year = django_filters.ChoiceFilter(method="by_year", label="Running in", empty_label="Any year")
    part = django_filters.ChoiceFilter(
        choices=PARTS, method="by_part", label="Programmes or projects", empty_label="Both"
    )
    status = django_filters.MultipleChoiceFilter(choices=Programme.Status.choices, label="Status")
    risk = django_filters.MultipleChoiceFilter(choices=LEVELS, method="by_risk", label="Risk")

    class Meta:
        model = Programme
        fields: ClassVar[list[str]] = []

    def __init__(
        self, data: Mapping[str, Any] | None, *, queryset: Programmes, version: StrategyVersion | None = None
    ) -> None:
        super().__init__(data, queryset=queryset)
        self.set_choices("area", area_choices())
        self.set_choices("theme", theme_choices(version))
        self.set_choices("objective", objective_choices(version))
        self.set_choices("source", source_choices())
        self.set_choices("manager", manager_choices())
        self.set_choices("year", year_choices(queryset))

    def by_text(self, queryset: Programmes, name: str, value: str) -> Programmes:
        return queryset.filter(all_words(value, "title", "summary", "ref"))

    def by_area(self, queryset: Programmes, name: str, value: str) -> Programmes:
        through = Programme.areas.through.objects.filter(area__code=value)
        return queryset.filter(pk__in=through.values("programme_id"))

    def by_source(self, queryset: Programmes, name: str, value: str) -> Programmes:
        return queryset.filter(Exists(BudgetLine.objects.filter(programme=OuterRef("pk"), source__slug=value)))

    def by_manager(self, queryset: Programmes, name: str, value: str) -> Programmes:
        return queryset.filter(managed_by(value))

    def by_year(self, queryset: Any, name: str, value: str) -> Programmes:
        year = FinancialYear.parse(value)
        running: Programmes = queryset.running_between(year.starts_on, year.ends_on)
        return running

    def by_part(self, queryset: Programmes, name: str, value: str) -> Programmes:
        return queryset.filter(parent__isnull=value == "programmes")

    def by_risk(self, queryset: Programmes, name: str, value: list[str]) -> Programmes:
        return queryset.filter(reduce(or_, (at_risk(level) for level in value))) if value else queryset
