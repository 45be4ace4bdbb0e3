"""A report that people write: one kind for one year or part of it, with its own sections, comments and decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from vru.lib.constraints import one_of, paired
from vru.lib.layers import Layer
from vru.lib.periods import FinancialYear
from vru.lib.state_machine import StateMachine

if TYPE_CHECKING:
    from vru.accounts.models import User

QUARTERS = ("Q1", "Q2", "Q3", "Q4")
MONTHS = tuple(f"M{month:02d}" for month in range(1, 13))
PERIODS = ("", *QUARTERS, *MONTHS)


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User) -> ReportQuerySet:
        return self if user.is_staff_member else self.none()


class Report(models.Model):
    """What is written together. Its editions are what was made of it, each on a day."""

    outline = models.ForeignKey("evaluation.ReportOutline", on_delete=models.PROTECT, related_name="reports")
    year = models.PositiveSmallIntegerField(help_text="The year in which the financial year begins.")
    period = models.CharField(
        max_length=3,
        blank=True,
        help_text="Empty for the whole year, Q1 to Q4 for a quarter, M01 (April) to M12 for a month of it.",
    )
    layer = models.CharField(max_length=12, choices=Layer.choices)
    subject = models.CharField(max_length=40, blank=True, help_text="The programme it is about; empty for the unit.")
    copied_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="copies")
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    own_since = models.DateTimeField(
        null=True, blank=True, help_text="Since when people work on its sections: from then on no outline changes them."
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "outline__kind", "-period", "layer", "subject", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["outline", "year", "period", "layer", "subject"],
                name="report_once",
                violation_error_message="There is already a report of this kind for that time.",
            ),
            one_of("layer", Layer.values, name="report_layer_known"),
            one_of("period", PERIODS, name="report_period_known"),
        ]

    def __str__(self) -> str:
        about = f", {self.subject}" if self.subject else ""
        return f"{self.outline} {self.period_label}{about}"

    @property
    def financial_year(self) -> FinancialYear:
        return FinancialYear(self.year)

    @property
    def period_label(self) -> str:
        """As people write it: "2020-21", "2020-21 Q3", "July 2020"."""
        year = str(self.financial_year)
        if self.period in QUARTERS:
            return f"{year} {self.period}"
        return f"{self.month_start:%B %Y}" if self.period else year

    @property
    def month_start(self):
        """The first day of a monthly report's month. Raises ValueError for a report that is not monthly."""
        start = self.financial_year.starts_on
        place = MONTHS.index(self.period)
        return start.replace(
            year=start.year + (start.month - 1 + place) // 12, month=(start.month - 1 + place) % 12 + 1
        )


