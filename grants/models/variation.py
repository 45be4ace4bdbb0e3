"""A change to an award: asked for, proposed, approved by another person, and kept with what stood before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from grants.models.commitment import Commitment
from vru.lib.constraints import non_negative, one_of, paired
from vru.lib.state_machine import StateMachine

if TYPE_CHECKING:
    from vru.accounts.models import User


class VariationQuerySet(models.QuerySet["Variation"]):
    def visible_to(self, user: User) -> VariationQuerySet:
        """Staff see all of them; a grantee what it asked for and what was approved, not what the unit is weighing."""
        if user.is_staff_member:
            return self
        mine = Commitment.objects.visible_to(user).filter(pk=models.OuterRef("commitment_id"))
        theirs = models.Q(asked_at__isnull=False) | models.Q(status=Variation.Status.APPROVED)
        return self.filter(theirs, models.Exists(mine))

    def in_layer(self, layer: str) -> VariationQuerySet:
        return self.filter(commitment__programme__layer=layer)

    def to_decide(self) -> VariationQuerySet:
        return self.filter(status__in=[Variation.Status.ASKED, Variation.Status.PROPOSED])


class Variation(models.Model):
    """One numbered change of a commitment. Nothing is edited in place: approval replaces the plan as one whole.

    ``before`` and ``after`` are the plan as it stood and as it is to be: award, dates, splits, area shares, profile and
    targets, by their keys. They are the record; the live rows of splits and profile are what totals are added from.
    """

    class Kind(models.TextChoices):
        AWARD = "award", "Change of the award"
        REPROFILE = "reprofile", "Reprofile: the same award at other times"
        TERM = "term", "Change of the dates"
        TARGETS = "targets", "Change of the targets"

    class Status(models.TextChoices):
        ASKED = "asked", "Asked for by the grantee"
        PROPOSED = "proposed", "Proposed"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    commitment = models.ForeignKey("grants.Commitment", on_delete=models.PROTECT, related_name="variations")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.AWARD)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PROPOSED)
    reason = models.TextField()
    asked = models.TextField(blank=True, help_text="What the grantee asked for, in its own words.")
    virement = models.ForeignKey(
        "grants.Virement",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="variations",
        help_text="The move of money that this change is one side of: both sides are decided together.",
    )
    before_pence = models.BigIntegerField()
    after_pence = models.BigIntegerField()
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    effective_on = models.DateField()
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(null=True, blank=True)
    proposed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_because = models.TextField(blank=True, help_text="Why it was refused or withdrawn.")

    objects = VariationQuerySet.as_manager()

    class Meta:
        ordering = ["commitment_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "number"], name="variation_number_once"),
            non_negative("before_pence", "after_pence", name="variation_not_negative"),
            paired("asked_by", "asked_at", name="variation_asking_whole"),
            paired("proposed_by", "proposed_at", name="variation_proposal_whole"),
            paired("approved_by", "approved_at", name="variation_approval_whole"),
            paired("closed_by", "closed_at", name="variation_closing_whole"),
            one_of("kind", ["award", "reprofile", "term", "targets"], name="variation_kind_known"),
            one_of("status", ["asked", "proposed", "approved", "refused", "withdrawn"], name="variation_status_known"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="variation_reason_given"),
            models.CheckConstraint(
                condition=models.Q(status="approved", approved_at__isnull=False)
                | (~models.Q(status="approved") & models.Q(approved_at__isnull=True)),
                name="variation_approved_dated",
            ),
            models.CheckConstraint(
                condition=models.Q(asked_at__isnull=True) | ~models.Q(asked=""), name="variation_asked_in_words"
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True)
                | models.Q(proposed_by__isnull=True)
                | ~models.Q(approved_by=models.F("proposed_by")),
                name="variation_four_eyes",
                violation_error_message="Somebody else than the person who proposed it must approve.",
            ),
        ]

    def __str__(self) -> str:
        return f"Variation {self.number} of {self.commitment_id}"


_S = Variation.Status
VARIATION_STATES: StateMachine[Variation.Status] = StateMachine(
    "variation",
    {
        _S.ASKED: frozenset({_S.PROPOSED, _S.REFUSED, _S.WITHDRAWN}),
        _S.PROPOSED: frozenset({_S.APPROVED, _S.REFUSED, _S.WITHDRAWN}),
        _S.APPROVED: frozenset(),
        _S.REFUSED: frozenset(),
        _S.WITHDRAWN: frozenset(),
    },
)
