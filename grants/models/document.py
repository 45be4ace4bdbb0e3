"""The PDF copy of a version sent: made once by a worker, then kept as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from grants.models.revision import Revision

if TYPE_CHECKING:
    from vru.accounts.models import User


class ReturnDocumentQuerySet(models.QuerySet["ReturnDocument"]):
    def visible_to(self, user: User) -> ReturnDocumentQuerySet:
        mine = Revision.objects.visible_to(user).filter(pk=models.OuterRef("revision_id"))
        return self.filter(models.Exists(mine))


class ReturnDocument(models.Model):
    revision = models.OneToOneField("grants.Revision", on_delete=models.PROTECT, related_name="document")
    file = models.FileField(upload_to="returns/%Y/%m", max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="Bytes.")
    made_at = models.DateTimeField()

    objects = ReturnDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["revision_id"]
        constraints = [models.CheckConstraint(condition=models.Q(size__gt=0), name="return_document_not_empty")]

    def __str__(self) -> str:
        return f"Copy of revision {self.revision_id}"
