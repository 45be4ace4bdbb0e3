"""Money moved inside one source and year, from where it will not be spent to where it can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from vru.lib.constraints import one_of, paired
from vru.lib.layers import Layer
from vru.lib.state_machine import StateMachine

if TYPE_CHECKING:
    from vru.accounts.models import User


class VirementQuerySet(models.QuerySet["Virement"]):
    def visible_to(self, user: User) -> VirementQuerySet:
        """Staff only: a grantee sees what changes in its own grant, as a variation."""
        return self if user.is_staff_member else self.none()

    def in_layer(self, layer: str) -> VirementQuerySet:
        return self.filter(layer=layer)

    def to_decide(self) -> VirementQuerySet:
        return self.filter(status=Virement.Status.PROPOSED)


class Virement(models.Model):
    """From a commitment or an uncommitted budget line to a commitment or a budget line. Approval applies it whole."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        APPROVED = "approved", "Approved and recorded"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    ref = models.CharField(max_length=40, unique=True)
    layer = models.CharField(max_length=12, choices=Layer.choices)
    year = models.PositiveSmallIntegerField()
    source = models.ForeignKey("programmes.FundingSource", on_delete=models.PROTECT, related_name="virements")
    amount_pence = models.BigIntegerField()
    from_commitment = models.ForeignKey(
        "grants.Commitment", on_delete=models.PROTECT, null=True, blank=True, related_name="virements_out"
    )
    from_line = models.ForeignKey(
        "programmes.BudgetLine", on_delete=models.PROTECT, null=True, blank=True, related_name="virements_out"
    )
    to_commitment = models.ForeignKey(
        "grants.Commitment", on_delete=models.PROTECT, null=True, blank=True, related_name="virements_in"
    )
    to_line = models.ForeignKey(
        "programmes.BudgetLine", on_delete=models.PROTECT, null=True, blank=True, related_name="virements_in"
    )
    reason = models.TextField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PROPOSED)
    proposed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_because = models.TextField(blank=True)

    objects = VirementQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            one_of("status", ["proposed", "approved", "refused", "withdrawn"], name="virement_status_known"),
            one_of("layer", Layer.values, name="virement_layer_known"),
            paired("approved_by", "approved_at", name="virement_approval_whole"),
            paired("closed_by", "closed_at", name="virement_closing_whole"),
            models.CheckConstraint(condition=models.Q(amount_pence__gt=0), name="virement_positive"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="virement_reason_given"),
            models.CheckConstraint(
                condition=models.Q(from_commitment__isnull=False) | models.Q(from_line__isnull=False),
                name="virement_from_somewhere",
            ),
            models.CheckConstraint(
                condition=models.Q(to_commitment__isnull=False) | models.Q(to_line__isnull=False),
                name="virement_to_somewhere",
            ),
            models.CheckConstraint(
                condition=models.Q(status="approved", approved_at__isnull=False)
                | (~models.Q(status="approved") & models.Q(approved_at__isnull=True)),
                name="virement_approved_dated",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("proposed_by")),
                name="virement_four_eyes",
                violation_error_message="Somebody else than the person who proposed it must approve.",
            ),
        ]
        # What was moved within a source and year.
        indexes = [models.Index(fields=["year", "source", "status"], name="virement_year_source")]

    def __str__(self) -> str:
        return self.ref


_S = Virement.Status
VIREMENT_STATES: StateMachine[Virement.Status] = StateMachine(
    "virement",
    {
        _S.PROPOSED: frozenset({_S.APPROVED, _S.REFUSED, _S.WITHDRAWN}),
        _S.APPROVED: frozenset(),
        _S.REFUSED: frozenset(),
        _S.WITHDRAWN: frozenset(),
    },
)
