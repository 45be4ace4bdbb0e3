"""The decision register: what was authorised, by whom and where it is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from vru.lib.constraints import non_negative, one_of
from vru.lib.layers import Layer

if TYPE_CHECKING:
    from vru.accounts.models import User


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, user: User) -> DecisionQuerySet:
        """The register is the staff's; a grantee sees its own decision on its grant."""
        return self if user.is_staff_member else self.none()

    def in_layer(self, layer: str) -> DecisionQuerySet:
        return self.filter(layer=layer)


class Decision(models.Model):
    ref = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=300)
    decided_on = models.DateField()
    decided_by = models.CharField(max_length=200, blank=True)
    summary = models.TextField(blank=True)
    url = models.URLField(blank=True)
    authorised_pence = models.BigIntegerField(null=True, blank=True)
    layer = models.CharField(max_length=12, choices=Layer.choices)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_on", "ref"]
        constraints = [
            non_negative("authorised_pence", name="decision_amount_not_negative"),
            one_of("layer", Layer.values, name="decision_layer_known"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"
