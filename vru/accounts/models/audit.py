"""Who did what, when and why. Rows outlive what they describe, so they hold no foreign key to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from vru.accounts.models.user import Role

if TYPE_CHECKING:
    from vru.accounts.models.user import User


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def about(self, subject: models.Model) -> AuditEventQuerySet:
        return self.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))

    def visible_to(self, user: User) -> AuditEventQuerySet:
        if user.has_role(
            Role.DIRECTOR,
            Role.AUDITOR,
            Role.ADMINISTRATOR,
            Role.PROGRAMME_MANAGER,
            Role.FINANCE_OFFICER,
            Role.ANALYST,
        ):
            return self
        return self.filter(actor=user)


class AuditEvent(models.Model):
    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Null: the system itself.",
    )
    action = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    subject_label = models.CharField(max_length=300)
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~models.Q(action=""), name="audit_event_action_given")]
        # The history panel of one record.
        indexes = [models.Index(fields=["subject_type", "subject_id", "-at"], name="audit_event_subject")]

    def __str__(self) -> str:
        return f"{self.action}: {self.subject_label}"

    @classmethod
    def record(
        cls, action: str, subject: models.Model, *, by: User | None, reason: str = "", **details: Any
    ) -> AuditEvent:
        """Write one event about ``subject``. Called inside the action's transaction, so both happen or neither."""
        return cls.objects.create(
            actor=by,
            action=action,
            subject_type=subject._meta.label_lower,
            subject_id=str(subject.pk),
            subject_label=str(subject)[:300],
            reason=reason,
            details=details,
        )
