"""Organisations that deliver a grant together with its holder, and what of the award each receives from it."""

from __future__ import annotations

from django.db import models


class ConsortiumPartner(models.Model):
    """The grant's own organisation leads: it answers for the whole award and keeps what the partners do not get."""

    commitment = models.ForeignKey("grants.Commitment", on_delete=models.CASCADE, related_name="partners")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="partnerships")
    share_pence = models.BigIntegerField()
    delivers = models.CharField(max_length=300, blank=True, help_text="What the partner does.")

    class Meta:
        ordering = ["commitment_id", "organisation__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "organisation"], name="consortium_partner_once"),
            models.CheckConstraint(
                condition=models.Q(share_pence__gte=0),
                name="consortium_share_not_negative",
                violation_error_message="A partner's share cannot be negative.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.commitment_id}"
