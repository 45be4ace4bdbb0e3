"""Mail waiting to go out. A message is a row first, so that it is sent if and only if its cause was saved."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    def due(self, now: datetime) -> OutboxQuerySet:
        return self.filter(status=OutboxMessage.Status.QUEUED, next_attempt_at__lte=now).order_by(
            "next_attempt_at", "pk"
        )

    def about(self, words: str) -> OutboxQuerySet:
        """Messages to an address or with a subject that has these words."""
        return self.filter(Q(to__icontains=words) | Q(subject__icontains=words))


class OutboxMessage(models.Model):
    class Status(models.TextChoices):
        QUEUED = "queued", "Waiting to be sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Could not be sent"
        BOUNCED = "bounced", "Refused by the receiver"

    key = models.CharField(max_length=200, unique=True, help_text="Names the occasion, so that each is mailed once.")
    to = models.EmailField()
    sender = models.CharField(
        max_length=200, blank=True, help_text="The name it comes from; the address is the site's own."
    )
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    holds_secret = models.BooleanField(
        default=False, help_text="Its link lets the reader in: nobody else sees the text, and it goes once it is sent."
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField(
        help_text="Also the lease: whoever is sending pushes it into the future first."
    )
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["queued", "sent", "failed", "bounced"]), name="outbox_status_known"
            ),
            models.CheckConstraint(condition=~Q(key="") & ~Q(to="") & ~Q(subject=""), name="outbox_addressed"),
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False) | ~Q(status="sent") & Q(sent_at__isnull=True),
                name="outbox_sent_at_when_sent",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["queued", "sent"]) | ~Q(error=""), name="outbox_failed_says_why"
            ),
        ]
        # The sender's question: what is due?
        indexes = [models.Index(fields=["status", "next_attempt_at", "id"], name="outbox_due")]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"

    @property
    def can_be_sent_again(self) -> bool:
        return self.status in (OutboxMessage.Status.FAILED, OutboxMessage.Status.BOUNCED)
