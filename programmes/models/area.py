"""Places: the unit's boroughs or districts, and the buckets for what lies outside or is not known."""

from __future__ import annotations

from django.db import models

from vru.lib.constraints import one_of, paired


class AreaQuerySet(models.QuerySet["Area"]):
    def places(self) -> AreaQuerySet:
        """Areas with people in them: excludes the buckets (outside, not known, not apportioned)."""
        return self.filter(kind__in=[Area.Kind.MEMBER, Area.Kind.OTHER_PLACE])

    def counted(self) -> AreaQuerySet:
        """The areas that a count such as "32 boroughs" counts."""
        return self.filter(kind=Area.Kind.MEMBER)


class Area(models.Model):
    class Kind(models.TextChoices):
        MEMBER = "member", "Borough or district of the unit"
        OTHER_PLACE = "other_place", "Place that is not one of the counted areas"
        OUTSIDE = "outside", "Outside the unit's area"
        NOT_KNOWN = "not_known", "Not known"
        WHOLE = "whole", "Whole area, not apportioned"

    code = models.CharField(
        max_length=12, unique=True, help_text="ONS code such as E09000007, or a code of the bucket."
    )
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    tile_column = models.PositiveSmallIntegerField(null=True, blank=True)
    tile_row = models.PositiveSmallIntegerField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering = ["order", "code"]
        constraints = [
            one_of("kind", ["member", "other_place", "outside", "not_known", "whole"], name="area_kind_known"),
            paired("tile_column", "tile_row", name="area_tile_whole"),
        ]

    def __str__(self) -> str:
        return self.name
