"""What a report is made of: sections as data, so that another funder or year has another outline."""

from __future__ import annotations

from django.db import models


class ReportOutline(models.Model):
    """A kind of report, such as the annual report to the funder."""

    kind = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    funder = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["kind"]
        constraints = [models.CheckConstraint(condition=~models.Q(title=""), name="report_outline_title_given")]

    def __str__(self) -> str:
        return self.title


class OutlineSection(models.Model):
    """One section: key points and blocks, checked when loaded; prose holds figure tokens, never typed figures."""

    outline = models.ForeignKey(ReportOutline, on_delete=models.CASCADE, related_name="sections")
    order = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=20, blank=True)
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    key_points = models.JSONField(default=list, blank=True)
    blocks = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["outline_id", "order"]
        constraints = [
            models.UniqueConstraint(fields=["outline", "slug"], name="outline_section_slug_once"),
            models.UniqueConstraint(fields=["outline", "order"], name="outline_section_order_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()