class ReportSection(models.Model):
    """One section as it is being written: key points and one Markdown text in which blocks stand as fences."""

    class Status(models.TextChoices):
        WRITING = "writing", "Being written"
        IN_REVIEW = "in_review", "In review"
        APPROVED = "approved", "Approved"

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="sections")
    order = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=20, blank=True)
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    guidance = models.TextField(blank=True)
    word_limit = models.PositiveIntegerField(null=True, blank=True)
    key_points = models.JSONField(default=list, blank=True)
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1, help_text="Rises with every save; a save names the one it read.")
    saved_from = models.CharField(
        max_length=60, blank=True, help_text="The open page that saved last, and its count of saves."
    )
    carried = models.BooleanField(default=False, help_text="Copied from an earlier report and not yet gone over.")
    owner = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.WRITING)
    approved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    updated_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    updated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["report_id", "order"]
        constraints = [
            models.UniqueConstraint(fields=["report", "slug"], name="report_section_slug_once"),
            models.UniqueConstraint(fields=["report", "order"], name="report_section_order_once"),
            one_of("status", ["writing", "in_review", "approved"], name="report_section_status_known"),
            paired("approved_by", "approved_at", name="report_section_approval_whole"),
            paired("updated_by", "updated_at", name="report_section_update_whole"),
            models.CheckConstraint(
                condition=~models.Q(status="approved") | models.Q(approved_at__isnull=False),
                name="report_section_approved_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()


_S = ReportSection.Status
SECTION_STATES: StateMachine[ReportSection.Status] = StateMachine(
    "section",
    {
        _S.WRITING: frozenset({_S.IN_REVIEW}),
        _S.IN_REVIEW: frozenset({_S.WRITING, _S.APPROVED}),
        _S.APPROVED: frozenset({_S.WRITING}),
    },
)


class SectionVersion(models.Model):
    """What a section said after a save. Saves of one person within a few minutes are one version."""

    section = models.ForeignKey(ReportSection, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    key_points = models.JSONField(default=list, blank=True)
    text = models.TextField(blank=True)
    note = models.CharField(max_length=200, blank=True, help_text="Where it came from, when nobody typed it.")
    saved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["section_id", "-number"]
        constraints = [models.UniqueConstraint(fields=["section", "number"], name="section_version_once")]

    def __str__(self) -> str:
        return f"{self.section}, version {self.number}"


class SectionComment(models.Model):
    """A remark on a section, or an answer to one."""

    section = models.ForeignKey(ReportSection, on_delete=models.CASCADE, related_name="comments")
    answers = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="answers_given")
    quote = models.CharField(max_length=300, blank=True, help_text="The words it is about.")
    text = models.TextField()
    written_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    resolved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["section_id", "written_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="section_comment_says_it"),
            paired("resolved_by", "resolved_at", name="section_comment_resolved_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.section}: {self.text[:60]}"


class NumberDecision(models.Model):
    """What was decided about a number that somebody typed into prose: where it comes from, or why it may stay."""

    class Kind(models.TextChoices):
        SOURCED = "sourced", "Has a source"
        DISMISSED = "dismissed", "May stay as it is"

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="number_decisions")
    section = models.ForeignKey(ReportSection, on_delete=models.CASCADE, related_name="number_decisions")
    fingerprint = models.CharField(
        max_length=64, help_text="Of the section, the sentence and the number; a changed sentence is a new number."
    )
    printed = models.CharField(max_length=80)
    sentence = models.TextField()
    kind = models.CharField(max_length=9, choices=Kind.choices)
    source_document = models.ForeignKey(
        "programmes.SourceDocument", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    place = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["report_id", "section__order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "fingerprint"], name="number_decision_once"),
            one_of("kind", ["sourced", "dismissed"], name="number_decision_kind_known"),
            models.CheckConstraint(
                condition=models.Q(kind="sourced", source_document__isnull=False) & ~models.Q(place="")
                | models.Q(kind="dismissed", source_document__isnull=True) & ~models.Q(reason=""),
                name="number_decision_backed",
                violation_error_message="Name the document and the place, or say why the number may stay.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.printed}: {self.get_kind_display().lower()}"


class Explanation(models.Model):
    """The sentence that a check before sign-off asks for. It is printed with the methods."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="explanations")
    check_slug = models.SlugField(max_length=60)
    subject = models.CharField(max_length=120, help_text="What of the check it is about, as the check names it.")
    sentence = models.TextField()
    written_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["report_id", "check_slug", "subject"]
        constraints = [
            models.UniqueConstraint(fields=["report", "check_slug", "subject"], name="explanation_once"),
            models.CheckConstraint(condition=~models.Q(sentence=""), name="explanation_says_it"),
        ]

    def __str__(self) -> str:
        return f"{self.check_slug}: {self.sentence[:60]}"


class ReportSchedule(models.Model):
    """Drafts that are made without anybody asking."""

    class Every(models.TextChoices):
        DAY = "day", "Every working day"
        WEEK = "week", "Every week"
        MONTH = "month", "Every month"

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="schedule")
    every = models.CharField(max_length=5, choices=Every.choices)
    next_on = models.DateField()
    is_active = models.BooleanField(default=True)
    set_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["next_on", "pk"]
        constraints = [one_of("every", ["day", "week", "month"], name="report_schedule_every_known")]

    def __str__(self) -> str:
        return f"{self.report}: {self.get_every_display().lower()}"
