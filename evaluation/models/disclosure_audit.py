"""What the disclosure audit found in an edition, kept so that a page need not run it again."""

from __future__ import annotations

from django.db import models


class DisclosureAudit(models.Model):
    """Good for as long as ``basis`` is the hash of everything the audit looks at. Nobody signs or publishes by it."""

    edition = models.OneToOneField("evaluation.Edition", on_delete=models.CASCADE, related_name="disclosure_audit")
    basis = models.CharField(max_length=64, help_text="See evaluation.disclosure_audit.kept.basis_of.")
    exposures = models.JSONField(
        default=list, blank=True, help_text="As evaluation.disclosure_audit.Exposure has them."
    )
    run_at = models.DateTimeField()

    class Meta:
        ordering = ["edition_id"]
        constraints = [models.CheckConstraint(condition=~models.Q(basis=""), name="disclosure_audit_has_basis")]

    def __str__(self) -> str:
        return f"Disclosure audit of edition {self.edition_id}"
