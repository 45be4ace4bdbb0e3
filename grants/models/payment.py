"""Money paid. A credit note is a negative payment flagged as such."""

from __future__ import annotations

from django.db import models

from grants.models.monitoring_return import MonitoringReturn
from grants.models.revision import Revision
from vru.lib.constraints import one_of


class PaymentQuerySet(models.QuerySet["Payment"]):
    def to_pay(self) -> PaymentQuerySet:
        """Planned or approved and not paid, soonest first."""
        waiting = [Payment.Status.PLANNED, Payment.Status.APPROVED]
        return self.filter(status__in=waiting).order_by("due_on", "commitment__ref", "number")

    def with_readiness(self) -> PaymentQuerySet:
        """``is_ready``: nothing has to come in first, or the return it waits for was approved (or waived).

        The approved version counts, not the return's status: reopening a return does not take a payment back.
        """
        approved = Revision.objects.live().filter(
            monitoring_return=models.OuterRef("waits_for"), approved_at__isnull=False
        )
        settled = (
            models.Q(waits_for=None)
            | models.Q(waits_for__status=MonitoringReturn.Status.WAIVED)
            | models.Exists(approved)
        )
        return self.annotate(is_ready=models.ExpressionWrapper(settled, output_field=models.BooleanField()))

    def ready(self) -> PaymentQuerySet:
        """To pay, and waiting for no return any more."""
        return self.to_pay().with_readiness().filter(models.Q(is_ready=True))

    def waiting_for_returns(self) -> PaymentQuerySet:
        """To pay once a return is approved."""
        return self.to_pay().with_readiness().filter(models.Q(is_ready=False))


class Payment(models.Model):
    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        APPROVED = "approved", "Approved"
        PAID = "paid", "Paid"
        CANCELLED = "cancelled", "Cancelled"

    commitment = models.ForeignKey("grants.Commitment", on_delete=models.PROTECT, related_name="payments")
    number = models.PositiveSmallIntegerField()
    amount_pence = models.BigIntegerField()
    is_credit_note = models.BooleanField(default=False)
    due_on = models.DateField()
    paid_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    waits_for = models.ForeignKey(
        "grants.MonitoringReturn",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="payments",
        help_text="A return that must be approved first.",
    )
    needs_agreement = models.BooleanField(
        default=False, help_text="The grantee must have accepted the agreement first."
    )
    credits = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="credit_notes",
        help_text="The payment that a credit note corrects.",
    )
    recovers = models.ForeignKey(
        "grants.RecoveryDebt",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="credit_notes",
        help_text="The debt that a credit note pays off.",
    )
    note = models.CharField(max_length=300, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ["commitment_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "number"], name="payment_number_once"),
            one_of("status", ["planned", "approved", "paid", "cancelled"], name="payment_status_known"),
            models.CheckConstraint(
                condition=models.Q(is_credit_note=False, amount_pence__gt=0)
                | models.Q(is_credit_note=True, amount_pence__lt=0),
                name="payment_sign",
                violation_error_message="A payment is positive; a credit note is negative.",
            ),
            models.CheckConstraint(
                condition=models.Q(is_credit_note=True) | models.Q(credits__isnull=True, recovers__isnull=True),
                name="payment_credit_flagged",
            ),
            models.CheckConstraint(
                condition=models.Q(status="paid", paid_on__isnull=False)
                | (~models.Q(status="paid") & models.Q(paid_on__isnull=True)),
                name="payment_paid_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"Payment {self.number} of {self.commitment_id}"
