"""A report for one year and layer: frozen facts, their hash, and the files made from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from vru.lib.constraints import one_of, paired
from vru.lib.layers import Layer
from vru.lib.periods import FinancialYear
from vru.lib.state_machine import StateMachine

if TYPE_CHECKING:
    from evaluation.models.outline import ReportOutline
    from vru.accounts.models import User


class EditionQuerySet(models.QuerySet["Edition"]):
    def visible_to(self, user: User) -> EditionQuerySet:
        return self if user.is_staff_member else self.none()

    def built(self) -> EditionQuerySet:
        return self.filter(built_at__isnull=False)

    def in_layer(self, layer: str) -> EditionQuerySet:
        return self.filter(report__layer=layer)

    def signed(self) -> EditionQuerySet:
        """Signed once, whatever became of it since."""
        return self.filter(signed_at__isnull=False)

    def published(self) -> EditionQuerySet:
        """What anybody may read: published, and its final files are there."""
        return self.filter(published_at__isnull=False, finished_at__isnull=False)


class Edition(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_REVIEW = "in_review", "In review"
        SIGNED_OFF = "signed_off", "Signed off"
        SENT = "sent", "Sent"
        SUPERSEDED = "superseded", "Superseded"

    report = models.ForeignKey("evaluation.Report", on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    as_at = models.DateField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    snapshot_hash = models.CharField(max_length=64, blank=True)
    narrative_hash = models.CharField(
        max_length=64, blank=True, help_text="Of the sections it was made of, to tell when they were changed since."
    )
    imprint = models.JSONField(
        default=dict,
        blank=True,
        help_text="What the final files say beside the snapshot: see evaluation.reports.imprint.",
    )
    imprint_hash = models.CharField(max_length=64, blank=True)
    requested_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty when a command made it.",
    )
    job = models.ForeignKey("jobs.Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    built_at = models.DateTimeField(null=True, blank=True)
    review_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who sent it to be signed. Somebody else signs.",
    )
    review_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_name = models.CharField(max_length=200, blank=True, help_text="As it was on the day, and as it is printed.")
    signed_role = models.CharField(max_length=100, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True, help_text="When the final files were stored.")
    is_restated = models.BooleanField(default=False, help_text="Locked figures of an earlier edition were corrected.")
    sent_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_to = models.CharField(max_length=200, blank=True)
    superseded_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="supersedes"
    )
    published_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True, help_text="When the public could read it.")
    revisions = models.ManyToManyField("grants.Revision", blank=True, related_name="editions")

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["-report__year", "report_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="edition_number_once"),
            one_of(
                "status",
                ["draft", "in_review", "signed_off", "sent", "superseded"],
                name="edition_status_known",
            ),
            paired("review_by", "review_at", name="edition_review_whole"),
            paired("signed_by", "signed_at", name="edition_signature_whole"),
            models.CheckConstraint(
                condition=models.Q(signed_by__isnull=True)
                | models.Q(review_by__isnull=True)
                | ~models.Q(signed_by=models.F("review_by")),
                name="edition_signed_by_another",
                violation_error_message="The person who sent an edition to be signed cannot sign it.",
            ),
            paired("sent_by", "sent_at", name="edition_sending_whole"),
            paired("published_by", "published_at", name="edition_publication_whole"),
            models.CheckConstraint(
                condition=models.Q(signed_at__isnull=True)
                | ~models.Q(imprint_hash="") & ~models.Q(signed_name="") & ~models.Q(signed_role=""),
                name="edition_signed_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(published_at__isnull=True) | models.Q(signed_at__isnull=False),
                name="edition_published_signed",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "in_review"], signed_at__isnull=True)
                | models.Q(status__in=["signed_off", "sent"], signed_at__isnull=False)
                | models.Q(status="superseded"),
                name="edition_status_signed",
            ),
            models.CheckConstraint(
                condition=models.Q(built_at__isnull=True) | ~models.Q(snapshot_hash=""),
                name="edition_built_hashed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report}, {Layer(self.layer).label.lower()} edition {self.number}"

    @property
    def outline(self) -> ReportOutline:
        return self.report.outline

    @property
    def year(self) -> int:
        return self.report.year

    @property
    def layer(self) -> str:
        return self.report.layer

    @property
    def financial_year(self) -> FinancialYear:
        return FinancialYear(self.year)


class EditionFile(models.Model):
    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        WEB = "html", "Web page"
        ANNEX_XLSX = "annex_xlsx", "Data annex (Excel)"
        ANNEX_ZIP = "annex_zip", "Data annex (CSV)"
        SNAPSHOT = "snapshot", "Facts snapshot"

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    file = models.FileField(max_length=300, upload_to="editions/")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    made_from = models.CharField(
        max_length=64, blank=True, help_text="Of a PDF: SHA-256 of the page that it was printed from."
    )
    is_final = models.BooleanField(default=False, help_text="Made after signing; such a file never changes.")

    class Meta:
        ordering = ["edition_id", "kind", "is_final"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "kind", "is_final"], name="edition_file_once"),
            one_of("kind", ["pdf", "html", "annex_xlsx", "annex_zip", "snapshot"], name="edition_file_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.kind}"


_E = Edition.Status
EDITION_STATES: StateMachine[Edition.Status] = StateMachine(
    "report edition",
    {
        _E.DRAFT: frozenset({_E.IN_REVIEW, _E.SUPERSEDED}),
        _E.IN_REVIEW: frozenset({_E.DRAFT, _E.SIGNED_OFF}),
        _E.SIGNED_OFF: frozenset({_E.SENT, _E.SUPERSEDED}),
        _E.SENT: frozenset({_E.SUPERSEDED}),
        _E.SUPERSEDED: frozenset(),
    },
)
