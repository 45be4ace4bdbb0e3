"""What belongs to one programme: its weights by objective, named wards, risks and documents."""

from __future__ import annotations

from django.db import models

from vru.lib.constraints import one_of, paired
from vru.lib.files.stored import StoredFile


class ObjectiveWeight(models.Model):
    """How much of a programme's effort serves an objective, in percent.

    Weights describe; they divide no total. Totals by objective use the primary objective only, so that they re-add.
    """

    programme = models.ForeignKey("programmes.Programme", on_delete=models.CASCADE, related_name="objective_weights")
    objective = models.ForeignKey("programmes.Objective", on_delete=models.PROTECT, related_name="weights")
    percent = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["programme_id", "-percent", "objective__number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "objective"], name="objective_weight_once"),
            models.CheckConstraint(
                condition=models.Q(percent__gte=1, percent__lte=100),
                name="objective_weight_range",
                violation_error_message="A weight is a whole number from 1 to 100.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id}: objective {self.objective_id}, {self.percent}%"


class NamedWard(models.Model):
    """A ward that the programme works in. Wards change at reviews, so a code keeps the year of its boundaries."""

    programme = models.ForeignKey("programmes.Programme", on_delete=models.CASCADE, related_name="wards")
    area = models.ForeignKey("programmes.Area", on_delete=models.PROTECT, related_name="wards")
    name = models.CharField(max_length=100)
    code = models.CharField(max_length=9, blank=True, help_text="ONS code such as E05013657, where it is known.")
    vintage = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Year of the boundaries.")

    class Meta:
        ordering = ["programme_id", "area__order", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "area", "name"], name="named_ward_once"),
            models.CheckConstraint(
                condition=models.Q(code="") | models.Q(vintage__isnull=False),
                name="named_ward_vintage",
                violation_error_message="A ward's code needs the year of its boundaries.",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="named_ward_named"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.area}"


class ProgrammeRisk(models.Model):
    class Response(models.TextChoices):
        TREAT = "treat", "Treat"
        TOLERATE = "tolerate", "Tolerate"
        TRANSFER = "transfer", "Transfer"
        STOP = "stop", "Stop the activity"

    programme = models.ForeignKey("programmes.Programme", on_delete=models.CASCADE, related_name="risks")
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    owner = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="owned_risks")
    likelihood = models.PositiveSmallIntegerField(help_text="1, rare, to 5, almost certain.")
    impact = models.PositiveSmallIntegerField(help_text="1, slight, to 5, severe.")
    response = models.CharField(max_length=10, choices=Response.choices)
    response_text = models.TextField(blank=True, help_text="What is done about it.")
    review_on = models.DateField()
    raised_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_because = models.TextField(blank=True)

    class Meta:
        ordering = ["programme_id", "review_on", "pk"]
        constraints = [
            one_of("response", ["treat", "tolerate", "transfer", "stop"], name="programme_risk_response"),
            models.CheckConstraint(
                condition=models.Q(likelihood__gte=1, likelihood__lte=5, impact__gte=1, impact__lte=5),
                name="programme_risk_scores",
                violation_error_message="Likelihood and impact are whole numbers from 1 to 5.",
            ),
            paired("closed_by", "closed_at", name="programme_risk_closing_whole"),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True) | ~models.Q(closed_because=""),
                name="programme_risk_closed_why",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def score(self) -> int:
        """Likelihood × impact, from 1 to 25."""
        return self.likelihood * self.impact


class ProgrammeDocument(StoredFile):
    """A file kept with a programme. Removing one hides it; the row and its hash stay."""

    class Kind(models.TextChoices):
        BUSINESS_CASE = "business_case", "Business case"
        SPECIFICATION = "specification", "Specification"
        EVALUATION = "evaluation", "Evaluation"
        MINUTES = "minutes", "Minutes or decision paper"
        OTHER = "other", "Other"

    programme = models.ForeignKey("programmes.Programme", on_delete=models.PROTECT, related_name="documents")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    file = models.FileField(upload_to="programmes/%Y/%m", max_length=200)
    uploaded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    removed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["programme_id", "title", "pk"]
        constraints = [
            one_of(
                "kind",
                ["business_case", "specification", "evaluation", "minutes", "other"],
                name="programme_document_kind",
            ),
            one_of("scan", ["clean", "not_scanned"], name="programme_document_scan"),
            paired("removed_by", "removed_at", name="programme_document_removal"),
            models.CheckConstraint(condition=~models.Q(title=""), name="programme_document_titled"),
        ]

    def __str__(self) -> str:
        return self.title
