"""Which objectives a programme serves and how much, what it aims for, and where it works."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from decimal import Decimal

from django.db import transaction

from programmes.actions.checks import LONGEST_REASON, cleaned, locked_for_editing
from programmes.errors import ProgrammeRefused
from programmes.models import (
    Area,
    IndicatorTarget,
    IndicatorVersion,
    NamedWard,
    Objective,
    ObjectiveWeight,
    Programme,
)
from vru.accounts.models import AuditEvent, User

WHOLE = 100
WARD_CODE = re.compile(r"E05\d{6}", re.ASCII)
VINTAGES = range(1950, 2200)
MOST_TARGET = Decimal(10) ** 10
_LEVEL = Programme.Level


@transaction.atomic
def set_objectives(
    *, programme: Programme, weights: Mapping[Objective, int], primary: Objective, by: User
) -> Programme:
    """The objectives with their weights in percent, which sum to 100, and the main one among them.

    The weights describe; totals by objective use the main objective only. The others become the secondary ones.
    Raises ``ProgrammeRefused``.
    """
    locked = locked_for_editing(programme, by)
    if primary not in weights:
        raise ProgrammeRefused("The main objective needs a weight: it is one of the objectives served.")
    if any(isinstance(weight, bool) or not 1 <= weight <= WHOLE for weight in weights.values()):
        raise ProgrammeRefused("A weight is a whole number from 1 to 100. Leave an objective empty that is not served.")
    total = sum(weights.values())
    if total != WHOLE:
        raise ProgrammeRefused(f"The weights add up to {total}, not to 100. Change one of them.")
    if len({objective.version_id for objective in weights}) > 1:
        raise ProgrammeRefused("The objectives belong to different versions of the strategy. Choose from one version.")
    before = _weights(locked)
    locked.objective_weights.all().delete()
    for objective, percent in sorted(weights.items(), key=lambda each: each[0].number):
        ObjectiveWeight.objects.create(programme=locked, objective=objective, percent=percent)
    was = str(locked.primary_objective or "")
    locked.primary_objective = primary
    locked.objective_basis = Programme.ObjectiveBasis.STATED
    locked.save(update_fields=["primary_objective", "objective_basis"])
    locked.secondary_objectives.set([objective for objective in weights if objective != primary])
    AuditEvent.record(
        "objectives set",
        locked,
        by=by,
        before={"primary": was, "weights": before},
        after={"primary": str(primary), "weights": _weights(locked)},
    )
    return locked


def _weights(programme: Programme) -> dict[str, int]:
    rows = programme.objective_weights.select_related("objective")
    return {str(row.objective): row.percent for row in rows}


@transaction.atomic
def set_places(*, programme: Programme, level: Programme.Level, areas: Collection[Area], by: User) -> Programme:
    """Level and areas. A named ward's area cannot be taken out while the ward is there."""
    locked = locked_for_editing(programme, by)
    if any(area.kind not in (Area.Kind.MEMBER, Area.Kind.OTHER_PLACE) for area in areas):
        raise ProgrammeRefused("Choose places: a whole area is chosen as the level.")
    if level == _LEVEL.WHOLE_AREA and areas:
        raise ProgrammeRefused(
            "A programme for the whole area names no places. Take them out, or choose another level."
        )
    if level == _LEVEL.BOROUGH and len(areas) > 1:
        raise ProgrammeRefused("A programme in a single area names one place. Choose the level “Several areas”.")
    if level == _LEVEL.WARD and not areas:
        raise ProgrammeRefused("Choose the place that the wards lie in.")
    left = locked.wards.exclude(area__in=areas).select_related("area").first()
    if left is not None:
        raise ProgrammeRefused(f"Take out the ward {left} first, or keep its area.")
    before = {"level": locked.level, "areas": list(locked.areas.values_list("name", flat=True))}
    locked.level = level
    locked.save(update_fields=["level"])
    locked.areas.set(areas)
    after = {"level": locked.level, "areas": list(locked.areas.values_list("name", flat=True))}
    if before != after:
        AuditEvent.record("areas set", locked, by=by, before=before, after=after)
    return locked


@transaction.atomic
def add_ward(
    *, programme: Programme, area: Area, name: str, by: User, code: str = "", vintage: int | None = None
) -> NamedWard:
    """A ward by its name, in one of the programme's areas; its ONS code goes with the year of its boundaries."""
    locked = locked_for_editing(programme, by)
    called = cleaned(name, "The ward's name", longest=100, required=True)
    number = code.strip().upper()
    if not locked.areas.filter(pk=area.pk).exists():
        raise ProgrammeRefused(f"{area} is not one of the programme's areas. Add the area first.")
    if number and WARD_CODE.fullmatch(number) is None:
        raise ProgrammeRefused("A ward's code is E05 and six digits, for example E05013657.")
    if number and vintage is None:
        raise ProgrammeRefused("Wards change at reviews: give the year of the boundaries with the code.")
    if vintage is not None and vintage not in VINTAGES:
        raise ProgrammeRefused("The year of the boundaries has four digits, for example 2022.")
    if locked.wards.filter(area=area, name__iexact=called).exists():
        raise ProgrammeRefused(f"{called} is already named.")
    ward = NamedWard.objects.create(programme=locked, area=area, name=called, code=number, vintage=vintage)
    AuditEvent.record("ward named", locked, by=by, ward=str(ward), code=number)
    return ward


@transaction.atomic
def remove_ward(*, ward: NamedWard, by: User) -> None:
    locked = locked_for_editing(ward.programme, by)
    AuditEvent.record("ward taken out", locked, by=by, ward=str(ward), code=ward.code)
    NamedWard.objects.filter(pk=ward.pk).delete()


@transaction.atomic
def set_target(
    *,
    programme: Programme,
    version: IndicatorVersion,
    year: int,
    baseline: Decimal | None,
    target: Decimal | None,
    by: User,
    reason: str = "",
) -> IndicatorTarget:
    """What the programme aims for in a year; ``target`` None: to be set. Changing one that was set needs a reason."""
    locked = locked_for_editing(programme, by)
    if any(value is not None and abs(value) >= MOST_TARGET for value in (baseline, target)):
        raise ProgrammeRefused("The figure is too large. Check the number of digits.")
    row = locked.indicator_targets.filter(version=version, year=year).first()
    before = None if row is None else row.target
    why = cleaned(reason, "The reason", longest=LONGEST_REASON)
    if before is not None and before != target and not why:
        raise ProgrammeRefused("Say why the target changes.")
    if row is None:
        row = IndicatorTarget(programme=locked, version=version, year=year)
    row.baseline, row.target = baseline, target
    row.save()
    AuditEvent.record(
        "target set",
        locked,
        by=by,
        reason=why,
        indicator=str(version),
        year=year,
        before=None if before is None else f"{before:f}",
        after=None if target is None else f"{target:f}",
    )
    return row
