"""When the money should be spent, and what has been changed by approval."""

from __future__ import annotations

from django.db import models

from vru.lib.constraints import non_negative, paired


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


class Variation(models.Model):
    """A change to an award, approved with its reason. Nothing is edited in place."""

    commitment = models.ForeignKey("grants.Commitment", on_delete=models.PROTECT, related_name="variations")
    number = models.PositiveSmallIntegerField()
    reason = models.TextField()
    before_pence = models.BigIntegerField()
    after_pence = models.BigIntegerField()
    effective_on = models.DateField()
    approved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["commitment_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "number"], name="variation_number_once"),
            non_negative("before_pence", "after_pence", name="variation_not_negative"),
            paired("approved_by", "approved_at", name="variation_approval_whole"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="variation_reason_given"),
        ]

    def __str__(self) -> str:
        return f"Variation {self.number} of {self.commitment_id}"
