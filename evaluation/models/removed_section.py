"""A section that was taken out of a report, whole, so that it can come back."""

from __future__ import annotations

from django.db import models

from evaluation.models.report import Report


class RemovedSection(models.Model):
    """``rows``: the section, its versions, comments and decisions about numbers, as Django's serialiser wrote them."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="removed_sections")
    order = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=20, blank=True)
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    rows = models.JSONField()
    removed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField()

    class Meta:
        ordering = ["report_id", "-removed_at", "-pk"]
        constraints = [models.CheckConstraint(condition=~models.Q(title=""), name="removed_section_titled")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()
