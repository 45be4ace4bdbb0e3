"""Where the unit's money comes from: agreements with funders, sources, allocations by year, and rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.functions import Coalesce

from programmes.models.agreement import AgreementChange, Claim, Receipt
from vru.lib.constraints import non_negative, one_of, ordered
from vru.lib.layers import Layer

if TYPE_CHECKING:
    from vru.accounts.models import User


class FundingSource(models.Model):
    class Kind(models.TextChoices):
        CENTRAL_GOVERNMENT = "central_government", "Central government"
        MAYORAL = "mayoral", "Mayoral or combined authority"
        LOCAL = "local", "Local"
        RESERVES = "reserves", "Reserves"
        OTHER = "other", "Other"

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    funder = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "slug"]
        constraints = [
            one_of(
                "kind",
                ["central_government", "mayoral", "local", "reserves", "other"],
                name="funding_source_kind_known",
            )
        ]

    def __str__(self) -> str:
        return self.title


class FunderAgreementQuerySet(models.QuerySet["FunderAgreement"]):
    def visible_to(self, user: User) -> FunderAgreementQuerySet:
        return self if user.is_staff_member else self.none()

    def with_money(self) -> FunderAgreementQuerySet:
        """Each with ``offer_now_pence`` (after approved changes), ``claimed_pence`` (not withdrawn) and
        ``received_pence``, without one agreement's rows counting for another's.
        """
        pence = models.BigIntegerField()
        nought = models.Value(0, output_field=pence)

        def summed(rows: models.QuerySet[Any]) -> Coalesce:
            grouped = rows.filter(agreement=models.OuterRef("pk")).order_by().values("agreement")
            total = grouped.annotate(total=models.Sum("amount_pence")).values("total")
            return Coalesce(models.Subquery(total, output_field=pence), nought)

        changed = AgreementChange.objects.approved_money().filter(agreement=models.OuterRef("pk"))
        return self.annotate(
            offer_now_pence=Coalesce(
                models.Subquery(changed.values("amount_pence")[:1], output_field=pence), models.F("offer_pence")
            ),
            claimed_pence=summed(Claim.objects.exclude(status=Claim.Status.WITHDRAWN)),
            received_pence=summed(Receipt.objects.all()),
        )


class FunderAgreement(models.Model):
    """The unit as a grantee: what a funder offered it for one year, and on what conditions."""

    class Status(models.TextChoices):
        OFFERED = "offered", "Offered"
        ACCEPTED = "accepted", "Accepted"
        CERTIFIED = "certified", "Year end certified"

    ref = models.CharField(max_length=40, unique=True)
    source = models.ForeignKey(FundingSource, on_delete=models.PROTECT, related_name="agreements")
    year = models.PositiveSmallIntegerField(help_text="The year in which the financial year begins.")
    layer = models.CharField(max_length=12, choices=Layer.choices)
    offer_pence = models.BigIntegerField()
    offered_on = models.DateField(null=True, blank=True)
    conditions = models.TextField(blank=True)
    delivery_plan = models.TextField(blank=True)
    accepted_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OFFERED)

    objects = FunderAgreementQuerySet.as_manager()
    # Only after ``with_money``.
    offer_now_pence: int
    claimed_pence: int
    received_pence: int

    class Meta:
        ordering = ["year", "ref"]
        constraints = [
            non_negative("offer_pence", name="agreement_offer_not_negative"),
            one_of("layer", Layer.values, name="agreement_layer_known"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.source}"

    @property
    def is_frozen(self) -> bool:
        """Its year end is certified: nothing of it changes any more."""
        return self.status == self.Status.CERTIFIED

    def offer_now(self) -> int:
        """Pence offered after the changes of money that the funder approved; the latest decision stands."""
        changed = AgreementChange.objects.approved_money().filter(agreement=self)
        latest = changed.values_list("amount_pence", flat=True).first()
        return self.offer_pence if latest is None else latest


class AllocationQuerySet(models.QuerySet["Allocation"]):
    def current(self) -> AllocationQuerySet:
        """The allocation in force: the latest restatement of each source and year in a layer."""
        later = Allocation.objects.filter(
            source=models.OuterRef("source"),
            year=models.OuterRef("year"),
            layer=models.OuterRef("layer"),
            sequence__gt=models.OuterRef("sequence"),
        )
        return self.filter(~models.Exists(later))


class Allocation(models.Model):
    source = models.ForeignKey(FundingSource, on_delete=models.PROTECT, related_name="allocations")
    year = models.PositiveSmallIntegerField()
    layer = models.CharField(max_length=12, choices=Layer.choices)
    sequence = models.PositiveSmallIntegerField(default=1, help_text="1 is the original; a restatement counts up.")
    amount_pence = models.BigIntegerField()
    restated_because = models.CharField(max_length=300, blank=True)
    stated_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    stated_on = models.DateField(null=True, blank=True)
    source_document = models.ForeignKey(
        "programmes.SourceDocument", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    place = models.CharField(max_length=200, blank=True)

    objects = AllocationQuerySet.as_manager()

    class Meta:
        ordering = ["year", "source__order", "source_id", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["source", "year", "layer", "sequence"], name="allocation_sequence_once"),
            non_negative("amount_pence", name="allocation_not_negative"),
            one_of("layer", Layer.values, name="allocation_layer_known"),
            models.CheckConstraint(
                condition=models.Q(sequence=1) | ~models.Q(restated_because=""),
                name="allocation_restatement_reason",
                violation_error_message="Say why the allocation was restated.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.year}: {self.amount_pence}p"


class FunderRuleQuerySet(models.QuerySet["FunderRule"]):
    def in_force_in(self, year: int) -> FunderRuleQuerySet:
        """Rules that bind the money of the financial year beginning in ``year``."""
        return self.filter(models.Q(last_year__isnull=True) | models.Q(last_year__gte=year), first_year__lte=year)


class FunderRule(models.Model):
    """A funder's condition as data: numerator ÷ denominator against a threshold. Unknown percentages are left out."""

    class Kind(models.TextChoices):
        SPENT_BY_YEAR_END = "spent_by_year_end", "Spent and delivered by year end"
        NO_CARRY_OVER = "no_carry_over", "No carry-over"
        MINIMUM_SHARE = "minimum_share", "At least a share"
        MAXIMUM_SHARE = "maximum_share", "At most a share"

    source = models.ForeignKey(FundingSource, on_delete=models.PROTECT, related_name="rules")
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    numerator = models.CharField(max_length=60, blank=True, help_text="A figure family such as spend.total.")
    denominator = models.CharField(max_length=60, blank=True)
    threshold_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField(null=True, blank=True)
    source_document = models.ForeignKey(
        "programmes.SourceDocument", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    place = models.CharField(max_length=200, blank=True)

    objects = FunderRuleQuerySet.as_manager()

    class Meta:
        ordering = ["source_id", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["source", "slug"], name="funder_rule_slug_once"),
            ordered("first_year", "last_year", name="funder_rule_years"),
        ]

    def __str__(self) -> str:
        return self.title
