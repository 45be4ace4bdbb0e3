"""Public documents that statements, allocations and commitments were read from."""

from __future__ import annotations

from django.db import models


class SourceDocument(models.Model):
    class Kind(models.TextChoices):
        REPORT = "report", "Report"
        STRATEGY = "strategy", "Strategy"
        ASSESSMENT = "assessment", "Assessment"
        LETTER = "letter", "Letter"
        FOREWORD = "foreword", "Foreword"
        DATASET = "dataset", "Data set"
        AGREEMENT = "agreement", "Agreement"

    key = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=300)
    publisher = models.CharField(max_length=200)
    published_on = models.DateField(null=True, blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["key"]
        constraints = [models.CheckConstraint(condition=~models.Q(title=""), name="source_document_title_given")]

    def __str__(self) -> str:
        return self.title
