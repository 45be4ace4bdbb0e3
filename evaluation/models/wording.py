"""What documents say in words where no number stands: names, dates, places, headings. Kept short, with their place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from vru.lib.constraints import one_of, ordered
from vru.lib.layers import Layer

if TYPE_CHECKING:
    from vru.accounts.models import User


class WordingQuerySet(models.QuerySet["Wording"]):
    def visible_to(self, user: User) -> WordingQuerySet:
        return self if user.is_staff_member else self.none()

    def in_layer(self, layer: str) -> WordingQuerySet:
        return self.filter(layer=layer)


class Wording(models.Model):
    """One thing as one document puts it. Rules compare wordings of one ``fact``; nothing here says which is right."""

    class Kind(models.TextChoices):
        NAME = "name", "What it is called"
        SCOPE = "scope", "How far it is said to reach"
        DATE = "date", "When it is said to be"
        PLACE = "place", "Where it is said to stand in the document"
        HEADING = "heading", "What it is headed"
        EXPLANATION = "explanation", "How it is explained"

    ref = models.CharField(max_length=80, unique=True)
    layer = models.CharField(max_length=12, choices=Layer.choices)
    kind = models.CharField(max_length=11, choices=Kind.choices)
    fact = models.SlugField(max_length=100, help_text="What it is about: the same thing has the same name everywhere.")
    about = models.CharField(max_length=200, help_text="The thing, in a few words, as the rules name it.")
    text = models.CharField(max_length=200, help_text="The words: a name or a short phrase, never a passage.")
    starts_on = models.DateField(null=True, blank=True, help_text="Of a date: the first day that it can be.")
    ends_on = models.DateField(null=True, blank=True, help_text="Of a date: the last day that it can be.")
    source_document = models.ForeignKey("programmes.SourceDocument", on_delete=models.PROTECT, related_name="wordings")
    place = models.CharField(max_length=200)

    objects = WordingQuerySet.as_manager()

    class Meta:
        ordering = ["ref"]
        constraints = [
            one_of("layer", Layer.values, name="wording_layer_known"),
            one_of("kind", ["name", "scope", "date", "place", "heading", "explanation"], name="wording_kind_known"),
            ordered("starts_on", "ends_on", name="wording_days_ordered"),
            models.CheckConstraint(
                condition=~models.Q(kind="date") | models.Q(starts_on__isnull=False, ends_on__isnull=False),
                name="wording_date_has_days",
            ),
        ]

    def __str__(self) -> str:
        return self.ref
