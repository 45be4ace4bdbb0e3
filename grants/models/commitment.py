"""Money promised to somebody: a grant, a contract or a unit cost. All the unit's money is here, not only grants."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import models

from vru.accounts.models import Membership
from vru.lib.constraints import non_negative, one_of, ordered
from vru.lib.money import Money
from vru.lib.state_machine import StateMachine

if TYPE_CHECKING:
    from vru.accounts.models import User


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def visible_to(self, user: User) -> CommitmentQuerySet:
        """Staff see every commitment; a grantee those of an organisation they act for now, once offered.

        What the unit still drafts is its own business everywhere: pages, search and API. Exists, never joins.
        """
        if user.is_staff_member:
            return self
        mine = Membership.objects.current().filter(user=user, organisation=models.OuterRef("organisation"))
        return self.filter(models.Exists(mine)).exclude(status=Commitment.Status.DRAFT)

    def in_layer(self, layer: str) -> CommitmentQuerySet:
        return self.filter(programme__layer=layer)

    def grants(self) -> CommitmentQuerySet:
        return self.filter(kind=Commitment.Kind.GRANT)

    def awarded(self) -> CommitmentQuerySet:
        """Past the offer: counted as money committed. Drafts and unanswered offers are not."""
        return self.filter(status__in=AWARDED_STATUSES)

    def overlapping(self, start: datetime.date, end: datetime.date) -> CommitmentQuerySet:
        return self.filter(starts_on__lte=end, ends_on__gte=start)


class Commitment(models.Model):
    class Kind(models.TextChoices):
        GRANT = "grant", "Grant"
        CONTRACT = "contract", "Contract"
        UNIT_COST = "unit_cost", "Unit cost"

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        OFFERED = "offered", "Offered"
        ACCEPTED = "accepted", "Accepted"
        ACTIVE = "active", "Active"
        SUSPENDED = "suspended", "Suspended"
        COMPLETED = "completed", "Completed"
        RECONCILED = "reconciled", "Reconciled"
        TERMINATED = "terminated", "Terminated"

    class Schedule(models.TextChoices):
        QUARTERLY = "quarterly", "Every quarter"
        HALF_YEARLY = "half_yearly", "Every half year"
        YEARLY = "yearly", "Once a year"
        MILESTONES = "milestones", "At each milestone that asks for a return"
        IRREGULAR = "irregular", "On the days chosen by the programme manager"
        NONE = "none", "No returns"

    ref = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.GRANT)
    programme = models.ForeignKey("programmes.Programme", on_delete=models.PROTECT, related_name="commitments")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="commitments")
    title = models.CharField(max_length=140)
    description = models.TextField(blank=True)
    category = models.ForeignKey("programmes.BudgetCategory", on_delete=models.PROTECT, related_name="commitments")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT)
    award_pence = models.BigIntegerField()
    awarded_on = models.DateField(null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    decision = models.ForeignKey(
        "programmes.Decision", on_delete=models.PROTECT, null=True, blank=True, related_name="commitments"
    )
    manager = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="managed_commitments"
    )
    needs_signatory = models.BooleanField(default=False)
    sole_officer_waiver = models.CharField(
        max_length=300, blank=True, help_text="Why one person may both submit and sign."
    )
    waived_sections = models.JSONField(
        default=list, blank=True, help_text="Letters of return sections this grant does not answer."
    )
    schedule = models.CharField(max_length=12, choices=Schedule.choices, default=Schedule.QUARTERLY)
    due_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Days after the period's end when a return is due; empty: the unit's rule."
    )
    dimensions = models.ManyToManyField(
        "programmes.Dimension",
        blank=True,
        related_name="commitments",
        help_text="Breakdowns this grant is asked for; empty: the standard ones.",
    )
    headings = models.ManyToManyField(
        "programmes.CostHeading",
        blank=True,
        related_name="commitments",
        help_text="Cost headings this grant reports under; empty: every heading.",
    )
    youngest_age = models.PositiveSmallIntegerField(null=True, blank=True)
    oldest_age = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["ref"]
        constraints = [
            one_of("kind", ["grant", "contract", "unit_cost"], name="commitment_kind_known"),
            one_of(
                "status",
                [
                    "draft",
                    "offered",
                    "accepted",
                    "active",
                    "suspended",
                    "completed",
                    "reconciled",
                    "terminated",
                ],
                name="commitment_status_known",
            ),
            one_of(
                "schedule",
                ["quarterly", "half_yearly", "yearly", "milestones", "irregular", "none"],
                name="commitment_schedule_known",
            ),
            non_negative("award_pence", name="commitment_award_not_negative"),
            ordered("starts_on", "ends_on", name="commitment_dates"),
            ordered("youngest_age", "oldest_age", name="commitment_ages"),
        ]
        # Lists and figure families reach commitments by programme and status.
        indexes = [models.Index(fields=["programme", "status"], name="commitment_programme_status")]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"

    @property
    def asks_for_signature(self) -> bool:
        """A second person must sign each return, unless a waiver for a sole officer is recorded."""
        return self.needs_signatory and not self.sole_officer_waiver

    @property
    def award(self) -> Money:
        return Money(self.award_pence)


_C = Commitment.Status
AWARDED_STATUSES = [_C.ACCEPTED, _C.ACTIVE, _C.SUSPENDED, _C.COMPLETED, _C.RECONCILED, _C.TERMINATED]
COMMITMENT_STATES: StateMachine[Commitment.Status] = StateMachine(
    "grant",
    {
        _C.DRAFT: frozenset({_C.OFFERED, _C.TERMINATED}),
        _C.OFFERED: frozenset({_C.ACCEPTED, _C.DRAFT, _C.TERMINATED}),
        _C.ACCEPTED: frozenset({_C.ACTIVE, _C.TERMINATED}),
        _C.ACTIVE: frozenset({_C.SUSPENDED, _C.COMPLETED, _C.TERMINATED}),
        _C.SUSPENDED: frozenset({_C.ACTIVE, _C.TERMINATED}),
        _C.COMPLETED: frozenset({_C.RECONCILED, _C.ACTIVE}),
        _C.RECONCILED: frozenset(),
        _C.TERMINATED: frozenset({_C.RECONCILED}),
    },
)
