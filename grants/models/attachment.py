"""Files that support a return. Kept privately; a file that was part of a version sent is never deleted."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import models

from grants.models.monitoring_return import MonitoringReturn
from vru.lib.constraints import one_of, paired
from vru.lib.files.stored import StoredFile

if TYPE_CHECKING:
    from vru.accounts.models import User


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: User) -> AttachmentQuerySet:
        if user.is_staff_member:
            return self
        mine = MonitoringReturn.objects.visible_to(user).filter(pk=models.OuterRef("monitoring_return_id"))
        return self.filter(models.Exists(mine))

    def kept(self) -> AttachmentQuerySet:
        return self.filter(removed_at__isnull=True)

    def sent_with(self, moment: datetime.datetime) -> AttachmentQuerySet:
        """The files that belonged to the return when a version of it was sent."""
        return self.filter(uploaded_at__lte=moment).filter(
            models.Q(removed_at__isnull=True) | models.Q(removed_at__gt=moment)
        )


class Attachment(StoredFile):
    monitoring_return = models.ForeignKey(
        "grants.MonitoringReturn", on_delete=models.PROTECT, related_name="attachments"
    )
    description = models.CharField(max_length=300, blank=True)
    file = models.FileField(upload_to="attachments/%Y/%m", max_length=200)
    uploaded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    removed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["monitoring_return_id", "uploaded_at", "pk"]
        constraints = [
            one_of("scan", ["clean", "not_scanned"], name="attachment_scan_known"),
            paired("removed_by", "removed_at", name="attachment_removal_whole"),
            models.CheckConstraint(condition=~models.Q(name=""), name="attachment_named"),
        ]
