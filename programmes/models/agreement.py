"""The life of a funder's agreement with the unit: changes asked for, claims sent, money received."""

from __future__ import annotations

from django.db import models

from vru.lib.constraints import non_negative, one_of, ordered, paired


class AgreementChangeQuerySet(models.QuerySet["AgreementChange"]):
    def approved_money(self) -> AgreementChangeQuerySet:
        """Changes of money that the funder approved, the latest decision first."""
        approved = self.filter(status=AgreementChange.Status.APPROVED, amount_pence__isnull=False)
        return approved.order_by("-decided_on", "-number")


class AgreementChange(models.Model):
    """A change that the unit asked the funder to approve: of money, delivery plan or conditions."""

    class Status(models.TextChoices):
        ASKED = "asked", "Asked for"
        APPROVED = "approved", "Approved by the funder"
        REFUSED = "refused", "Refused by the funder"
        WITHDRAWN = "withdrawn", "Withdrawn"

    agreement = models.ForeignKey("programmes.FunderAgreement", on_delete=models.PROTECT, related_name="changes")
    number = models.PositiveSmallIntegerField()
    what = models.TextField(help_text="What is to change, and why.")
    amount_pence = models.BigIntegerField(
        null=True, blank=True, help_text="The offer after the change, where the change is of money."
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ASKED)
    asked_on = models.DateField()
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField(null=True, blank=True)
    decision_note = models.TextField(blank=True, help_text="Who decided at the funder, and where it is written.")

    objects = AgreementChangeQuerySet.as_manager()

    class Meta:
        ordering = ["agreement_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="agreement_change_number_once"),
            one_of("status", ["asked", "approved", "refused", "withdrawn"], name="agreement_change_status"),
            non_negative("amount_pence", name="agreement_change_amount"),
            ordered("asked_on", "decided_on", name="agreement_change_dates"),
            models.CheckConstraint(
                condition=models.Q(status="asked", decided_on__isnull=True)
                | (~models.Q(status="asked") & models.Q(decided_on__isnull=False)),
                name="agreement_change_decided_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"Change {self.number} of {self.agreement_id}"


class Claim(models.Model):
    """What the unit asked the funder to pay for a span of time."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        SENT = "sent", "Sent"
        AGREED = "agreed", "Agreed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    agreement = models.ForeignKey("programmes.FunderAgreement", on_delete=models.PROTECT, related_name="claims")
    number = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    amount_pence = models.BigIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    sent_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["agreement_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="claim_number_once"),
            one_of("status", ["draft", "sent", "agreed", "withdrawn"], name="claim_status_known"),
            non_negative("amount_pence", name="claim_not_negative"),
            ordered("starts_on", "ends_on", name="claim_dates"),
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "withdrawn"]) | models.Q(sent_on__isnull=False),
                name="claim_sent_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"Claim {self.number} of {self.agreement_id}"


class Receipt(models.Model):
    """Money that arrived from the funder; negative where the unit paid some back."""

    agreement = models.ForeignKey("programmes.FunderAgreement", on_delete=models.PROTECT, related_name="receipts")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="receipts")
    amount_pence = models.BigIntegerField()
    received_on = models.DateField()
    reference = models.CharField(max_length=100, help_text="As the ledger writes it.")
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["agreement_id", "received_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "reference"], name="receipt_reference_once"),
            models.CheckConstraint(condition=~models.Q(amount_pence=0), name="receipt_not_nought"),
        ]

    def __str__(self) -> str:
        return f"Receipt {self.reference}"


class YearEndStatement(models.Model):
    """The unit's certified account of an agreement's money at the end of its year."""

    agreement = models.OneToOneField(
        "programmes.FunderAgreement", on_delete=models.PROTECT, related_name="year_end_statement"
    )
    spent_pence = models.BigIntegerField()
    returned_pence = models.BigIntegerField(default=0, help_text="Unspent money given back to the funder.")
    note = models.TextField(blank=True)
    prepared_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    certified_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    certified_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["agreement_id"]
        constraints = [
            non_negative("spent_pence", "returned_pence", name="year_end_not_negative"),
            paired("certified_by", "certified_at", name="year_end_certified_whole"),
            models.CheckConstraint(
                condition=models.Q(certified_by__isnull=True) | ~models.Q(certified_by=models.F("prepared_by")),
                name="year_end_four_eyes",
                violation_error_message="Somebody else than the person who prepared the statement must certify it.",
            ),
        ]

    def __str__(self) -> str:
        return f"Year-end statement of {self.agreement_id}"
