"""A signatory lets somebody else of the organisation sign for a while."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import models

from vru.accounts.models.organisation import Organisation
from vru.lib.constraints import ordered

if TYPE_CHECKING:
    from vru.accounts.models.user import User


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def visible_to(self, user: User) -> DelegationQuerySet:
        if user.is_staff_member:
            return self
        return self.filter(organisation__in=Organisation.objects.visible_to(user))

    def in_force_on(self, day: datetime.date) -> DelegationQuerySet:
        return self.filter(starts_on__lte=day, ends_on__gte=day, ended_at__isnull=True)


class Delegation(models.Model):
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="delegations")
    signatory = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="delegations_given")
    delegate = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="delegations_held")
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Taken back before its last day.")

    objects = DelegationQuerySet.as_manager()

    class Meta:
        ordering = ["organisation_id", "-starts_on", "pk"]
        constraints = [
            ordered("starts_on", "ends_on", name="delegation_dates"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="delegation_reason_given"),
            models.CheckConstraint(
                condition=~models.Q(signatory=models.F("delegate")), name="delegation_to_somebody_else"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delegate} for {self.signatory} until {self.ends_on}"
