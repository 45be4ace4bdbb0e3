"""The finance system's own account of what was spent, imported and laid beside ours."""

from __future__ import annotations

from django.db import models

from vru.lib.constraints import one_of
from vru.lib.files.stored import StoredFile
from vru.lib.layers import Layer


class LedgerImport(StoredFile):
    """One file of the ledger for one year. A later file of the same year replaces what the earlier one said."""

    layer = models.CharField(max_length=12, choices=Layer.choices)
    year = models.PositiveSmallIntegerField()
    file = models.FileField(upload_to="ledger/%Y/%m", max_length=200)
    columns = models.JSONField(default=dict, help_text="Field name to the heading of its column.")
    total_pence = models.BigIntegerField(default=0, help_text="What the lines of the file came to when it was read.")
    uploaded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["year", "-uploaded_at", "-pk"]
        constraints = [
            one_of("layer", Layer.values, name="ledger_import_layer_known"),
            one_of("scan", ["clean", "not_scanned"], name="ledger_import_scan_known"),
            models.UniqueConstraint(
                fields=["layer", "year"], condition=models.Q(superseded_at__isnull=True), name="ledger_import_one_live"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.year}"


class LedgerLine(models.Model):
    class Outcome(models.TextChoices):
        MATCHED = "matched", "Matched"
        DIFFERENT = "different", "Found, with another amount"
        UNMATCHED = "unmatched", "Not found here"

    class MatchedOn(models.TextChoices):
        REFERENCE = "reference", "Its reference"
        DATED = "dated", "Supplier, amount and day"
        SUPPLIER = "supplier", "Supplier and amount"
        PERSON = "person", "A person matched it"

    ledger = models.ForeignKey(LedgerImport, on_delete=models.CASCADE, related_name="lines")
    row = models.PositiveIntegerField(help_text="Of the file, counted from 1.")
    posted_on = models.DateField()
    reference = models.CharField(max_length=100)
    supplier_reference = models.CharField(max_length=40, blank=True)
    description = models.CharField(max_length=300, blank=True)
    amount_pence = models.BigIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    payment = models.ForeignKey(
        "grants.Payment", on_delete=models.PROTECT, null=True, blank=True, related_name="ledger_lines"
    )
    matched_on = models.CharField(
        max_length=10, blank=True, choices=MatchedOn.choices, help_text="What made it this payment."
    )
    difference_pence = models.BigIntegerField(default=0, help_text="The ledger's amount less ours.")
    explanation = models.TextField(blank=True, help_text="Why it differs, by whoever looked at it.")
    explained_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["ledger_id", "row"]
        constraints = [
            models.UniqueConstraint(fields=["ledger", "row"], name="ledger_line_row_once"),
            one_of("outcome", ["matched", "different", "unmatched"], name="ledger_line_outcome_known"),
            models.CheckConstraint(
                condition=models.Q(outcome="unmatched", payment__isnull=True)
                | (~models.Q(outcome="unmatched") & models.Q(payment__isnull=False)),
                name="ledger_line_match_whole",
            ),
            one_of("matched_on", ["", "reference", "dated", "supplier", "person"], name="ledger_line_matched_on"),
            models.UniqueConstraint(
                fields=["ledger", "payment"],
                condition=models.Q(payment__isnull=False),
                name="ledger_line_payment_once",
                violation_error_message="This payment is matched to another line of the same ledger.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}, row {self.row}"
