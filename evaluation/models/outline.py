"""What a report is made of: sections as data, so that another funder or year has another outline."""

from __future__ import annotations

from django.db import models

from vru.lib.constraints import one_of


class ReportOutline(models.Model):
    """A kind of report, such as the annual report to the funder."""

    class Every(models.TextChoices):
        YEAR = "year", "A year"
        QUARTER = "quarter", "A quarter"
        MONTH = "month", "A month"

    class Subject(models.TextChoices):
        UNIT = "unit", "The whole unit"
        PROGRAMME = "programme", "One programme"

    kind = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    funder = models.CharField(max_length=200, blank=True)
    every = models.CharField(max_length=7, choices=Every.choices, default=Every.YEAR)
    about = models.CharField(max_length=9, choices=Subject.choices, default=Subject.UNIT)
    sources = models.JSONField(
        default=list, blank=True, help_text="Slugs of the funding sources a funder is told about; empty for all."
    )
    forms = models.JSONField(
        default=dict, blank=True, help_text="Tables of a funder's form by name: rows, columns and bands as data."
    )

    workbook = models.JSONField(
        default=list, blank=True, help_text="Sheets of the workbook in the funder's order: title, forms, answers."
    )

    class Meta:
        ordering = ["kind"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(title=""), name="report_outline_title_given"),
            one_of("every", ["year", "quarter", "month"], name="report_outline_every_known"),
            one_of("about", ["unit", "programme"], name="report_outline_about_known"),
        ]

    def __str__(self) -> str:
        return self.title


class OutlineSection(models.Model):
    """One section: key points and blocks, checked when loaded; prose holds figure tokens, never typed figures."""

    outline = models.ForeignKey(ReportOutline, on_delete=models.CASCADE, related_name="sections")
    order = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=20, blank=True)
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    guidance = models.TextField(blank=True, help_text="What the funder wants to read here.")
    word_limit = models.PositiveIntegerField(null=True, blank=True)
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
