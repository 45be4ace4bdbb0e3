"""What a person is told in the site, and by which way they want to be told what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from vru.lib.constraints import one_of

if TYPE_CHECKING:
    from vru.accounts.models import User


class Topic(models.TextChoices):
    """What messages are about; a person chooses for each whether it also comes by email."""

    RETURN_OPENED = "return_opened", "A return has opened"
    REMINDER = "reminder", "A return is due soon or overdue"
    RETURN_DECIDED = "return_decided", "A return was queried, approved or reopened"
    SIGNATURE = "signature", "A return waits for a signature"
    EXTENSION = "extension", "An extension was asked for or decided"
    RETURN_RECEIVED = "return_received", "A return came in"
    AWARD = "award", "An award was changed, or a change was asked for"
    REPORT = "report", "A report waits for you, was signed or was sent"
    JOB = "job", "A report or a file is ready, or failed"


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, user: User) -> NotificationQuerySet:
        return self.filter(user=user)

    def unread(self) -> NotificationQuerySet:
        return self.filter(read_at__isnull=True)


class Notification(models.Model):
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="notifications")
    key = models.CharField(max_length=200, unique=True, help_text="Names the occasion and person: each is told once.")
    topic = models.CharField(max_length=20, choices=Topic.choices)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    href = models.CharField(max_length=300, blank=True, help_text="The page it is about, on this site.")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            one_of("topic", Topic, name="notification_topic_known"),
            models.CheckConstraint(condition=~models.Q(title=""), name="notification_titled"),
        ]
        # The bell of every page: how many are unread?
        indexes = [models.Index(fields=["user", "read_at", "-created_at"], name="notification_unread")]

    def __str__(self) -> str:
        return self.title


class MessagePreference(models.Model):
    """A topic that a person does not want by email. What is not listed comes by email."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="message_preferences")
    topic = models.CharField(max_length=20, choices=Topic.choices)
    by_email = models.BooleanField(default=True)

    class Meta:
        ordering = ["user_id", "topic"]
        constraints = [
            models.UniqueConstraint(fields=["user", "topic"], name="message_preference_once"),
            one_of("topic", Topic, name="message_preference_topic_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.topic}"
