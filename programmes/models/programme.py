"""Programmes, and the projects inside them (a project is a programme with a parent)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import models

from vru.lib.constraints import one_of, ordered
from vru.lib.layers import Layer
from vru.lib.state_machine import StateMachine

if TYPE_CHECKING:
    from vru.accounts.models import User


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, user: User) -> ProgrammeQuerySet:
        """Staff see every programme. Grantees reach programmes through their grants, never through this list."""
        return self if user.is_staff_member else self.none()

    def in_layer(self, layer: str) -> ProgrammeQuerySet:
        return self.filter(layer=layer)

    def top_level(self) -> ProgrammeQuerySet:
        return self.filter(parent__isnull=True)

    def running_between(self, start: datetime.date, end: datetime.date) -> ProgrammeQuerySet:
        """Programmes whose dates touch the span; one without dates is taken to run throughout."""
        started = models.Q(starts_on__isnull=True) | models.Q(starts_on__lte=end)
        not_ended = models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=start)
        return self.filter(started, not_ended)


class Programme(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        APPROVED = "approved", "Approved"
        COMMISSIONING = "commissioning", "Commissioning"
        LIVE = "live", "Live"
        PAUSED = "paused", "Paused"
        CLOSING = "closing", "Closing"
        CLOSED = "closed", "Closed"
        CANCELLED = "cancelled", "Cancelled"

    class Level(models.TextChoices):
        WARD = "ward", "Ward"
        BOROUGH = "borough", "Single area"
        MULTI_BOROUGH = "multi_borough", "Several areas"
        WHOLE_AREA = "pan_london", "Whole area"

    class ObjectiveBasis(models.TextChoices):
        STATED = "stated", "Stated by the source"
        INFERRED = "inferred", "Inferred"

    ref = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=300)
    summary = models.TextField(blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="projects")
    layer = models.CharField(max_length=12, choices=Layer.choices)
    status = models.CharField(max_length=14, choices=Status.choices, default=Status.DRAFT)
    theme = models.ForeignKey(
        "programmes.Theme", on_delete=models.PROTECT, null=True, blank=True, related_name="programmes"
    )
    primary_objective = models.ForeignKey(
        "programmes.Objective",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="primary_programmes",
        help_text="Totals by objective use this one only, so that they re-add.",
    )
    secondary_objectives = models.ManyToManyField(
        "programmes.Objective", blank=True, related_name="secondary_programmes"
    )
    objective_basis = models.CharField(max_length=8, choices=ObjectiveBasis.choices, default=ObjectiveBasis.STATED)
    level = models.CharField(max_length=14, choices=Level.choices)
    areas = models.ManyToManyField("programmes.Area", blank=True, related_name="programmes")
    youngest_age = models.PositiveSmallIntegerField(null=True, blank=True)
    oldest_age = models.PositiveSmallIntegerField(null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    decision = models.ForeignKey(
        "programmes.Decision", on_delete=models.PROTECT, null=True, blank=True, related_name="programmes"
    )
    manager = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="managed_programmes"
    )
    target_group = models.TextField(blank=True, help_text="Whom it is for, in words.")
    need = models.TextField(blank=True, help_text="The need that it answers.")
    need_source = models.ForeignKey(
        "programmes.SourceDocument", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    need_place = models.CharField(max_length=200, blank=True, help_text="Where in the document the need is shown.")
    copied_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="copies", help_text="Last year's."
    )

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            one_of(
                "status",
                ["draft", "approved", "commissioning", "live", "paused", "closing", "closed", "cancelled"],
                name="programme_status_known",
            ),
            one_of("layer", Layer.values, name="programme_layer_known"),
            ordered("starts_on", "ends_on", name="programme_dates"),
            ordered("youngest_age", "oldest_age", name="programme_ages"),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("pk")),
                name="programme_not_own_parent",
            ),
        ]

    def __str__(self) -> str:
        return self.title


_S = Programme.Status
PROGRAMME_STATES: StateMachine[Programme.Status] = StateMachine(
    "programme",
    {
        _S.DRAFT: frozenset({_S.APPROVED, _S.CANCELLED}),
        _S.APPROVED: frozenset({_S.COMMISSIONING, _S.CANCELLED}),
        _S.COMMISSIONING: frozenset({_S.LIVE, _S.PAUSED, _S.CANCELLED}),
        _S.LIVE: frozenset({_S.PAUSED, _S.CLOSING}),
        _S.PAUSED: frozenset({_S.COMMISSIONING, _S.LIVE, _S.CLOSING, _S.CANCELLED}),
        _S.CLOSING: frozenset({_S.CLOSED, _S.LIVE}),
        _S.CLOSED: frozenset(),
        _S.CANCELLED: frozenset(),
    },
)
