"""What the money is meant for: categories and budget lines; and the headings costs are reported under."""

from __future__ import annotations

from django.db import models

from vru.lib.constraints import non_negative, one_of
from vru.lib.layers import Layer


class BudgetCategory(models.Model):
    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "slug"]
        verbose_name_plural = "budget categories"
        constraints = [models.CheckConstraint(condition=~models.Q(title=""), name="budget_category_title_given")]

    def __str__(self) -> str:
        return self.title


class CostHeading(models.Model):
    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "slug"]
        constraints = [models.CheckConstraint(condition=~models.Q(title=""), name="cost_heading_title_given")]

    def __str__(self) -> str:
        return self.title


class BudgetLine(models.Model):
    """Money set aside for a category in a year; by programme and source when the unit's own records say so.

    A published budget states categories only, so programme and source may be empty there.
    """

    ref = models.CharField(max_length=60, unique=True)
    layer = models.CharField(max_length=12, choices=Layer.choices)
    year = models.PositiveSmallIntegerField()
    category = models.ForeignKey(BudgetCategory, on_delete=models.PROTECT, related_name="lines")
    programme = models.ForeignKey(
        "programmes.Programme", on_delete=models.PROTECT, null=True, blank=True, related_name="budget_lines"
    )
    source = models.ForeignKey(
        "programmes.FundingSource",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="budget_lines",
    )
    amount_pence = models.BigIntegerField()
    source_document = models.ForeignKey(
        "programmes.SourceDocument", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    place = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["year", "category__order", "ref"]
        constraints = [
            non_negative("amount_pence", name="budget_line_not_negative"),
            one_of("layer", Layer.values, name="budget_line_layer_known"),
            models.CheckConstraint(
                condition=models.Q(layer="published") | models.Q(programme__isnull=False, source__isnull=False),
                name="budget_line_placed",
                violation_error_message="A budget line of the unit's own needs a programme and a funding source.",
            ),
        ]

    def __str__(self) -> str:
        return self.ref


class BudgetChange(models.Model):
    """One change of a budget line, numbered from 1. The first says what the line began with.

    The line holds what stands now; its last change must say the same, which reconciliation checks.
    """

    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="changes")
    number = models.PositiveSmallIntegerField()
    before_pence = models.BigIntegerField()
    after_pence = models.BigIntegerField()
    reason = models.TextField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["line_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["line", "number"], name="budget_change_number_once"),
            non_negative("before_pence", "after_pence", name="budget_change_not_negative"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="budget_change_reason_given"),
        ]

    def __str__(self) -> str:
        return f"Change {self.number} of {self.line_id}"
