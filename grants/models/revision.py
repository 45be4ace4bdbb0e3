"""What was submitted: an immutable revision with its cells, readings, spend lines and answers."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import models

from grants.models.assurance import AssuranceCheck
from grants.models.measure import Measure
from grants.models.monitoring_return import MonitoringReturn
from vru.lib.constraints import bounds_ordered, non_negative, one_of, paired

if TYPE_CHECKING:
    from vru.accounts.models import User


class RevisionQuerySet(models.QuerySet["Revision"]):
    def approved_as_at(self, moment: datetime.datetime) -> RevisionQuerySet:
        """The approved revision of each return as it stood at ``moment``: what every figure is computed from."""
        return self.filter(approved_at__lte=moment).filter(
            models.Q(superseded_at__isnull=True) | models.Q(superseded_at__gt=moment)
        )

    def live(self) -> RevisionQuerySet:
        return self.filter(superseded_at__isnull=True)

    def pending(self) -> RevisionQuerySet:
        """Sent and waiting for a decision (or for a signature before it): at most one of a return."""
        return self.filter(superseded_at__isnull=True, approved_at__isnull=True)

    def with_assurance(self) -> RevisionQuerySet:
        """``checked_on``: the day of the latest check of this very version against the grantee's records, or None."""
        checks = AssuranceCheck.objects.filter(revision=models.OuterRef("pk")).order_by("-held_on")
        return self.annotate(checked_on=models.Subquery(checks.values("held_on")[:1]))

    def visible_to(self, user: User) -> RevisionQuerySet:
        if user.is_staff_member:
            return self
        return self.filter(
            models.Exists(MonitoringReturn.objects.visible_to(user).filter(pk=models.OuterRef("monitoring_return_id")))
        )


class Revision(models.Model):
    """Approval and supersession are dates on the revision; the return holds no pointer to it."""

    class Channel(models.TextChoices):
        WEB = "web", "Website"
        WORKBOOK = "workbook", "Workbook"
        API = "api", "The grantee's own system"
        UNIT = "unit", "The unit, on the grantee's behalf"

    monitoring_return = models.ForeignKey("grants.MonitoringReturn", on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    submitted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    declared_name = models.CharField(max_length=200)
    signed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    is_nil = models.BooleanField(default=False)
    nil_reason = models.CharField(max_length=300, blank=True)
    correction_reason = models.TextField(blank=True, help_text="Why this revision corrects an approved one.")
    explanations = models.JSONField(default=dict, help_text="Sentences given for the warnings raised, by rule code.")
    warnings = models.JSONField(
        null=True,
        blank=True,
        help_text="What was unusual when it was sent: code, section, field, message, value and staff_only of each. "
        "Null where nobody looked, as in versions that were taken over from elsewhere.",
    )
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.WEB)
    approved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approval_note = models.CharField(max_length=300, blank=True, help_text="Why it was approved late, where it was.")
    superseded_at = models.DateTimeField(null=True, blank=True)
    # Written once with the lines, never again: reconciliation adds the lines up and compares.
    control_actual_pence = models.BigIntegerField(
        null=True, blank=True, help_text="What the spend lines came to when it was made; null where nobody noted it."
    )
    control_forecast_pence = models.BigIntegerField(null=True, blank=True)
    control_match_pence = models.BigIntegerField(null=True, blank=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["monitoring_return_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["monitoring_return", "number"], name="revision_number_once"),
            models.UniqueConstraint(
                fields=["monitoring_return"],
                condition=models.Q(superseded_at__isnull=True, approved_at__isnull=False),
                name="revision_one_approved",
            ),
            models.UniqueConstraint(
                fields=["monitoring_return"],
                condition=models.Q(superseded_at__isnull=True, approved_at__isnull=True),
                name="revision_one_pending",
            ),
            one_of("channel", ["web", "workbook", "api", "unit"], name="revision_channel_known"),
            paired("approved_by", "approved_at", name="revision_approval_whole"),
            paired("signed_by", "signed_at", name="revision_signature_whole"),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("submitted_by")),
                name="revision_approver_not_submitter",
                violation_error_message="The person who submitted a return cannot approve it.",
            ),
            models.CheckConstraint(
                condition=models.Q(is_nil=False) | ~models.Q(nil_reason=""),
                name="revision_nil_reason",
                violation_error_message="Say why there is nothing to report.",
            ),
        ]
        # Every figure family starts from approved, not superseded revisions.
        indexes = [models.Index(fields=["approved_at", "superseded_at"], name="revision_as_at")]

    def __str__(self) -> str:
        return f"{self.monitoring_return} revision {self.number}"

    @property
    def is_pending(self) -> bool:
        return self.superseded_at is None and self.approved_at is None

    @property
    def lacks_signature(self) -> bool:
        """A second person of the grantee must still sign. What the unit corrects itself, two of the unit decide."""
        asked = self.monitoring_return.commitment.asks_for_signature and self.channel != Revision.Channel.UNIT
        return asked and self.signed_at is None

    @property
    def awaits_signature(self) -> bool:
        """Sent, but not complete: a second person of the organisation has still to sign it."""
        is_sent = self.monitoring_return.status == MonitoringReturn.Status.SUBMITTED
        return self.is_pending and is_sent and self.lacks_signature


