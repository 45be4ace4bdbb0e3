"""What belongs to the invented programmes: weights, wards, needs, risks, decisions' amounts, promises."""

from __future__ import annotations

import datetime
from random import Random

from grants.money.decisions import awarded_under
from programmes.models import (
    Decision,
    NamedWard,
    ObjectiveWeight,
    Programme,
    ProgrammeRisk,
    SourceDocument,
    StrategyCommitment,
)
from programmes.models.strategy import PromiseStatus
from vru.accounts.models import AuditEvent, User
from vru.demo.illustrative.plan import SEED, TODAY, YEAR
from vru.demo.illustrative.world import World, at
from vru.lib.layers import Layer

CHANCE = 11
ROUND = 2_500_000  # decisions authorise whole £25,000s
WEIGHTS = (60, 70, 80)
WARDS = ("Millbrook", "Fairlea", "Stonebridge Hill", "Larchfield", "Ferry Lane", "Copperfield")
NEEDS = (
    "Young people here are hurt more often than elsewhere, and fewer than half of them know an adult to turn to.",
    "Schools report more exclusions in the years when pupils change school.",
    "Families say that help comes late, and from people who do not know their streets.",
)
GROUPS = (
    "Young people referred by schools, health services or themselves.",
    "Young people and the adults who look after them, in the areas named.",
)
# (what could go wrong, what it would mean, likelihood, impact, response, what is done about it)
RISKS = (
    ("Youth workers leave before the end of the award", "Young people lose somebody they trust.", 4, 4, "treat",
     "Longer contracts are offered, and a second worker knows each young person."),
    ("Referrals come slower than planned", "Fewer young people are supported than was promised.", 3, 3, "treat",
     "The manager meets the referring services each month."),
    ("Rooms cannot be used", "Sessions stop or move online.", 3, 4, "transfer", "Two partners lend rooms near by."),
    ("A small grantee runs out of cash", "It closes before its work is done.", 2, 5, "treat",
     "Payments are made a month ahead where the grantee asks."),
    ("Two services work with the same person", "Effort is counted twice.", 3, 2, "tolerate", ""),
    ("Findings come too late for the next round", "The same mistakes are paid for again.", 2, 3, "tolerate", ""),
)  # fmt: skip
CLOSED = "The last quarter's returns show that it did not come about (illustrative)."


def put_programme_details(world: World) -> None:
    """Comes after everything else: it reads what was awarded, and draws on a chance of its own."""
    chance = Random(SEED + CHANCE)
    programmes = list(
        Programme.objects.in_layer(Layer.ILLUSTRATIVE)
        .select_related("primary_objective", "manager", "decision")
        .order_by("ref")
    )
    source = SourceDocument.objects.filter(key__iexact="ILL").first()
    for number, programme in enumerate(programmes):
        _put_weights(programme, chance)
        _put_need(programme, number, source)
        _put_wards(programme, chance)
        if programme.parent_id is None and programme.manager is not None:
            _put_risks(programme, programme.manager, number)
    _put_amounts(world)
    _put_promises(chance)


def _put_weights(programme: Programme, chance: Random) -> None:
    primary = programme.primary_objective
    if primary is None:
        return
    others = list(programme.secondary_objectives.all())
    first = chance.choice(WEIGHTS) if others else 100
    ObjectiveWeight.objects.create(programme=programme, objective=primary, percent=first)
    for objective in others[:1]:
        ObjectiveWeight.objects.create(programme=programme, objective=objective, percent=100 - first)


def _put_need(programme: Programme, number: int, source: SourceDocument | None) -> None:
    programme.target_group = GROUPS[number % len(GROUPS)]
    programme.need = NEEDS[number % len(NEEDS)]
    programme.need_source = source
    programme.need_place = "Section 2 (illustrative)" if source is not None else ""
    programme.save(update_fields=["target_group", "need", "need_source", "need_place"])


def _put_wards(programme: Programme, chance: Random) -> None:
    """Invented names, so no codes: a code would name a real ward."""
    if programme.level != Programme.Level.WARD:
        return
    for area in programme.areas.all()[:2]:
        NamedWard.objects.create(programme=programme, area=area, name=f"{chance.choice(WARDS)} (illustrative)")


def _put_risks(programme: Programme, owner: User, number: int) -> None:
    for place in range(3):
        title, description, likelihood, impact, response, text = RISKS[(number + place) % len(RISKS)]
        raised = at(datetime.date(YEAR, 6, 1) + datetime.timedelta(days=30 * place + number % 20), 10)
        risk = ProgrammeRisk.objects.create(
            programme=programme,
            title=title,
            description=description,
            owner=owner,
            likelihood=likelihood,
            impact=impact,
            response=response,
            response_text=text,
            review_on=TODAY + datetime.timedelta(days=14 * (place + 1) - 20),
        )
        ProgrammeRisk.objects.filter(pk=risk.pk).update(raised_at=raised)
        _record("risk raised", programme, owner, raised, risk=title, score=risk.score)
        if place == 2 and number % 2 == 0:
            closed = at(datetime.date(YEAR + 1, 2, 1), 15)
            risk.closed_at, risk.closed_by, risk.closed_because = closed, owner, CLOSED
            risk.save(update_fields=["closed_at", "closed_by", "closed_because"])
            _record("risk closed", programme, owner, closed, reason=CLOSED, risk=title)


def _record(
    action: str, programme: Programme, by: User, moment: datetime.datetime, reason: str = "", **details: str | int
) -> None:
    event = AuditEvent.record(action, programme, by=by, reason=reason, **details)
    AuditEvent.objects.filter(pk=event.pk).update(at=moment)


def _put_amounts(world: World) -> None:
    """Each decision authorised a little more than was awarded under it, but for one of too little and one of no sum."""
    awarded = awarded_under(world.decisions)
    for number, decision in enumerate(world.decisions):
        up = -(-awarded[decision.pk] // ROUND) * ROUND
        amount = up - 2 * ROUND if number == 2 else up + (number % 4) * ROUND
        Decision.objects.filter(pk=decision.pk).update(authorised_pence=None if number == 10 else max(amount, 0))


def _put_promises(chance: Random) -> None:
    """Some of the strategy's commitments are answered by an invented programme of the same objective.

    The commitment's words are the strategy's own; its owner says that the rest of the row is invented.
    """
    for promise in StrategyCommitment.objects.filter(objective__isnull=False).order_by("version_id", "ref"):
        # By number: the commitment may belong to an earlier version of the strategy than the programmes do.
        number = promise.objective.number if promise.objective is not None else 0
        answers = Programme.objects.in_layer(Layer.ILLUSTRATIVE).top_level()
        first = answers.filter(primary_objective__number=number).order_by("ref").first()
        if first is None or chance.random() < 0.4:
            continue
        promise.programmes.add(first)
        promise.owner = "Head of delivery (illustrative)"
        promise.due_on = TODAY + datetime.timedelta(days=chance.choice((-60, 0, 90, 365)))
        promise.status = chance.choice(
            (PromiseStatus.PLANNED, PromiseStatus.UNDER_WAY, PromiseStatus.UNDER_WAY, PromiseStatus.DONE)
        )
        promise.save(update_fields=["owner", "due_on", "status"])
