"""Which column of a spreadsheet means what, remembered by its headings so that nobody says it twice."""

from __future__ import annotations

from django.db import models

from vru.lib.constraints import one_of


class ColumnMapping(models.Model):
    class Purpose(models.TextChoices):
        LEDGER = "ledger", "Spend in the finance system's ledger"
        REGISTER = "register", "Register of programmes, organisations and grants"

    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    headings_hash = models.CharField(max_length=64, help_text="SHA-256 of the headings as they stand in the file.")
    columns = models.JSONField(default=dict, help_text="Field name to the heading of its column.")
    saved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["purpose", "-saved_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["purpose", "headings_hash"], name="column_mapping_once"),
            one_of("purpose", ["ledger", "register"], name="column_mapping_purpose_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, {len(self.columns)} columns"