class Cell(models.Model):
    """One count of people (or of events). The headline of a measure is its cell in the total category."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="cells")
    measure = models.CharField(max_length=12, choices=Measure.choices)
    category = models.ForeignKey("programmes.Category", on_delete=models.PROTECT, related_name="cells")
    value = models.IntegerField()
    low = models.IntegerField(null=True, blank=True)
    high = models.IntegerField(null=True, blank=True)

    class Meta:
        ordering = ["revision_id", "measure", "category_id"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "measure", "category"], name="cell_once"),
            one_of("measure", Measure, name="cell_measure_known"),
            non_negative("value", name="cell_not_negative"),
            bounds_ordered("low", "high", name="cell_bounds"),
        ]
        # Grouped sums of one measure by category.
        indexes = [models.Index(fields=["measure", "category", "revision"], name="cell_measure_category")]

    def __str__(self) -> str:
        return f"{self.measure} {self.category_id} = {self.value}"


class Reading(models.Model):
    """One indicator's reading. What numerator and denominator mean depends on the indicator's kind.

    flow, stock, currency: ``value``. percentage: ``numerator`` ÷ ``denominator``. unit cost: £ ÷ people.
    distance: ``numerator`` is Σ change × pairs, ``denominator`` the pairs. milestone: ``status``.
    """

    class MilestoneStatus(models.TextChoices):
        NOT_STARTED = "not_started", "Not started"
        ON_TRACK = "on_track", "On track"
        LATE = "late", "Late"
        MET = "met", "Met"
        MISSED = "missed", "Missed"

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="readings")
    version = models.ForeignKey("programmes.IndicatorVersion", on_delete=models.PROTECT, related_name="readings")
    value = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    numerator = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    status = models.CharField(max_length=12, choices=MilestoneStatus.choices, blank=True)

    class Meta:
        ordering = ["revision_id", "version_id"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "version"], name="reading_once"),
            paired("numerator", "denominator", name="reading_ratio_whole"),
            non_negative("denominator", name="reading_denominator"),
        ]

    def __str__(self) -> str:
        return f"{self.revision_id} {self.version_id}"


class SpendLine(models.Model):
    """Spend of the quarter under a heading; source is empty where the grant's own splits attribute it."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="spend_lines")
    number = models.PositiveSmallIntegerField()
    heading = models.ForeignKey("programmes.CostHeading", on_delete=models.PROTECT, related_name="spend_lines")
    source = models.ForeignKey(
        "programmes.FundingSource",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="spend_lines",
    )
    actual_pence = models.BigIntegerField()
    forecast_pence = models.BigIntegerField(
        null=True,
        blank=True,
        help_text="Expected spend from here to the end of the financial year; empty where none was given.",
    )
    match_pence = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["revision_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "number"], name="spend_line_number_once"),
            non_negative("actual_pence", "forecast_pence", "match_pence", name="spend_line_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.revision_id} line {self.number}"


class Answer(models.Model):
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey("grants.Question", on_delete=models.PROTECT, related_name="answers")
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["revision_id", "question__section", "question__order", "question_id"]
        constraints = [models.UniqueConstraint(fields=["revision", "question"], name="answer_once")]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.text[:40]}"
