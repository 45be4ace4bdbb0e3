"""How many people live in an area, so that a count can be put beside the population it serves."""

from __future__ import annotations

from django.db import models

from vru.lib.constraints import non_negative, one_of, ordered
from vru.lib.layers import Layer


class AreaPopulation(models.Model):
    area = models.ForeignKey("programmes.Area", on_delete=models.CASCADE, related_name="populations")
    year = models.PositiveSmallIntegerField(help_text="The calendar year of the estimate.")
    layer = models.CharField(max_length=12, choices=Layer.choices)
    youngest_age = models.PositiveSmallIntegerField()
    oldest_age = models.PositiveSmallIntegerField()
    people = models.PositiveIntegerField()
    source = models.CharField(max_length=200, help_text="Who published the estimate, and its edition.")

    class Meta:
        ordering = ["area__order", "area_id", "-year", "youngest_age", "layer"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "year", "layer", "youngest_age", "oldest_age"], name="area_population_once"
            ),
            ordered("youngest_age", "oldest_age", name="area_population_ages"),
            non_negative("people", name="area_population_people"),
            one_of("layer", Layer.values, name="area_population_layer"),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.year}: {self.people}"
