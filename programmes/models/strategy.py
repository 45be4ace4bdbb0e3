"""The strategy: dated versions of aims, outcomes and objectives, and the promises made under them.

Wording belongs to a version. Which objective feeds which outcome is editable data: no published text prints it.
"""

from __future__ import annotations

import datetime

from django.db import models

from vru.lib.constraints import one_of, ordered


class Strategy(models.Model):
    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=200)

    class Meta:
        ordering = ["slug"]
        verbose_name_plural = "strategies"
        constraints = [models.CheckConstraint(condition=~models.Q(title=""), name="strategy_title_given")]

    def __str__(self) -> str:
        return self.title


class StrategyVersionQuerySet(models.QuerySet["StrategyVersion"]):
    def in_force_on(self, day: datetime.date) -> StrategyVersionQuerySet:
        return self.filter(valid_from__lte=day).filter(models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=day))


class StrategyVersion(models.Model):
    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="versions")
    key = models.SlugField(max_length=40)
    label = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source = models.ForeignKey(
        "programmes.SourceDocument", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = StrategyVersionQuerySet.as_manager()

    class Meta:
        ordering = ["valid_from", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["strategy", "key"], name="strategy_version_key_once"),
            ordered("valid_from", "valid_to", name="strategy_version_dates"),
        ]

    def __str__(self) -> str:
        return f"{self.strategy} ({self.label})"


class VersionedItem(models.Model):
    """A numbered line of a strategy version. Subclasses are tables of their own."""

    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class Aim(VersionedItem):
    version = models.ForeignKey(StrategyVersion, on_delete=models.CASCADE, related_name="aims")

    class Meta:
        ordering = ["version_id", "number"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="aim_number_once")]


class Outcome(VersionedItem):
    version = models.ForeignKey(StrategyVersion, on_delete=models.CASCADE, related_name="outcomes")

    class Meta:
        ordering = ["version_id", "number"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="outcome_number_once")]


class Objective(VersionedItem):
    version = models.ForeignKey(StrategyVersion, on_delete=models.CASCADE, related_name="objectives")
    description = models.TextField(blank=True)
    source_place = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["version_id", "number"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="objective_number_once")]


class LogicLink(models.Model):
    """An objective is expected to contribute to an outcome."""

    class Basis(models.TextChoices):
        PRINTED = "printed", "Printed in the strategy"
        ASSUMED = "assumed", "Assumed by the unit"
        EVIDENCED = "evidenced", "Supported by evidence"

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="outcome_links")
    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="objective_links")
    basis = models.CharField(max_length=10, choices=Basis.choices, default=Basis.ASSUMED)
    rationale = models.TextField(blank=True)

    class Meta:
        ordering = ["objective__number", "outcome__number", "pk"]
        constraints = [models.UniqueConstraint(fields=["objective", "outcome"], name="logic_link_once")]

    def __str__(self) -> str:
        return f"Objective {self.objective.number} → outcome {self.outcome.number}"


class AimLink(models.Model):
    """An outcome is expected to contribute to an aim."""

    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="aim_links")
    aim = models.ForeignKey(Aim, on_delete=models.CASCADE, related_name="outcome_links")
    basis = models.CharField(max_length=10, choices=LogicLink.Basis.choices, default=LogicLink.Basis.ASSUMED)
    rationale = models.TextField(blank=True)

    class Meta:
        ordering = ["outcome__number", "aim__number", "pk"]
        constraints = [models.UniqueConstraint(fields=["outcome", "aim"], name="aim_link_once")]

    def __str__(self) -> str:
        return f"Outcome {self.outcome.number} → aim {self.aim.number}"


class Theme(models.Model):
    """A priority area of work, such as youth work. Programmes carry one."""

    version = models.ForeignKey(StrategyVersion, on_delete=models.CASCADE, related_name="themes")
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["version_id", "order", "slug"]
        constraints = [models.UniqueConstraint(fields=["version", "slug"], name="theme_slug_once")]

    def __str__(self) -> str:
        return self.title


class WorkStrand(models.Model):
    version = models.ForeignKey(StrategyVersion, on_delete=models.CASCADE, related_name="strands")
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["version_id", "order", "slug"]
        constraints = [models.UniqueConstraint(fields=["version", "slug"], name="work_strand_slug_once")]

    def __str__(self) -> str:
        return self.title


class PromiseStatus(models.TextChoices):
    """How far a commitment of the strategy or an action of the workplan has come."""

    PLANNED = "planned", "Planned"
    UNDER_WAY = "under_way", "Under way"
    DONE = "done", "Done"
    STOPPED = "stopped", "Stopped"


class StrategyCommitment(models.Model):
    """Something the strategy promised to do. Objective is empty for a first-year priority that names none."""

    version = models.ForeignKey(StrategyVersion, on_delete=models.CASCADE, related_name="commitments")
    ref = models.CharField(max_length=20)
    objective = models.ForeignKey(
        Objective, on_delete=models.PROTECT, null=True, blank=True, related_name="commitments"
    )
    text = models.TextField()
    is_priority = models.BooleanField(default=False, help_text="A priority of the strategy's first year.")
    owner = models.CharField(max_length=200, blank=True)
    due_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=PromiseStatus.choices, default=PromiseStatus.PLANNED)
    programmes = models.ManyToManyField("programmes.Programme", blank=True, related_name="strategy_commitments")
    source = models.ForeignKey(
        "programmes.SourceDocument", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    place = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["version_id", "is_priority", "ref"]
        constraints = [
            models.UniqueConstraint(fields=["version", "ref"], name="strategy_commitment_ref_once"),
            one_of("status", ["planned", "under_way", "done", "stopped"], name="strategy_commitment_status"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.text[:60]}"


class WorkplanAction(models.Model):
    Status = PromiseStatus

    version = models.ForeignKey(StrategyVersion, on_delete=models.CASCADE, related_name="actions")
    ref = models.CharField(max_length=20)
    objective = models.ForeignKey(Objective, on_delete=models.PROTECT, null=True, blank=True, related_name="actions")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, null=True, blank=True, related_name="actions")
    strand = models.ForeignKey(WorkStrand, on_delete=models.PROTECT, null=True, blank=True, related_name="actions")
    text = models.TextField()
    owner = models.CharField(max_length=200, blank=True)
    due_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=PromiseStatus.choices, default=PromiseStatus.PLANNED)
    source = models.ForeignKey(
        "programmes.SourceDocument", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    place = models.CharField(max_length=200, blank=True)
    programmes = models.ManyToManyField("programmes.Programme", blank=True, related_name="workplan_actions")

    class Meta:
        ordering = ["version_id", "ref"]
        constraints = [models.UniqueConstraint(fields=["version", "ref"], name="workplan_action_ref_once")]

    def __str__(self) -> str:
        return f"{self.ref} {self.text[:60]}"
