"""Payments sent to the finance system together: made by one person, approved by another, exported, paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from vru.lib.constraints import one_of, paired
from vru.lib.layers import Layer
from vru.lib.state_machine import StateMachine

if TYPE_CHECKING:
    from vru.accounts.models import User


class ExportLayout(models.Model):
    """How the finance system wants its file. Data, so that another finance system needs no code."""

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    columns = models.JSONField(
        help_text="In order: heading; field (or text, a fixed value); format of a date or an amount."
    )
    delimiter = models.CharField(max_length=1, default=",")
    encoding = models.CharField(max_length=20, default="utf-8")
    has_headings = models.BooleanField(default=True)
    is_default = models.BooleanField(default=False)

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="export_layout_one_default"
            ),
            models.CheckConstraint(condition=~models.Q(title=""), name="export_layout_titled"),
        ]

    def __str__(self) -> str:
        return self.title


class PaymentRunQuerySet(models.QuerySet["PaymentRun"]):
    def visible_to(self, user: User) -> PaymentRunQuerySet:
        """Runs hold payments of many organisations, so only staff see them."""
        return self if user.is_staff_member else self.none()

    def in_layer(self, layer: str) -> PaymentRunQuerySet:
        return self.filter(layer=layer)


class PaymentRun(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", "Being made"
        PROPOSED = "proposed", "Waiting for approval"
        APPROVED = "approved", "Approved"
        EXPORTED = "exported", "Sent to the finance system"
        PAID = "paid", "Paid"
        CANCELLED = "cancelled", "Cancelled"

    ref = models.CharField(max_length=40, unique=True)
    layer = models.CharField(max_length=12, choices=Layer.choices)
    pay_on = models.DateField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    layout = models.ForeignKey(ExportLayout, on_delete=models.PROTECT, related_name="runs")
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    approved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    exported_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    exported_at = models.DateTimeField(null=True, blank=True)
    exported_as = models.JSONField(
        null=True,
        blank=True,
        help_text="The layout as it stood when the file was made.",
    )
    export_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the file: made again, it is the same.")
    paid_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    paid_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_because = models.TextField(blank=True)

    objects = PaymentRunQuerySet.as_manager()

    class Meta:
        ordering = ["-pay_on", "-pk"]
        constraints = [
            one_of(
                "status",
                ["draft", "proposed", "approved", "exported", "paid", "cancelled"],
                name="payment_run_status_known",
            ),
            one_of("layer", Layer.values, name="payment_run_layer_known"),
            paired("approved_by", "approved_at", name="payment_run_approval"),
            paired("exported_by", "exported_at", name="payment_run_export"),
            paired("paid_by", "paid_at", name="payment_run_paid"),
            paired("cancelled_by", "cancelled_at", name="payment_run_cancelled"),
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "proposed", "cancelled"]) | models.Q(approved_at__isnull=False),
                name="payment_run_approved_first",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("made_by")),
                name="payment_run_four_eyes",
                violation_error_message="Somebody else than the person who made the run must approve it.",
            ),
        ]

    def __str__(self) -> str:
        return self.ref


class PaymentRunLineQuerySet(models.QuerySet["PaymentRunLine"]):
    def live(self) -> PaymentRunLineQuerySet:
        """Not taken out, nor released with a cancelled run."""
        return self.filter(released_at__isnull=True)


class PaymentRunLine(models.Model):
    """A payment in a run, with the amount and the supplier as they stood when it was put in.

    A payment stands in one live run only: taking it out, or cancelling the run, releases it.
    """

    run = models.ForeignKey(PaymentRun, on_delete=models.PROTECT, related_name="lines")
    payment = models.ForeignKey("grants.Payment", on_delete=models.PROTECT, related_name="run_lines")
    amount_pence = models.BigIntegerField()
    supplier_reference = models.CharField(max_length=40)
    facts = models.JSONField(default=dict, blank=True, help_text="What the file says of it.")
    released_because = models.CharField(max_length=300, blank=True)
    finance_reference = models.CharField(max_length=100, blank=True, help_text="The finance system's own, once paid.")
    released_at = models.DateTimeField(null=True, blank=True)

    objects = PaymentRunLineQuerySet.as_manager()

    class Meta:
        ordering = ["run_id", "supplier_reference", "payment_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["payment"], condition=models.Q(released_at__isnull=True), name="payment_in_one_live_run"
            ),
            models.CheckConstraint(condition=~models.Q(amount_pence=0), name="payment_run_line_not_nought"),
            models.CheckConstraint(condition=~models.Q(supplier_reference=""), name="payment_run_line_supplier"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: payment {self.payment_id}"


_S = PaymentRun.Status
PAYMENT_RUN_STATES: StateMachine[PaymentRun.Status] = StateMachine(
    "payment run",
    {
        _S.DRAFT: frozenset({_S.PROPOSED, _S.CANCELLED}),
        _S.PROPOSED: frozenset({_S.APPROVED, _S.DRAFT, _S.CANCELLED}),
        _S.APPROVED: frozenset({_S.EXPORTED, _S.CANCELLED}),
        _S.EXPORTED: frozenset({_S.PAID, _S.CANCELLED}),
        _S.PAID: frozenset(),
        _S.CANCELLED: frozenset(),
    },
)
