"""Evaluations, what they found, and how strong the evidence is. One scheme is never converted into another."""

from __future__ import annotations

from django.db import models

from vru.lib.constraints import one_of, ordered
from vru.lib.layers import Layer


class Study(models.Model):
    class Status(models.TextChoices):
        COMMISSIONED = "commissioned", "Commissioned"
        UNDER_WAY = "under_way", "Under way"
        REPORTED = "reported", "Reported"

    ref = models.CharField(max_length=40, unique=True)
    layer = models.CharField(max_length=12, choices=Layer.choices)
    title = models.CharField(max_length=300)
    programme = models.ForeignKey(
        "programmes.Programme", on_delete=models.PROTECT, null=True, blank=True, related_name="studies"
    )
    evaluator = models.CharField(max_length=200)
    method = models.TextField(blank=True)
    started_on = models.DateField(null=True, blank=True)
    due_text = models.CharField(
        max_length=60, blank=True, help_text="When it is due, as precisely as is known: May 2021."
    )
    status = models.CharField(max_length=12, choices=Status.choices)
    source_document = models.ForeignKey(
        "programmes.SourceDocument", on_delete=models.PROTECT, null=True, blank=True, related_name="studies"
    )
    place = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["ref"]
        verbose_name_plural = "studies"
        constraints = [
            one_of("status", ["commissioned", "under_way", "reported"], name="study_status_known"),
            one_of("layer", Layer.values, name="study_layer_known"),
        ]

    def __str__(self) -> str:
        return self.title


class Finding(models.Model):
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="findings")
    ref = models.CharField(max_length=40)
    text = models.TextField()
    values = models.ManyToManyField("evaluation.StatedValue", blank=True, related_name="findings")

    class Meta:
        ordering = ["study__ref", "ref"]
        constraints = [models.UniqueConstraint(fields=["study", "ref"], name="finding_ref_once")]

    def __str__(self) -> str:
        return f"{self.study.ref} {self.ref}"


class EvidenceRating(models.Model):
    programme = models.ForeignKey("programmes.Programme", on_delete=models.PROTECT, related_name="evidence_ratings")
    scheme = models.CharField(
        max_length=60, help_text="EIF, Maryland, Nesta, YEF impact and so on, each in its own terms."
    )
    level = models.CharField(max_length=60)
    rated_on = models.DateField(null=True, blank=True)
    url = models.URLField(blank=True)

    class Meta:
        ordering = ["programme_id", "scheme", "pk"]
        constraints = [models.UniqueConstraint(fields=["programme", "scheme", "level"], name="evidence_rating_once")]

    def __str__(self) -> str:
        return f"{self.scheme}: {self.level}"


class Appraisal(models.Model):
    """An economic appraisal, with its own definition of return on investment."""

    ref = models.CharField(max_length=40, unique=True)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="appraisals")
    definition = models.CharField(max_length=300)
    years = models.PositiveSmallIntegerField(null=True, blank=True)
    net_benefit_pence = models.BigIntegerField(null=True, blank=True)
    return_percent = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    first_year = models.PositiveSmallIntegerField(null=True, blank=True)
    last_year = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["ref"]
        constraints = [ordered("first_year", "last_year", name="appraisal_years")]

    def __str__(self) -> str:
        return self.ref
