"""How an award divides: by funding source and year, and by area. Both sum to the award to the penny."""

from __future__ import annotations

from django.db import models

from vru.lib.constraints import non_negative


class FundingSplit(models.Model):
    commitment = models.ForeignKey("grants.Commitment", on_delete=models.CASCADE, related_name="splits")
    source = models.ForeignKey("programmes.FundingSource", on_delete=models.PROTECT, related_name="splits")
    year = models.PositiveSmallIntegerField()
    amount_pence = models.BigIntegerField()

    class Meta:
        ordering = ["commitment_id", "year", "source__order", "source_id"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "source", "year"], name="funding_split_once"),
            non_negative("amount_pence", name="funding_split_not_negative"),
        ]
        # Totals of a source in a year.
        indexes = [models.Index(fields=["year", "source"], name="funding_split_year_source")]

    def __str__(self) -> str:
        return f"{self.commitment_id}: {self.source_id} {self.year}"


class AreaShare(models.Model):
    """Includes a share for the whole area where the work is not apportioned."""

    commitment = models.ForeignKey("grants.Commitment", on_delete=models.CASCADE, related_name="area_shares")
    area = models.ForeignKey("programmes.Area", on_delete=models.PROTECT, related_name="shares")
    amount_pence = models.BigIntegerField()

    class Meta:
        ordering = ["commitment_id", "area__order", "area_id"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "area"], name="area_share_once"),
            non_negative("amount_pence", name="area_share_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id}: {self.area_id}"
