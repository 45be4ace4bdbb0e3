"""When the money should be spent."""

from __future__ import annotations

from django.db import models

from vru.lib.constraints import non_negative


class ProfileLine(models.Model):
    """Planned spend of one quarter under one cost heading."""

    commitment = models.ForeignKey("grants.Commitment", on_delete=models.CASCADE, related_name="profile_lines")
    quarter = models.ForeignKey("grants.ReportingQuarter", on_delete=models.PROTECT, related_name="profile_lines")
    heading = models.ForeignKey("programmes.CostHeading", on_delete=models.PROTECT, related_name="profile_lines")
    amount_pence = models.BigIntegerField()

    class Meta:
        ordering = ["commitment_id", "quarter__year", "quarter__number", "heading__order", "heading_id"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "quarter", "heading"], name="profile_line_once"),
            non_negative("amount_pence", name="profile_line_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.quarter_id} {self.heading_id}"
