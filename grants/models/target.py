"""What a grant should reach, and which indicators it reports."""

from __future__ import annotations

from django.db import models

from grants.models.measure import Measure
from vru.lib.constraints import non_negative, one_of


class ReachTarget(models.Model):
    commitment = models.ForeignKey("grants.Commitment", on_delete=models.CASCADE, related_name="reach_targets")
    measure = models.CharField(max_length=12, choices=Measure.choices)
    quarter = models.ForeignKey("grants.ReportingQuarter", on_delete=models.PROTECT, related_name="reach_targets")
    value = models.PositiveIntegerField()

    class Meta:
        ordering = ["commitment_id", "measure", "quarter__year", "quarter__number"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "measure", "quarter"], name="reach_target_once"),
            one_of("measure", Measure, name="reach_target_measure"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.measure} {self.value}"


class CommitmentIndicator(models.Model):
    """A grant reports this indicator; with its baseline and target for a year."""

    commitment = models.ForeignKey("grants.Commitment", on_delete=models.CASCADE, related_name="indicators")
    version = models.ForeignKey(
        "programmes.IndicatorVersion", on_delete=models.PROTECT, related_name="commitment_indicators"
    )
    year = models.PositiveSmallIntegerField()
    baseline = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    target = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)

    class Meta:
        ordering = ["commitment_id", "version_id", "year"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "version", "year"], name="commitment_indicator_once"),
            non_negative("target", name="commitment_indicator_target"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.version_id}"
