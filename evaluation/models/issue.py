"""Data issues: what the rules found, and what somebody decided about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from vru.lib.constraints import one_of
from vru.lib.layers import Layer

if TYPE_CHECKING:
    from vru.accounts.models import User


class DataIssueQuerySet(models.QuerySet["DataIssue"]):
    def visible_to(self, user: User) -> DataIssueQuerySet:
        return self if user.is_staff_member else self.none()

    def unresolved(self) -> DataIssueQuerySet:
        return self.filter(status__in=[DataIssue.Status.OPEN, DataIssue.Status.ACCEPTED])

    def gravest_first(self) -> DataIssueQuerySet:
        grave = [models.When(severity=value, then=place) for place, value in enumerate(DataIssue.Severity.values)]
        return self.order_by(models.Case(*grave, output_field=models.IntegerField()), "rule", "where", "pk")


class DataIssue(models.Model):
    """One finding. Re-running the rules updates it by fingerprint, so a decision survives and nothing doubles."""

    class Severity(models.TextChoices):
        """Gravest first."""

        ERROR = "error", "Contradiction"
        WARNING = "warning", "To explain"
        NOTE = "note", "For information"

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        ACCEPTED = "accepted", "Accepted with a note"
        GONE = "gone", "No longer found"

    fingerprint = models.CharField(max_length=64, unique=True)
    rule = models.SlugField(max_length=60)
    layer = models.CharField(max_length=12, choices=Layer.choices)
    year = models.PositiveSmallIntegerField()
    severity = models.CharField(max_length=8, choices=Severity.choices)
    where = models.CharField(max_length=400)
    stated = models.CharField(max_length=200)
    computed = models.CharField(max_length=200)
    difference = models.CharField(max_length=200, blank=True)
    explanation = models.TextField(blank=True)
    sources = models.JSONField(default=list)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    note = models.TextField(blank=True)
    first_found_at = models.DateTimeField(auto_now_add=True)

    objects = DataIssueQuerySet.as_manager()

    class Meta:
        ordering = ["severity", "rule", "where", "pk"]
        constraints = [
            one_of("severity", ["error", "warning", "note"], name="data_issue_severity_known"),
            one_of("status", ["open", "accepted", "gone"], name="data_issue_status_known"),
            models.CheckConstraint(
                condition=~models.Q(status="accepted") | ~models.Q(note=""),
                name="data_issue_accepted_note",
                violation_error_message="Say why the difference is accepted.",
            ),
        ]
        indexes = [models.Index(fields=["layer", "year", "status"], name="data_issue_layer_year")]

    def __str__(self) -> str:
        return f"{self.rule}: {self.where}"
