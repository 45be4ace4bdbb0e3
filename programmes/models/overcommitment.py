"""Leave to promise more from a source than it allocated, with its reason."""

from __future__ import annotations

from django.db import models

from vru.lib.constraints import one_of, paired
from vru.lib.layers import Layer


class OvercommitmentQuerySet(models.QuerySet["Overcommitment"]):
    def in_force(self) -> OvercommitmentQuerySet:
        return self.filter(approved_at__isnull=False, ended_at__isnull=True)


class Overcommitment(models.Model):
    """Splits of a source and year may go above its allocation by this much, once a second person approved it."""

    source = models.ForeignKey("programmes.FundingSource", on_delete=models.PROTECT, related_name="overcommitments")
    year = models.PositiveSmallIntegerField()
    layer = models.CharField(max_length=12, choices=Layer.choices)
    amount_pence = models.BigIntegerField()
    reason = models.TextField()
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    approved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = OvercommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["year", "source_id", "-asked_at", "-pk"]
        constraints = [
            one_of("layer", Layer.values, name="overcommitment_layer_known"),
            paired("approved_by", "approved_at", name="overcommitment_approval"),
            paired("ended_by", "ended_at", name="overcommitment_end"),
            models.CheckConstraint(condition=models.Q(amount_pence__gt=0), name="overcommitment_positive"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="overcommitment_reason_given"),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("asked_by")),
                name="overcommitment_four_eyes",
                violation_error_message="Somebody else than the person who asked must approve.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.year}: {self.amount_pence}p above"
