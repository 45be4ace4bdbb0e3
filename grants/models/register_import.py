"""A spreadsheet of programmes, organisations and grants that was uploaded, read, and perhaps taken over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from vru.lib.constraints import one_of, paired
from vru.lib.files.stored import StoredFile
from vru.lib.layers import Layer

if TYPE_CHECKING:
    from vru.accounts.models import User


class RegisterImportQuerySet(models.QuerySet["RegisterImport"]):
    def visible_to(self, user: User) -> RegisterImportQuerySet:
        """Uploaded registers hold what many organisations are given, so only staff see them."""
        return self if user.is_staff_member else self.none()


class RegisterImport(StoredFile):
    class Status(models.TextChoices):
        UPLOADED = "uploaded", "Uploaded: say what its columns mean"
        CHECKED = "checked", "Checked, waiting for a decision"
        REFUSED = "refused", "Could not be used"
        APPLIED = "applied", "Taken over"
        DISCARDED = "discarded", "Not used"

    layer = models.CharField(max_length=12, choices=Layer.choices)
    file = models.FileField(upload_to="registers/%Y/%m", max_length=200)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.UPLOADED)
    columns = models.JSONField(default=dict, blank=True, help_text="Field name to the heading of its column.")
    problems = models.JSONField(default=list, blank=True, help_text="sheet, row, column, value and message of each.")
    summary = models.JSONField(
        default=dict, blank=True, help_text="What taking it over does: created, changed and unchanged by kind."
    )
    uploaded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    decided_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = RegisterImportQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            one_of("layer", Layer.values, name="register_import_layer_known"),
            one_of("scan", ["clean", "not_scanned"], name="register_import_scan_known"),
            one_of("status", ["uploaded", "checked", "refused", "applied", "discarded"], name="register_import_status"),
            paired("decided_by", "decided_at", name="register_import_decision"),
        ]

    def __str__(self) -> str:
        return self.name
