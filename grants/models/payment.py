"""Money paid. A credit note is a negative payment flagged as such."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models.expressions import Combinable

from grants.models.agreement import AwardAgreement
from grants.models.commitment import Commitment
from grants.models.monitoring_return import MonitoringReturn
from grants.models.payment_run import PaymentRunLine
from grants.models.revision import Revision
from vru.accounts.models import DueDiligenceCheck
from vru.lib.constraints import one_of

if TYPE_CHECKING:
    from vru.accounts.models import User

# A draft or an offer is not agreed yet; a suspended or ended grant is not paid.
PAYABLE = [Commitment.Status.ACCEPTED, Commitment.Status.ACTIVE, Commitment.Status.COMPLETED]


class PaymentQuerySet(models.QuerySet["Payment"]):
    def to_pay(self) -> PaymentQuerySet:
        """Planned and not paid, soonest first. It is the run that is approved, not each payment."""
        return self.filter(status=Payment.Status.PLANNED).order_by("due_on", "commitment__ref", "number")

    def visible_to(self, user: User) -> PaymentQuerySet:
        if user.is_staff_member:
            return self
        mine = Commitment.objects.visible_to(user).filter(pk=models.OuterRef("commitment_id"))
        return self.filter(models.Exists(mine))

    def in_layer(self, layer: str) -> PaymentQuerySet:
        return self.filter(commitment__programme__layer=layer)

    def with_readiness(self) -> PaymentQuerySet:
        """What a payment waits for, each as a flag.

        ``is_return_settled``: it waits for no return, or that return was approved (or waived). The approved version
        counts, not the return's status: reopening a return does not take a payment back. ``is_agreed``: no agreement
        is needed, or one is in force. ``is_ready``: both, so nothing has to come in from the grantee. A credit note
        waits for nothing.
        """
        approved = Revision.objects.live().filter(
            monitoring_return=models.OuterRef("waits_for"), approved_at__isnull=False
        )
        in_force = AwardAgreement.objects.in_force().filter(commitment=models.OuterRef("commitment"))
        back = models.Q(is_credit_note=True)
        settled = (
            models.Q(waits_for=None, waits_for_quarter=None)
            # Asking for a return first keeps an unknown status from making the whole condition unknown.
            | models.Q(waits_for__isnull=False, waits_for__status=MonitoringReturn.Status.WAIVED)
            | models.Exists(approved)
        )
        agreed = models.Q(needs_agreement=False) | models.Exists(in_force)
        return self.annotate(
            is_return_settled=_flag(back | settled),
            is_agreed=_flag(back | agreed),
            is_ready=_flag(back | (settled & agreed)),
        )

    def with_clearance(self) -> PaymentQuerySet:
        """Readiness, and what else must hold before money leaves.

        ``is_payable_status``: the grant's status allows it. ``has_supplier``: the finance system knows the
        organisation. ``is_diligent``: its latest due diligence has not failed. ``is_running``: it stands in a run.
        ``is_clear``: all of them, and in no run.
        """
        failed = DueDiligenceCheck.objects.last_of_each().filter(
            organisation=models.OuterRef("commitment__organisation"), outcome=DueDiligenceCheck.Outcome.FAILED
        )
        back = models.Q(is_credit_note=True)
        payable = back | models.Q(commitment__status__in=PAYABLE)
        supplier = ~models.Q(commitment__organisation__supplier_reference="")
        diligent = back | ~models.Exists(failed)
        line = PaymentRunLine.objects.live().filter(payment=models.OuterRef("pk"))
        ready = self.with_readiness().annotate(
            is_payable_status=_flag(payable),
            has_supplier=_flag(supplier),
            is_diligent=_flag(diligent),
            is_running=models.Exists(line),
        )
        return ready.annotate(
            is_clear=_flag(
                models.Q(is_ready=True, is_running=False, is_payable_status=True, has_supplier=True, is_diligent=True)
            )
        )

    def ready(self) -> PaymentQuerySet:
        """To pay, and nothing has to come in from the grantee any more."""
        return self.to_pay().with_readiness().filter(models.Q(is_ready=True))

    def clear(self) -> PaymentQuerySet:
        """To pay, in no run, and nothing stands in the way."""
        return self.to_pay().with_clearance().filter(models.Q(is_clear=True))

    def waiting_for_returns(self) -> PaymentQuerySet:
        """To pay once a return is approved."""
        return self.to_pay().with_readiness().filter(models.Q(is_return_settled=False))


def _flag(condition: models.Q | Combinable) -> models.ExpressionWrapper:
    return models.ExpressionWrapper(condition, output_field=models.BooleanField())


class Payment(models.Model):
    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
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
    waits_for_quarter = models.ForeignKey(
        "grants.ReportingQuarter",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The quarter whose return must be approved first, until that return is planned and linked.",
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
            one_of("status", ["planned", "paid", "cancelled"], name="payment_status_known"),
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
                condition=models.Q(waits_for__isnull=True) | models.Q(waits_for_quarter__isnull=True),
                name="payment_waits_for_one",
            ),
            models.CheckConstraint(
                condition=models.Q(status="paid", paid_on__isnull=False)
                | (~models.Q(status="paid") & models.Q(paid_on__isnull=True)),
                name="payment_paid_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"Payment {self.number} of {self.commitment_id}"
