"""Invented programmes, the projects inside them and the decisions behind them."""

from __future__ import annotations

import datetime

from programmes.models import Decision, IndicatorVersion, Programme
from vru.demo.illustrative.plan import PROGRAMMES, YEAR, Template
from vru.demo.illustrative.world import World
from vru.lib.layers import Layer

LEVELS_WITH_AREAS = ("ward", "borough", "multi_borough")


def put_programmes(world: World) -> None:
    """Twelve programmes and the projects inside them; commitments hang on the projects where there are any."""
    for number, template in enumerate(PROGRAMMES, start=1):
        decision = _decision(world, number, template)
        world.decisions.append(decision)
        ref = f"ILL-P{number:02d}"
        parent = _programme(world, ref, template.title, template, decision, None)
        leaves = [
            _programme(world, f"{ref}-{letter}", f"{template.title}: {title.lower()}", template, decision, parent)
            for letter, title in zip("ABCDEFGH", template.projects, strict=False)
        ]
        for leaf in leaves or [parent]:
            world.programmes.append(leaf)
            world.templates[leaf.pk] = template


def _decision(world: World, number: int, template: Template) -> Decision:
    day = datetime.date(2020, 1, 13) + datetime.timedelta(days=world.chance.randrange(80))
    return Decision.objects.create(
        ref=f"ILL-D{number:02d}",
        title=f"Commission “{template.title}”",
        decided_on=day,
        decided_by="Partnership board (illustrative)",
        summary=template.summary,
        authorised_pence=world.chance.randrange(600, 1900) * 100_000,
        layer=Layer.ILLUSTRATIVE,
    )


def _programme(
    world: World, ref: str, title: str, template: Template, decision: Decision, parent: Programme | None
) -> Programme:
    objective = world.objectives[(template.objective - 1) % len(world.objectives)]
    secondary = world.objectives[world.chance.randrange(len(world.objectives))]
    programme = Programme.objects.create(
        ref=ref,
        title=title,
        summary=template.summary,
        parent=parent,
        layer=Layer.ILLUSTRATIVE,
        status=Programme.Status.LIVE,
        theme=world.themes[(template.theme - 1) % len(world.themes)] if world.themes else None,
        primary_objective=objective,
        level=template.level,
        youngest_age=template.ages[0] if template.ages else None,
        oldest_age=template.ages[1] if template.ages else None,
        starts_on=datetime.date(YEAR, 4, 1),
        ends_on=datetime.date(YEAR + 2, 3, 31),
        decision=decision,
        manager=world.managers[world.chance.randrange(len(world.managers))],
    )
    if secondary != objective:
        programme.secondary_objectives.add(secondary)
    if template.level in LEVELS_WITH_AREAS:
        count = min(len(world.places), world.chance.randrange(4, 13))
        programme.areas.set(world.chance.sample(world.places, count))
    return programme


def indicators_for(world: World, programme: Programme) -> list[IndicatorVersion]:
    """The indicators of the programme's primary objective, in a steady order."""
    return [each for each in world.indicators if each.objective_id == programme.primary_objective_id]
