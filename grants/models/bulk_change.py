"""One change made to many commitments at once, with what each was before, so that it can be taken back."""

from __future__ import annotations

from django.db import models

from vru.lib.constraints import one_of, paired


class BulkChange(models.Model):
    class Kind(models.TextChoices):
        MANAGER = "manager", "Programme manager set"
        STATUS = "status", "Status changed"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.TextField(blank=True)
    before = models.JSONField(help_text="Reference of each commitment to what it was.")
    after = models.JSONField(help_text="What it became.")
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    undone_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            one_of("kind", ["manager", "status"], name="bulk_change_kind_known"),
            paired("undone_by", "undone_at", name="bulk_change_undoing_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {len(self.before)} commitments"
