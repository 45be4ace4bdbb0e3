"""The unit that this database belongs to. One database per unit, so there is one row."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured
from django.db import models


class UnitManager(models.Manager["Unit"]):
    def the(self) -> Unit:
        """The one unit. Raises ``ImproperlyConfigured`` when no strategy has been loaded yet."""
        unit = self.first()
        if unit is None:
            raise ImproperlyConfigured(
                "No unit has been loaded. Run: manage.py load_strategy FILE (or manage.py load_demo)."
            )
        return unit


class Unit(models.Model):
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60)
    place = models.CharField(max_length=100)
    area_noun = models.CharField(max_length=40, help_text="What its areas are called, e.g. borough.")
    area_noun_plural = models.CharField(max_length=40)
    funder = models.CharField(max_length=200, help_text="Who the annual report is made for.")
    established_on = models.DateField(null=True, blank=True)

    objects = UnitManager()

    class Meta:
        ordering = ["slug"]
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="unit_name_not_blank")]

    def __str__(self) -> str:
        return self.name
