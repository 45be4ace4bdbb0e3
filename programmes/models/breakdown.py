"""Dimensions by which people are counted, and their dated categories."""

from __future__ import annotations

import datetime

from django.db import models

from vru.lib.constraints import one_of, ordered


class Dimension(models.Model):
    """A way of breaking a count down, such as age. ``total`` is a dimension with one category."""

    TOTAL = "total"

    slug = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=100)
    question = models.CharField(max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    is_standard = models.BooleanField(
        default=True, help_text="Asked of every grant; otherwise only of grants that name it."
    )

    class Meta:
        ordering = ["order", "slug"]
        constraints = [models.CheckConstraint(condition=~models.Q(title=""), name="dimension_title_given")]

    def __str__(self) -> str:
        return self.title


class CategoryQuerySet(models.QuerySet["Category"]):
    def in_force_on(self, day: datetime.date) -> CategoryQuerySet:
        return self.filter(valid_from__lte=day).filter(models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=day))


class Category(models.Model):
    class Kind(models.TextChoices):
        NORMAL = "normal", "Category"
        TOTAL = "total", "Total"
        NOT_KNOWN = "not_known", "Not known"
        PREFER_NOT_TO_SAY = "prefer_not_to_say", "Prefer not to say"

    dimension = models.ForeignKey(Dimension, on_delete=models.PROTECT, related_name="categories")
    slug = models.SlugField(max_length=60)
    label = models.CharField(max_length=120)
    kind = models.CharField(max_length=18, choices=Kind.choices, default=Kind.NORMAL)
    area = models.ForeignKey(
        "programmes.Area", on_delete=models.PROTECT, null=True, blank=True, related_name="categories"
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["dimension__order", "dimension_id", "order", "slug"]
        verbose_name_plural = "categories"
        constraints = [
            models.UniqueConstraint(fields=["dimension", "slug", "valid_from"], name="category_slug_once"),
            ordered("valid_from", "valid_to", name="category_dates"),
            one_of("kind", ["normal", "total", "not_known", "prefer_not_to_say"], name="category_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.dimension}: {self.label}"
