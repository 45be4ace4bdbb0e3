"""The steps a grant has promised, and where each stood at a return."""

from __future__ import annotations

from django.db import models

from grants.models.revision import Reading
from vru.lib.constraints import one_of


class Milestone(models.Model):
    """One step of a grant's delivery plan."""

    commitment = models.ForeignKey("grants.Commitment", on_delete=models.CASCADE, related_name="milestones")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    due_on = models.DateField()
    needs_return = models.BooleanField(default=False, help_text="A grant paid by milestones sends a return for it.")

    class Meta:
        ordering = ["commitment_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "number"], name="milestone_number_once"),
            models.CheckConstraint(condition=~models.Q(title=""), name="milestone_title_given"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class MilestoneReport(models.Model):
    """What one revision says about one milestone."""

    revision = models.ForeignKey("grants.Revision", on_delete=models.CASCADE, related_name="milestone_reports")
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="reports")
    status = models.CharField(max_length=12, choices=Reading.MilestoneStatus.choices)

    class Meta:
        ordering = ["revision_id", "milestone__number", "milestone_id"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "milestone"], name="milestone_report_once"),
            one_of("status", Reading.MilestoneStatus, name="milestone_report_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.milestone_id} {self.status}"
