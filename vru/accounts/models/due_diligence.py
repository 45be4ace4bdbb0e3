"""What is checked about an organisation before it is given money, and how long each check holds."""

from __future__ import annotations

import datetime

from django.db import models

from vru.lib.constraints import one_of, ordered


class DueDiligenceCheckQuerySet(models.QuerySet["DueDiligenceCheck"]):
    def last_of_each(self) -> DueDiligenceCheckQuerySet:
        """The last check of each kind, organisation by organisation."""
        later = DueDiligenceCheck.objects.filter(
            organisation=models.OuterRef("organisation"), kind=models.OuterRef("kind")
        ).filter(
            models.Q(checked_on__gt=models.OuterRef("checked_on"))
            | models.Q(checked_on=models.OuterRef("checked_on"), pk__gt=models.OuterRef("pk"))
        )
        return self.filter(~models.Exists(later))

    def expired_on(self, day: datetime.date) -> DueDiligenceCheckQuerySet:
        return self.filter(expires_on__lt=day)


class DueDiligenceCheck(models.Model):
    """One check by one person on one day. A new check is a new row: what was known when is part of the record."""

    class Kind(models.TextChoices):
        REGISTRATION = "registration", "Registration with its register"
        GOVERNANCE = "governance", "Governing document and board"
        ACCOUNTS = "accounts", "Latest accounts"
        INSURANCE = "insurance", "Public liability insurance"
        SAFEGUARDING = "safeguarding", "Safeguarding policy and practice"
        DATA_PROTECTION = "data_protection", "Data protection registration"
        BANK = "bank", "Bank details confirmed in the finance system"
        SANCTIONS = "sanctions", "Sanctions and adverse media"

    class Outcome(models.TextChoices):
        PASSED = "passed", "Passed"
        CONDITIONS = "conditions", "Passed with conditions"
        FAILED = "failed", "Failed"
        NOT_NEEDED = "not_needed", "Not needed"

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="due_diligence_checks"
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    note = models.TextField(blank=True)
    checked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    checked_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)

    objects = DueDiligenceCheckQuerySet.as_manager()

    class Meta:
        ordering = ["organisation_id", "kind", "-checked_on", "-pk"]
        constraints = [
            one_of(
                "kind",
                [
                    "registration",
                    "governance",
                    "accounts",
                    "insurance",
                    "safeguarding",
                    "data_protection",
                    "bank",
                    "sanctions",
                ],
                name="due_diligence_kind_known",
            ),
            one_of("outcome", ["passed", "conditions", "failed", "not_needed"], name="due_diligence_outcome_known"),
            ordered("checked_on", "expires_on", name="due_diligence_dates"),
            models.CheckConstraint(
                condition=models.Q(outcome="passed") | ~models.Q(note=""),
                name="due_diligence_explained",
                violation_error_message="Say in the note why the check was not simply passed.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_outcome_display()}"
