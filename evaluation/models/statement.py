"""Figures the unit received or published but did not compute: kept as printed and as parsed, with their place.

Contradictions are never written here: they are derived from values and relations by general rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from vru.lib.bounded import Bounded, Precision
from vru.lib.constraints import bounds_ordered, one_of, ordered
from vru.lib.layers import Layer

if TYPE_CHECKING:
    from vru.accounts.models import User


class Series(models.Model):
    """A run of stated values over time, such as recorded offences by calendar year."""

    class Calendar(models.TextChoices):
        CALENDAR_YEAR = "calendar_year", "Calendar years"
        FINANCIAL_YEAR = "financial_year", "Financial years"

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    unit = models.CharField(max_length=40)
    calendar = models.CharField(max_length=14, choices=Calendar.choices)
    population = models.CharField(max_length=200, blank=True)
    geography = models.CharField(max_length=100, blank=True)
    source_document = models.ForeignKey("programmes.SourceDocument", on_delete=models.PROTECT, related_name="series")
    place = models.CharField(max_length=200, blank=True)
    part_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "slug"]
        verbose_name_plural = "series"
        constraints = [one_of("calendar", ["calendar_year", "financial_year"], name="series_calendar_known")]

    def __str__(self) -> str:
        return self.title


class StatementQuerySet(models.QuerySet["Statement"]):
    def visible_to(self, user: User) -> StatementQuerySet:
        return self if user.is_staff_member else self.none()

    def in_layer(self, layer: str) -> StatementQuerySet:
        return self.filter(layer=layer)


class Statement(models.Model):
    ref = models.CharField(max_length=80, unique=True)
    layer = models.CharField(max_length=12, choices=Layer.choices)
    source_document = models.ForeignKey(
        "programmes.SourceDocument", on_delete=models.PROTECT, related_name="statements"
    )
    place = models.CharField(max_length=200, help_text="Where in the document: section, heading, table.")
    subject = models.CharField(max_length=300)
    programme = models.ForeignKey(
        "programmes.Programme", on_delete=models.PROTECT, null=True, blank=True, related_name="statements"
    )

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["source_document__key", "ref"]
        constraints = [
            one_of("layer", Layer.values, name="statement_layer_known"),
            models.CheckConstraint(condition=~models.Q(place=""), name="statement_place_given"),
        ]

    def __str__(self) -> str:
        return self.ref


class StatedValue(models.Model):
    class Kind(models.TextChoices):
        ACTUAL = "actual", "Actual"
        FORECAST = "forecast", "Forecast"
        BUDGET = "budget", "Budget"
        ALLOCATION = "allocation", "Allocation"
        AWARD = "award", "Award"
        ESTIMATE = "estimate", "Estimate"
        TARGET = "target", "Target"
        CHANGE = "change", "Change"

    class PeriodKind(models.TextChoices):
        FINANCIAL_YEAR = "financial_year", "Financial year"
        CALENDAR_YEAR = "calendar_year", "Calendar year"
        AS_AT = "as_at", "As at a day"
        RANGE = "range", "Between two dates"
        SINCE_LAUNCH = "since_launch", "Since launch"
        FIRST_18_MONTHS = "first_18_months", "First 18 months"
        UNSPECIFIED = "unspecified", "Not stated"

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="values")
    key = models.CharField(max_length=60)
    label = models.CharField(
        max_length=200, blank=True, help_text="What this value counts, where the statement's subject covers several."
    )
    as_printed = models.CharField(max_length=200)
    value = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    low = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    high = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    precision = models.CharField(max_length=10, choices=[(item.value, item.value) for item in Precision])
    unit = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    period_kind = models.CharField(max_length=16, choices=PeriodKind.choices)
    period_text = models.CharField(max_length=100, blank=True)
    period_start = models.DateField(null=True, blank=True)
    period_end = models.DateField(null=True, blank=True)
    population = models.CharField(max_length=200, blank=True)
    measure = models.SlugField(
        max_length=100, help_text="The fact measured; equal measures state the same kind of fact."
    )
    figure_key = models.CharField(
        max_length=200, blank=True, help_text="The computed figure that this number states, if any."
    )
    series = models.ForeignKey(Series, on_delete=models.PROTECT, null=True, blank=True, related_name="points")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["statement__ref", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["statement", "key"], name="stated_value_key_once"),
            bounds_ordered("low", "high", name="stated_value_bounds"),
            ordered("period_start", "period_end", name="stated_value_period"),
            one_of("precision", [item.value for item in Precision], name="stated_value_precision_known"),
            models.CheckConstraint(
                condition=models.Q(value__isnull=False) | models.Q(low__isnull=False) | models.Q(high__isnull=False),
                name="stated_value_has_number",
                violation_error_message="A stated value needs a number or a bound.",
            ),
        ]
        # stated.value and series.value look values up by measure and by series.
        indexes = [
            models.Index(fields=["measure"], name="stated_value_measure"),
            models.Index(fields=["series", "period_start"], name="stated_value_series"),
        ]

    def __str__(self) -> str:
        return f"{self.statement.ref}.{self.key}"

    @property
    def bounded(self) -> Bounded:
        return Bounded(value=self.value, low=self.low, high=self.high, precision=Precision(self.precision))


class Relation(models.Model):
    """How one stated value should follow from others. General rules test it; nothing here says whether it holds."""

    class Kind(models.TextChoices):
        SUM_OF = "sum_of", "Sum of"
        DIFFERENCE_OF = "difference_of", "Difference of"
        RATIO_OF = "ratio_of", "Ratio of"
        PERCENT_CHANGE_OF = "percent_change_of", "Percentage change between"
        SHARE_OF = "share_of", "Share of"
        REST_OF = "rest_of", "What the parts leave of the whole, as a share"
        SAME_FACT_AS = "same_fact_as", "Same fact as"
        PART_OF = "part_of", "Part of"

    ref = models.CharField(max_length=80, unique=True)
    layer = models.CharField(max_length=12, choices=Layer.choices)
    kind = models.CharField(max_length=18, choices=Kind.choices)
    result = models.ForeignKey(StatedValue, on_delete=models.CASCADE, related_name="relations")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["ref"]
        constraints = [
            one_of(
                "kind",
                [
                    "sum_of",
                    "difference_of",
                    "ratio_of",
                    "percent_change_of",
                    "share_of",
                    "rest_of",
                    "same_fact_as",
                    "part_of",
                ],
                name="relation_kind_known",
            ),
            one_of("layer", Layer.values, name="relation_layer_known"),
        ]

    def __str__(self) -> str:
        return self.ref


class RelationTerm(models.Model):
    relation = models.ForeignKey(Relation, on_delete=models.CASCADE, related_name="terms")
    value = models.ForeignKey(StatedValue, on_delete=models.CASCADE, related_name="relation_terms")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["relation_id", "position"]
        constraints = [models.UniqueConstraint(fields=["relation", "position"], name="relation_term_position_once")]

    def __str__(self) -> str:
        return f"{self.relation_id}[{self.position}]"
