"""Filters of the grant list, shared by page, export, bulk changes and API."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Any, ClassVar

import django_filters
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Lower

from grants.models import Answer, AreaShare, Commitment, FundingSplit
from programmes.filters import (
    area_choices,
    managed_by,
    manager_choices,
    objective_choices,
    source_choices,
    theme_choices,
    year_choices,
)
from programmes.models import Programme, StrategyVersion
from programmes.risk_levels import at_risk
from vru.accounts.models import DueDiligenceCheck, Organisation
from vru.lib.finding.columns import Column, in_order_of
from vru.lib.finding.list_filter import LONGEST_TEXT, ListFilter, words_filter
from vru.lib.finding.words import all_words
from vru.lib.periods import FinancialYear

Commitments = QuerySet[Commitment]
RISKS = (
    ("high", "Programme at high risk"),
    ("medium", "Programme at medium risk"),
    ("red", "Delivery red in the last return"),
    ("amber", "Delivery amber in the last return"),
    ("due-diligence", "Due diligence expired"),
)


def last_rag() -> Subquery:
    """How a grantee last said delivery goes: "red", "amber" or "green" of its latest return that answers; else null."""
    said = Answer.objects.filter(
        question__kind="rag",
        revision__superseded_at__isnull=True,
        revision__monitoring_return__commitment=OuterRef("pk"),
    ).exclude(text="")
    latest = said.order_by(
        F("revision__monitoring_return__quarter__year").desc(),
        F("revision__monitoring_return__quarter__number").desc(),
        "-revision__number",
        "question__order",
        "pk",
    )
    return Subquery(latest.values("text")[:1])


class CommitmentFilter(ListFilter):
    columns = (
        Column("title", "Reference and title", (Lower("title"),)),
        Column("organisation", "Organisation", (Lower("organisation__name"),)),
        Column("programme", "Programme", (Lower("programme__title"),)),
        Column("award", "Award", ("award_pence",), numeric=True),
        Column("ends", "Ends", ("ends_on",)),
        Column("status", "Status", (in_order_of("status", Commitment.Status.values),)),
        Column("ref", "Reference", ("ref",)),
    )
    default_sort = "ref"
    tie = ("ref",)
    first: ClassVar[tuple[str, ...]] = ("text", "area", "theme", "manager")
    short: ClassVar[dict[str, str]] = {"text": "Words", "organisation": "Organisation"}

    text = words_filter("Words in the title, reference or organisation")
    area = django_filters.ChoiceFilter(method="by_area", label="Area", empty_label="Any area")
    theme = django_filters.ChoiceFilter(field_name="programme__theme__slug", label="Theme", empty_label="Any theme")
    manager = django_filters.ChoiceFilter(method="by_manager", label="Manager", empty_label="Anybody")
    organisation = django_filters.CharFilter(
        method="by_organisation", label="Organisation, by name or reference", max_length=LONGEST_TEXT
    )
    programme = django_filters.ChoiceFilter(method="by_programme", label="Programme", empty_label="Any programme")
    objective = django_filters.ChoiceFilter(
        field_name="programme__primary_objective__number", label="Main objective", empty_label="Any objective"
    )
    source = django_filters.ChoiceFilter(method="by_source", label="Funding source", empty_label="Any source")
    year = django_filters.ChoiceFilter(method="by_year", label="Running in", empty_label="Any year")
    kind = django_filters.ChoiceFilter(choices=Commitment.Kind.choices, label="Kind", empty_label="Any kind")
    status = django_filters.MultipleChoiceFilter(choices=Commitment.Status.choices, label="Status")
    risk = django_filters.MultipleChoiceFilter(choices=RISKS, method="by_risk", label="Risk")

    class Meta:
        model = Commitment
        fields: ClassVar[list[str]] = []

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        queryset: Commitments,
        today: datetime.date,
        layer: str = "",
        version: StrategyVersion | None = None,
    ) -> None:
        super().__init__(data, queryset=queryset)
        self.today = today
        self.set_choices("area", area_choices())
        self.set_choices("theme", theme_choices(version))
        self.set_choices("objective", objective_choices(version))
        self.set_choices("source", source_choices())
        self.set_choices("manager", manager_choices())
        self.set_choices("year", year_choices(queryset))
        of_layer = Programme.objects.in_layer(layer) if layer else Programme.objects.all()
        self.set_choices("programme", list(of_layer.order_by("title", "ref").values_list("ref", "title")))

    def by_text(self, queryset: Commitments, name: str, value: str) -> Commitments:
        return queryset.filter(all_words(value, "title", "ref", "organisation__name"))

    def by_organisation(self, queryset: Commitments, name: str, value: str) -> Commitments:
        named = Organisation.objects.filter(all_words(value, "name", "former_names__name") | Q(ref__iexact=value))
        return queryset.filter(organisation__in=named.values("pk"))

    def by_programme(self, queryset: Commitments, name: str, value: str) -> Commitments:
        """With the projects inside it."""
        return queryset.filter(Q(programme__ref=value) | Q(programme__parent__ref=value))

    def by_source(self, queryset: Commitments, name: str, value: str) -> Commitments:
        return queryset.filter(Exists(FundingSplit.objects.filter(commitment=OuterRef("pk"), source__slug=value)))

    def by_area(self, queryset: Commitments, name: str, value: str) -> Commitments:
        return queryset.filter(Exists(AreaShare.objects.filter(commitment=OuterRef("pk"), area__code=value)))

    def by_manager(self, queryset: Commitments, name: str, value: str) -> Commitments:
        return queryset.filter(managed_by(value))

    def by_year(self, queryset: Any, name: str, value: str) -> Commitments:
        year = FinancialYear.parse(value)
        running: Commitments = queryset.overlapping(year.starts_on, year.ends_on)
        return running

    def by_risk(self, queryset: Commitments, name: str, value: list[str]) -> Commitments:
        if not value:
            return queryset
        if {"red", "amber"} & set(value):
            queryset = queryset.alias(last_rag=last_rag())
        return queryset.filter(reduce(or_, (self._risk(each) for each in value)))

    def _risk(self, value: str) -> Q:
        if value in ("red", "amber"):
            return Q(last_rag=value)
        if value == "due-diligence":
            expired = DueDiligenceCheck.objects.last_of_each().expired_on(self.today)
            return Q(Exists(expired.filter(organisation=OuterRef("organisation"))))
        return at_risk(value, "programme")
