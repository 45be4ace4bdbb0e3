"""A report for one year and layer: frozen facts, their hash, and the files made from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from vru.lib.constraints import one_of, paired
from vru.lib.layers import Layer
from vru.lib.periods import FinancialYear
from vru.lib.state_machine import StateMachine

if TYPE_CHECKING:
    from vru.accounts.models import User


class EditionQuerySet(models.QuerySet["Edition"]):
    def visible_to(self, user: User) -> EditionQuerySet:
        return self if user.is_staff_member else self.none()

    def built(self) -> EditionQuerySet:
        return self.filter(built_at__isnull=False)


class Edition(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_REVIEW = "in_review", "In review"
        SIGNED_OFF = "signed_off", "Signed off"
        SENT = "sent", "Sent"
        SUPERSEDED = "superseded", "Superseded"

    outline = models.ForeignKey("evaluation.ReportOutline", on_delete=models.PROTECT, related_name="editions")
    year = models.PositiveSmallIntegerField()
    layer = models.CharField(max_length=12, choices=Layer.choices)
    number = models.PositiveSmallIntegerField()
    as_at = models.DateField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    snapshot_hash = models.CharField(max_length=64, blank=True)
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
    signed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    revisions = models.ManyToManyField("grants.Revision", blank=True, related_name="editions")

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "layer", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["outline", "year", "layer", "number"], name="edition_number_once"),
            one_of("layer", Layer.values, name="edition_layer_known"),
            one_of(
                "status",
                ["draft", "in_review", "signed_off", "sent", "superseded"],
                name="edition_status_known",
            ),
            paired("signed_by", "signed_at", name="edition_signature_whole"),
            models.CheckConstraint(
                condition=models.Q(built_at__isnull=True) | ~models.Q(snapshot_hash=""),
                name="edition_built_hashed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outline} {self.financial_year}, {self.get_layer_display().lower()} edition {self.number}"

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

    class Meta:
        ordering = ["edition_id", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "kind"], name="edition_file_once"),
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
