"""An invitation to act for an organisation, by email. The secret in its address is kept only as a hash."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import models

from vru.accounts.models.organisation import Membership, Organisation
from vru.lib.constraints import paired

if TYPE_CHECKING:
    from vru.accounts.models.user import User


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: User) -> InvitationQuerySet:
        if user.is_staff_member:
            return self
        return self.filter(organisation__in=Organisation.objects.visible_to(user))

    def open_at(self, moment: datetime.datetime) -> InvitationQuerySet:
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=moment)


class Invitation(models.Model):
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField()
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=12, choices=Membership.Role.choices)
    secret_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the secret in the address.")
    invited_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["organisation_id", "-invited_at", "-pk"]
        constraints = [
            paired("accepted_by", "accepted_at", name="invitation_acceptance_whole"),
            models.CheckConstraint(
                condition=models.Q(role__in=["submitter", "signatory"]), name="invitation_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} for {self.organisation}"
