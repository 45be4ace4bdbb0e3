"""What the unit said about a return: a decision on each section, and queries to answer."""

from __future__ import annotations

from django.db import models

from grants.models.measure import Section
from vru.lib.constraints import one_of, paired


class SectionReview(models.Model):
    class Decision(models.TextChoices):
        APPROVED = "approved", "Approved"
        QUERIED = "queried", "Queried"

    revision = models.ForeignKey("grants.Revision", on_delete=models.PROTECT, related_name="reviews")
    section = models.CharField(max_length=1, choices=Section.choices)
    decision = models.CharField(max_length=8, choices=Decision.choices)
    reviewed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()

    class Meta:
        ordering = ["revision_id", "section"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "section"], name="section_review_once"),
            one_of("section", Section, name="section_review_known"),
            one_of("decision", ["approved", "queried"], name="section_review_decision"),
        ]

    def __str__(self) -> str:
        return f"{self.revision_id} {self.section} {self.decision}"


class ReturnQuery(models.Model):
    """One thing to mend or explain, pointing at a section and, where there is one, a box in it."""

    revision = models.ForeignKey("grants.Revision", on_delete=models.PROTECT, related_name="queries")
    section = models.CharField(max_length=1, choices=Section.choices)
    field = models.CharField(max_length=100, blank=True)
    text = models.TextField()
    raised_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["revision_id", "section", "pk"]
        verbose_name_plural = "return queries"
        constraints = [
            paired("answered_by", "answered_at", name="return_query_answer_whole"),
            models.CheckConstraint(condition=~models.Q(text=""), name="return_query_text_given"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class ReviewNote(models.Model):
    """A reviewer's own comment on a figure or a section. Staff see it; the grantee does not."""

    revision = models.ForeignKey("grants.Revision", on_delete=models.PROTECT, related_name="notes")
    section = models.CharField(max_length=1, choices=Section.choices)
    field = models.CharField(max_length=100, blank=True)
    text = models.TextField()
    written_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["revision_id", "section", "pk"]
        constraints = [
            one_of("section", Section, name="review_note_section_known"),
            models.CheckConstraint(condition=~models.Q(text=""), name="review_note_text_given"),
        ]

    def __str__(self) -> str:
        return self.text[:60]
