"""How a grant ended: what was paid, what was spent, and what became of the difference."""

from __future__ import annotations

from django.db import models

from vru.lib.constraints import non_negative, paired


class GrantClosing(models.Model):
    """The figures as they stood at closing. Reconciling is done by somebody else than the person who closed."""

    commitment = models.OneToOneField("grants.Commitment", on_delete=models.PROTECT, related_name="closing")
    award_pence = models.BigIntegerField()
    paid_pence = models.BigIntegerField(help_text="Net of credit notes.")
    spent_pence = models.BigIntegerField(help_text="Approved in returns.")
    unspent_pence = models.BigIntegerField(help_text="Paid and not spent: recovered, or carried by a debt.")
    note = models.TextField(blank=True)
    closed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField()
    reconciled_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reconciled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["commitment_id"]
        constraints = [
            non_negative("award_pence", "spent_pence", "unspent_pence", name="grant_closing_not_negative"),
            paired("reconciled_by", "reconciled_at", name="grant_closing_reconciled"),
            models.CheckConstraint(
                condition=models.Q(reconciled_by__isnull=True) | ~models.Q(reconciled_by=models.F("closed_by")),
                name="grant_closing_four_eyes",
                violation_error_message="Somebody else than the person who closed the grant must reconcile it.",
            ),
        ]

    def __str__(self) -> str:
        return f"Closing of {self.commitment_id}"
