"""What a grantee has typed so far: raw text, kept even when it is wrong."""

from __future__ import annotations

from django.db import models

from grants.models.measure import Section
from vru.lib.constraints import one_of


class SectionDraft(models.Model):
    """One mutable row per return and section. ``version`` rises on every save; a stale save is refused."""

    monitoring_return = models.ForeignKey("grants.MonitoringReturn", on_delete=models.CASCADE, related_name="drafts")
    section = models.CharField(max_length=1, choices=Section.choices)
    data = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField()
    saved_from = models.CharField(
        max_length=60,
        blank=True,
        help_text="Which open page saved it, and the number of that page's save: a page never conflicts with itself.",
    )
    is_complete = models.BooleanField(default=False)

    class Meta:
        ordering = ["monitoring_return_id", "section"]
        constraints = [
            models.UniqueConstraint(fields=["monitoring_return", "section"], name="section_draft_once"),
            one_of("section", Section, name="section_draft_known"),
        ]

    def __str__(self) -> str:
        return f"{self.monitoring_return_id} {self.section} v{self.version}"
