"""A filled-in workbook that was uploaded: what was read from it, waiting for a yes before anything is replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from grants.models.monitoring_return import MonitoringReturn
from vru.lib.constraints import one_of, paired

if TYPE_CHECKING:
    from vru.accounts.models import User


class WorkbookUploadQuerySet(models.QuerySet["WorkbookUpload"]):
    def visible_to(self, user: User) -> WorkbookUploadQuerySet:
        if user.is_staff_member:
            return self
        mine = MonitoringReturn.objects.visible_to(user).filter(pk=models.OuterRef("monitoring_return_id"))
        return self.filter(models.Exists(mine))


class WorkbookUpload(models.Model):
    class Status(models.TextChoices):
        READ = "read", "Read, waiting for a decision"
        REFUSED = "refused", "Could not be used"
        APPLIED = "applied", "Used"
        DISCARDED = "discarded", "Not used"

    monitoring_return = models.ForeignKey(
        "grants.MonitoringReturn", on_delete=models.PROTECT, related_name="workbook_uploads"
    )
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to="workbooks/%Y/%m", max_length=200)
    status = models.CharField(max_length=10, choices=Status.choices)
    answers = models.JSONField(default=dict, blank=True, help_text="Typed text by box name, as read.")
    problems = models.JSONField(
        default=list, blank=True, help_text="sheet, row, column, value, message, rule and is_error of each."
    )
    versions = models.JSONField(
        default=dict, blank=True, help_text="Version of each section's draft when the file was read."
    )
    uploaded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    decided_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = WorkbookUploadQuerySet.as_manager()

    class Meta:
        ordering = ["monitoring_return_id", "-uploaded_at", "-pk"]
        constraints = [
            one_of("status", ["read", "refused", "applied", "discarded"], name="workbook_upload_status_known"),
            paired("decided_by", "decided_at", name="workbook_upload_decision_whole"),
        ]

    def __str__(self) -> str:
        return self.name
