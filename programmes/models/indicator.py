"""How we would know: indicators, their versions, and what each programme aims for."""

from __future__ import annotations

from django.db import models

from vru.lib.constraints import one_of, ordered


class Indicator(models.Model):
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    is_illustrative = models.BooleanField(default=False)

    class Meta:
        ordering = ["slug"]
        constraints = [models.CheckConstraint(condition=~models.Q(title=""), name="indicator_title_given")]

    def __str__(self) -> str:
        return self.title


class IndicatorVersion(models.Model):
    """Definition, unit, population, source and direction: what a reading means on a given day."""

    class Kind(models.TextChoices):
        FLOW = "flow", "Flow count"
        STOCK = "stock", "Stock"
        PERCENTAGE = "percentage", "Percentage"
        CURRENCY = "currency", "Currency"
        UNIT_COST = "unit_cost", "Unit cost"
        DISTANCE = "distance", "Distance travelled"
        MILESTONE = "milestone", "Milestone"

    class Direction(models.TextChoices):
        HIGHER = "higher", "Higher is better"
        LOWER = "lower", "Lower is better"

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    unit = models.CharField(max_length=60)
    population = models.CharField(max_length=200, blank=True)
    definition = models.TextField()
    numerator = models.CharField(max_length=300, blank=True)
    denominator = models.CharField(max_length=300, blank=True)
    direction = models.CharField(max_length=6, choices=Direction.choices, default=Direction.HIGHER)
    objective = models.ForeignKey("programmes.Objective", on_delete=models.PROTECT, related_name="indicator_versions")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["indicator_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "number"], name="indicator_version_once"),
            ordered("valid_from", "valid_to", name="indicator_version_dates"),
            one_of(
                "kind",
                ["flow", "stock", "percentage", "currency", "unit_cost", "distance", "milestone"],
                name="indicator_kind_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="percentage") | (~models.Q(numerator="") & ~models.Q(denominator="")),
                name="indicator_percentage_defined",
                violation_error_message="A percentage needs its numerator and denominator described.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} (version {self.number})"


class IndicatorTarget(models.Model):
    """What a programme aims for in a year, in the indicator version's own unit and population."""

    programme = models.ForeignKey("programmes.Programme", on_delete=models.CASCADE, related_name="indicator_targets")
    version = models.ForeignKey(IndicatorVersion, on_delete=models.PROTECT, related_name="targets")
    year = models.PositiveSmallIntegerField()
    baseline = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    target = models.DecimalField(
        max_digits=14, decimal_places=4, null=True, blank=True, help_text="Empty: still to be set for the year."
    )

    class Meta:
        ordering = ["programme_id", "version_id", "year"]
        constraints = [models.UniqueConstraint(fields=["programme", "version", "year"], name="indicator_target_once")]

    def __str__(self) -> str:
        return f"{self.version}: {'to be set' if self.target is None else self.target}"
