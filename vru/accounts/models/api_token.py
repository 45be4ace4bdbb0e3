"""Keys with which a grantee's own system speaks to the API. Only a hash is kept."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import models

from vru.accounts.models.organisation import Membership, Organisation

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

    def with_holders(self) -> ApiTokenQuerySet:
        """With ``holder_acts``: whether the person who made the key is active and still acts for the organisation."""
        acts = Membership.objects.current().filter(
            user=models.OuterRef("user"), organisation=models.OuterRef("organisation"), user__is_active=True
        )
        return self.select_related("user", "organisation").annotate(holder_acts=models.Exists(acts))


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

    def stopped_at(self, moment: datetime.datetime) -> str:
        """Why the key opens nothing at ``moment``, as a sentence; empty while it works. Needs ``with_holders``."""
        if self.revoked_at:
            return "This key has been revoked."
        if self.expires_at <= moment:
            return f"This key ended on {self.expires_at:%-d %B %Y}."
        if not getattr(self, "holder_acts", False):
            return "The person who made this key no longer acts for the organisation."
        return ""

    def scope_labels(self) -> list[str]:
        return [str(label) for value, label in self.Scope.choices if value in self.scopes]


class IdempotentRequest(models.Model):
    """An API request that was answered: the same key gives the same answer again, and nothing is done twice.

    It came with a key of a grantee's system (``token``) or from a person signed in (``user``), never both.
    """

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="requests", null=True, blank=True)
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, path and body.")
    status = models.PositiveSmallIntegerField(default=0, help_text="0 while the request is being answered.")
    response = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["token_id", "-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["token", "key"], condition=models.Q(token__isnull=False), name="idempotent_request_once"
            ),
            models.UniqueConstraint(
                fields=["user", "key"], condition=models.Q(user__isnull=False), name="idempotent_request_once_a_person"
            ),
            models.CheckConstraint(
                condition=models.Q(token__isnull=True, user__isnull=False)
                | models.Q(token__isnull=False, user__isnull=True),
                name="idempotent_request_of_one",
            ),
            models.CheckConstraint(condition=~models.Q(key=""), name="idempotent_request_key_given"),
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.status})"
