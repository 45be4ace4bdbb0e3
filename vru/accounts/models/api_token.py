"""Keys with which a grantee's own system speaks to the API. Only a hash is kept."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import models

from vru.accounts.models.organisation import Organisation

if TYPE_CHECKING:
    from vru.accounts.models.user import User


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def visible_to(self, user: User) -> ApiTokenQuerySet:
        """The organisation's own people and administrators see that a key exists; nobody sees the key again."""
        if user.is_staff_member:
            return self
        return self.filter(organisation__in=Organisation.objects.visible_to(user))

    def usable_at(self, moment: datetime.datetime) -> ApiTokenQuerySet:
        return self.filter(revoked_at__isnull=True, expires_at__gt=moment)


class ApiToken(models.Model):
    """Acts for the person who made it, within one organisation; it stops when their membership does."""

    class Scope(models.TextChoices):
        READ = "returns:read", "Read returns and their templates"
        DRAFT = "returns:draft", "Save drafts"
        SUBMIT = "returns:submit", "Submit returns"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="api_tokens")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=100, help_text="Which system uses it.")
    prefix = models.CharField(max_length=12, unique=True, help_text="The first characters, to tell keys apart.")
    secret_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["organisation_id", "-created_at", "-pk"]
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="api_token_named")]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class IdempotentRequest(models.Model):
    """An API request that was answered: the same key gives the same answer again, and nothing is done twice."""

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="requests")
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, path and body.")
    status = models.PositiveSmallIntegerField(default=0, help_text="0 while the request is being answered.")
    response = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["token_id", "-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["token", "key"], name="idempotent_request_once"),
            models.CheckConstraint(condition=~models.Q(key=""), name="idempotent_request_key_given"),
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.status})"
