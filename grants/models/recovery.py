"""Money to come back from a grantee: paid above what the award is now, or left unspent at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from grants.models.commitment import Commitment
from vru.lib.constraints import one_of, paired

if TYPE_CHECKING:
    from vru.accounts.models import User


class RecoveryDebtQuerySet(models.QuerySet["RecoveryDebt"]):
    def visible_to(self, user: User) -> RecoveryDebtQuerySet:
        if user.is_staff_member:
            return self
        mine = Commitment.objects.visible_to(user).filter(pk=models.OuterRef("commitment_id"))
        return self.filter(models.Exists(mine))

    def open(self) -> RecoveryDebtQuerySet:
        return self.filter(status=RecoveryDebt.Status.OPEN)

    def with_left(self) -> RecoveryDebtQuerySet:
        """``recovered_pence`` by settled credit notes, and ``left_pence``; never negative."""
        recovered = -models.Sum("credit_notes__amount_pence", filter=models.Q(credit_notes__status="paid"), default=0)
        return self.annotate(recovered_pence=recovered).annotate(  # type: ignore[no-redef]
            left_pence=models.Case(
                models.When(recovered_pence__gte=models.F("amount_pence"), then=0),
                default=models.F("amount_pence") - models.F("recovered_pence"),
                output_field=models.BigIntegerField(),
            )
        )


class RecoveryDebt(models.Model):
    """Credit notes that name the debt pay it off. Net paid may be above the award only by what is open here."""

    class Cause(models.TextChoices):
        VARIATION = "variation", "The award was reduced below what was paid"
        UNSPENT = "unspent", "Money left unspent at closing"
        OVERPAID = "overpaid", "Paid by mistake"
        BREACH = "breach", "The conditions were not met"

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        RECOVERED = "recovered", "Recovered"
        WRITTEN_OFF = "written_off", "Written off"

    commitment = models.ForeignKey("grants.Commitment", on_delete=models.PROTECT, related_name="recovery_debts")
    number = models.PositiveSmallIntegerField()
    cause = models.CharField(max_length=10, choices=Cause.choices)
    variation = models.ForeignKey(
        "grants.Variation", on_delete=models.PROTECT, null=True, blank=True, related_name="recovery_debts"
    )
    amount_pence = models.BigIntegerField()
    note = models.TextField(blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPEN)
    opened_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_because = models.TextField(blank=True)

    # Given by ``with_left``.
    recovered_pence: int
    left_pence: int

    objects = RecoveryDebtQuerySet.as_manager()

    class Meta:
        ordering = ["commitment_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "number"], name="recovery_debt_number_once"),
            one_of("cause", ["variation", "unspent", "overpaid", "breach"], name="recovery_debt_cause_known"),
            one_of("status", ["open", "recovered", "written_off"], name="recovery_debt_status_known"),
            paired("closed_by", "closed_at", name="recovery_debt_closing_whole"),
            models.CheckConstraint(condition=models.Q(amount_pence__gt=0), name="recovery_debt_positive"),
            models.CheckConstraint(
                condition=models.Q(status="open", closed_at__isnull=True)
                | (~models.Q(status="open") & models.Q(closed_at__isnull=False)),
                name="recovery_debt_closed_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"Recovery {self.number} of {self.commitment_id}"
