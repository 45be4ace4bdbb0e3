"""Checking what grantees report: a visit or a sample of their registers, what was counted, found and agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from grants.models.measure import Measure
from grants.models.monitoring_return import MonitoringReturn
from vru.lib.constraints import one_of

if TYPE_CHECKING:
    from vru.accounts.models import User


class AssuranceCheckQuerySet(models.QuerySet["AssuranceCheck"]):
    def visible_to(self, user: User) -> AssuranceCheckQuerySet:
        """Staff see every check; a grantee those of their own returns, because what was agreed binds both."""
        if user.is_staff_member:
            return self
        mine = MonitoringReturn.objects.visible_to(user).filter(pk=models.OuterRef("monitoring_return_id"))
        return self.filter(models.Exists(mine))


class AssuranceCheck(models.Model):
    class Kind(models.TextChoices):
        VISIT = "visit", "Visit"
        SAMPLE = "sample", "Sample check of registers"

    monitoring_return = models.ForeignKey("grants.MonitoringReturn", on_delete=models.PROTECT, related_name="checks")
    revision = models.ForeignKey(
        "grants.Revision", on_delete=models.PROTECT, related_name="checks", help_text="The version that was checked."
    )
    kind = models.CharField(max_length=6, choices=Kind.choices)
    held_on = models.DateField()
    checked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    looked_at = models.TextField(help_text="Which records were looked at, and how the sample was drawn.")
    found = models.TextField()
    agreed = models.TextField(blank=True, help_text="What was agreed with the grantee.")
    follow_up_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()

    objects = AssuranceCheckQuerySet.as_manager()

    class Meta:
        ordering = ["monitoring_return_id", "held_on", "pk"]
        constraints = [
            one_of("kind", ["visit", "sample"], name="assurance_kind_known"),
            models.CheckConstraint(
                condition=~models.Q(looked_at="") & ~models.Q(found=""), name="assurance_says_what_and_found"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.held_on}"


class AssuranceCount(models.Model):
    """One figure counted again: what the return says, and what the registers show."""

    check_made = models.ForeignKey(AssuranceCheck, on_delete=models.CASCADE, related_name="counts")
    measure = models.CharField(max_length=12, choices=Measure.choices)
    reported = models.PositiveIntegerField()
    counted = models.PositiveIntegerField()

    class Meta:
        ordering = ["check_made_id", "measure"]
        constraints = [
            models.UniqueConstraint(fields=["check_made", "measure"], name="assurance_count_once"),
            one_of("measure", Measure, name="assurance_count_measure_known"),
        ]

    def __str__(self) -> str:
        return f"{self.measure}: {self.counted} of {self.reported}"
