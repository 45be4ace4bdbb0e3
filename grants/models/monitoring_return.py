"""The quarterly return of one grant."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import models

from grants.models.commitment import Commitment
from grants.models.measure import Section
from vru.lib.constraints import one_of
from vru.lib.state_machine import StateMachine

if TYPE_CHECKING:
    from vru.accounts.models import User


class MonitoringReturnQuerySet(models.QuerySet["MonitoringReturn"]):
    def visible_to(self, user: User) -> MonitoringReturnQuerySet:
        if user.is_staff_member:
            return self
        return self.filter(
            models.Exists(Commitment.objects.visible_to(user).filter(pk=models.OuterRef("commitment_id")))
        )

    def in_layer(self, layer: str) -> MonitoringReturnQuerySet:
        return self.filter(commitment__programme__layer=layer)

    def overdue_on(self, day: datetime.date) -> MonitoringReturnQuerySet:
        return self.filter(due_on__lt=day, status__in=WITH_GRANTEE)

    def reviewed_by(self, user: User) -> MonitoringReturnQuerySet:
        """A person's own: those given to them, and those of grants they manage that were given to nobody else."""
        return self.filter(models.Q(reviewer=user) | models.Q(reviewer=None, commitment__manager=user))

    def with_pending(self) -> MonitoringReturnQuerySet:
        """``pending``: the version waiting for a decision, joined; there is never more than one."""
        waiting = models.Q(revisions__superseded_at__isnull=True, revisions__approved_at__isnull=True)
        return self.alias(pending=models.FilteredRelation("revisions", condition=waiting))

    def to_review(self) -> MonitoringReturnQuerySet:
        """Sent and complete: one that still lacks its second signature is not the unit's to look at yet."""
        return self.filter(status=MonitoringReturn.Status.SUBMITTED).exclude(_unsigned())

    def awaiting_signature(self) -> MonitoringReturnQuerySet:
        """Sent by one person of the organisation, and waiting for the second."""
        return self.filter(_unsigned(), status=MonitoringReturn.Status.SUBMITTED)

    def closing_within(self, today: datetime.date, days: int) -> MonitoringReturnQuerySet:
        """Not sent, and the quarter's cut-off is today or within ``days``; an extension beyond it takes one out."""
        last = today + datetime.timedelta(days=days)
        closing = self.filter(status__in=NOT_SENT, quarter__closes_on__range=(today, last))
        return closing._without_extension(models.Q(extensions__until__gt=models.F("quarter__closes_on")))

    def not_received(self, today: datetime.date) -> MonitoringReturnQuerySet:
        """Not sent by the quarter's cut-off, and no extension is open: closed until one is granted."""
        closed = self.filter(status__in=NOT_SENT, quarter__closes_on__lt=today)
        return closed._without_extension(models.Q(extensions__until__gte=today))

    def _without_extension(self, until: models.Q) -> MonitoringReturnQuerySet:
        granted = models.FilteredRelation("extensions", condition=models.Q(extensions__status="granted") & until)
        return self.annotate(more_time=granted).filter(more_time__isnull=True)


def _unsigned() -> models.Q:
    """The grant asks for a second signature, no waiver is recorded, and the version waiting has none.

    What the unit typed on the grantee's behalf is decided by two of the unit, so nobody signs it.
    """
    unsigned = (
        MonitoringReturn.objects.with_pending()
        .filter(models.Q(pk=models.OuterRef("pk"), pending__isnull=False, pending__signed_at__isnull=True))
        .exclude(models.Q(pending__channel="unit"))
    )
    return models.Q(commitment__needs_signatory=True, commitment__sole_officer_waiver="") & models.Q(
        models.Exists(unsigned)
    )


class MonitoringReturn(models.Model):
    class Status(models.TextChoices):
        SCHEDULED = "scheduled", "Scheduled"
        OPEN = "open", "Open"
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Submitted"
        QUERIED = "queried", "Queried"
        APPROVED = "approved", "Approved"
        LOCKED = "locked", "Locked"
        REOPENED = "reopened", "Reopened"
        WAIVED = "waived", "Waived"

    commitment = models.ForeignKey("grants.Commitment", on_delete=models.PROTECT, related_name="returns")
    quarter = models.ForeignKey("grants.ReportingQuarter", on_delete=models.PROTECT, related_name="returns")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.SCHEDULED)
    opens_on = models.DateField()
    due_on = models.DateField(help_text="The day it is due, with any extension granted.")
    reviewer = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="returns_to_review",
        help_text="Reviews this return instead of the grant's programme manager.",
    )
    questionnaire = models.ForeignKey(
        "grants.Questionnaire",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="returns",
        help_text="The questions it was opened with; empty until it opens.",
    )
    waived_because = models.CharField(max_length=300, blank=True)
    reopened_because = models.CharField(max_length=300, blank=True)

    objects = MonitoringReturnQuerySet.as_manager()

    class Meta:
        ordering = ["quarter__year", "quarter__number", "commitment__ref"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "quarter"], name="return_once_a_quarter"),
            one_of(
                "status",
                [
                    "scheduled",
                    "open",
                    "draft",
                    "submitted",
                    "queried",
                    "approved",
                    "locked",
                    "reopened",
                    "waived",
                ],
                name="return_status_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="waived") | ~models.Q(waived_because=""),
                name="return_waiver_reason",
                violation_error_message="Say why the return is waived.",
            ),
        ]
        # The review queue and "what is due".
        indexes = [models.Index(fields=["status", "due_on"], name="return_status_due")]

    def __str__(self) -> str:
        return f"{self.commitment.ref} {self.quarter}"

    @property
    def sections(self) -> list[Section]:
        """The sections this grant answers, in order."""
        waived = set(self.commitment.waived_sections)
        return [section for section in Section if section.value not in waived]

    def is_overdue(self, today: datetime.date) -> bool:
        return self.due_on < today and self.status in WITH_GRANTEE

    @property
    def is_editable(self) -> bool:
        return self.status in EDITABLE


_R = MonitoringReturn.Status
WITH_GRANTEE = [_R.OPEN, _R.DRAFT, _R.QUERIED, _R.REOPENED]
EDITABLE = [_R.OPEN, _R.DRAFT, _R.QUERIED, _R.REOPENED]
NOT_SENT = [_R.OPEN, _R.DRAFT]
RECEIVED = [_R.SUBMITTED, _R.QUERIED, _R.APPROVED, _R.LOCKED, _R.REOPENED]
RETURN_STATES: StateMachine[MonitoringReturn.Status] = StateMachine(
    "return",
    {
        _R.SCHEDULED: frozenset({_R.OPEN, _R.WAIVED}),
        _R.OPEN: frozenset({_R.DRAFT, _R.SUBMITTED, _R.WAIVED}),
        _R.DRAFT: frozenset({_R.SUBMITTED, _R.WAIVED}),
        # Back to where it was when a version is withdrawn before its second signature.
        _R.SUBMITTED: frozenset({_R.QUERIED, _R.APPROVED, _R.DRAFT, _R.REOPENED}),
        _R.QUERIED: frozenset({_R.SUBMITTED}),
        _R.APPROVED: frozenset({_R.LOCKED, _R.REOPENED}),
        _R.LOCKED: frozenset({_R.REOPENED}),
        _R.REOPENED: frozenset({_R.SUBMITTED, _R.APPROVED}),
        _R.WAIVED: frozenset({_R.OPEN}),
    },
)
