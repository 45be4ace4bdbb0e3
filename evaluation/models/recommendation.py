"""What others asked the unit (or it asked others) to do, and what was done about it."""

from __future__ import annotations

from django.db import models

from vru.lib.constraints import one_of
from vru.lib.layers import Layer


class Recommendation(models.Model):
    ref = models.CharField(max_length=40, unique=True)
    layer = models.CharField(max_length=12, choices=Layer.choices)
    title = models.CharField(max_length=300)
    addressed_to = models.CharField(max_length=200)
    made_text = models.CharField(max_length=60, blank=True, help_text="When it was made, as precisely as is known.")
    group = models.SlugField(max_length=60, help_text="The review it came from.")
    source_document = models.ForeignKey(
        "programmes.SourceDocument", on_delete=models.PROTECT, related_name="recommendations"
    )
    place = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["group", "ref"]
        constraints = [one_of("layer", Layer.values, name="recommendation_layer_known")]

    def __str__(self) -> str:
        return self.title


class Response(models.Model):
    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        UNDER_WAY = "under_way", "Under way"
        DONE = "done", "Done"

    recommendation = models.ForeignKey(Recommendation, on_delete=models.CASCADE, related_name="responses")
    number = models.PositiveSmallIntegerField(default=1)
    text = models.TextField()
    status = models.CharField(max_length=10, choices=Status.choices)
    source_document = models.ForeignKey(
        "programmes.SourceDocument", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    place = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["recommendation__ref", "number"]
        constraints = [
            models.UniqueConstraint(fields=["recommendation", "number"], name="response_number_once"),
            one_of("status", ["planned", "under_way", "done"], name="response_status_known"),
        ]

    def __str__(self) -> str:
        return self.text[:60]
