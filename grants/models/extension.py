"""More time for a return: asked for by the grantee or given by the unit, with a reason and a last day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from grants.models.monitoring_return import MonitoringReturn
from vru.lib.constraints import one_of, paired

if TYPE_CHECKING:
    from vru.accounts.models import User


class ReturnExtensionQuerySet(models.QuerySet["ReturnExtension"]):
    def visible_to(self, user: User) -> ReturnExtensionQuerySet:
        if user.is_staff_member:
            return self
        mine = MonitoringReturn.objects.visible_to(user).filter(pk=models.OuterRef("monitoring_return_id"))
        return self.filter(models.Exists(mine))

    def waiting(self) -> ReturnExtensionQuerySet:
        return self.filter(status=ReturnExtension.Status.ASKED)


class ReturnExtension(models.Model):
    class Status(models.TextChoices):
        ASKED = "asked", "Asked for"
        GRANTED = "granted", "Granted"
        REFUSED = "refused", "Refused"

    monitoring_return = models.ForeignKey(
        "grants.MonitoringReturn", on_delete=models.PROTECT, related_name="extensions"
    )
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.ASKED)
    reason = models.CharField(max_length=300)
    due_before = models.DateField(help_text="When the return was due before.")
    until = models.DateField(help_text="The last day asked for; once granted, the day the return is due.")
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.CharField(max_length=300, blank=True)

    objects = ReturnExtensionQuerySet.as_manager()

    class Meta:
        ordering = ["monitoring_return_id", "asked_at", "pk"]
        constraints = [
            one_of("status", ["asked", "granted", "refused"], name="extension_status_known"),
            paired("decided_by", "decided_at", name="extension_decision_whole"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="extension_reason_given"),
            models.CheckConstraint(
                condition=models.Q(status="asked", decided_at__isnull=True)
                | ~models.Q(status="asked") & models.Q(decided_at__isnull=False),
                name="extension_decided_when_settled",
            ),
            models.UniqueConstraint(
                fields=["monitoring_return"], condition=models.Q(status="asked"), name="extension_one_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.monitoring_return_id} until {self.until}"
