"""The quarters that returns are made for, and their dates."""

from __future__ import annotations

from django.db import models

from vru.lib.constraints import ordered
from vru.lib.periods import Quarter


class ReportingQuarter(models.Model):
    year = models.PositiveSmallIntegerField(help_text="The year in which the financial year begins.")
    number = models.PositiveSmallIntegerField()
    opens_on = models.DateField()
    due_on = models.DateField()
    closes_on = models.DateField(
        null=True,
        blank=True,
        help_text="The cut-off: whoever is missing after it is not received. Empty while no cut-off is dated.",
    )

    class Meta:
        ordering = ["year", "number"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="reporting_quarter_once"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1, number__lte=4), name="reporting_quarter_one_to_four"
            ),
            ordered("opens_on", "due_on", name="reporting_quarter_open_due"),
            ordered("due_on", "closes_on", name="reporting_quarter_due_close"),
        ]

    def __str__(self) -> str:
        return str(self.period)

    @property
    def period(self) -> Quarter:
        return Quarter(self.year, self.number)

    @property
    def key(self) -> str:
        return self.period.key
