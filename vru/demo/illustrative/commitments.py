"""About three hundred invented commitments. What an award divides into always sums to it, to the penny."""

from __future__ import annotations

import datetime

from django.db.models import prefetch_related_objects

from grants.models import AreaShare, Commitment, FundingSplit, Variation
from programmes.models import Area
from vru.demo.illustrative.plan import CONTRACTS, GRANTS, UNIT_COSTS, YEAR
from vru.demo.illustrative.world import World, at
from vru.lib.money import split_pence
from vru.lib.periods import FinancialYear

Kind = Commitment.Kind
Status = Commitment.Status
# (first day, last day, how often): whole year, late starts, an end inside a quarter, eighteen months.
TERMS = (
    (datetime.date(YEAR, 4, 1), datetime.date(YEAR + 1, 3, 31), 55),
    (datetime.date(YEAR, 7, 1), datetime.date(YEAR + 1, 3, 31), 15),
    (datetime.date(YEAR, 10, 1), datetime.date(YEAR + 1, 3, 31), 8),
    (datetime.date(YEAR, 5, 18), datetime.date(YEAR + 1, 2, 12), 7),
    (datetime.date(YEAR, 4, 1), datetime.date(YEAR + 1, 9, 30), 15),
)
GRANT_STATUSES = (
    (Status.ACTIVE, 86), (Status.COMPLETED, 5), (Status.SUSPENDED, 2), (Status.TERMINATED, 2), (Status.ACCEPTED, 2),
    (Status.OFFERED, 2), (Status.DRAFT, 1),
)  # fmt: skip
CONTRACT_TITLES = ("Evaluation of", "Research for", "Data sharing for", "Facilitation of")
UNIT_COST_TITLES = ("Staff", "Rooms and meetings", "Data and licences", "Travel", "Communications", "Insurance")
# The demonstration's own grantee: the first grants, whole year, active, so that each has returns to work on.
OWN_GRANTS = 4
Schedule = Commitment.Schedule
# By the last digits of a grant's number, modulo 25: a few grants report otherwise than every quarter.
SCHEDULES = {7: Schedule.HALF_YEARLY, 13: Schedule.MILESTONES, 19: Schedule.IRREGULAR, 21: Schedule.YEARLY}
WITHOUT_RETURNS = 222
LATER_BY_AGREEMENT = 9
# Which of the demonstration's own grants asks for two signatures: one has been sent without the second.
OWN_WITH_SIGNATORY = (1, 3)


def put_commitments(world: World) -> None:
    specs = [Kind.GRANT] * GRANTS + [Kind.CONTRACT] * CONTRACTS + [Kind.UNIT_COST] * UNIT_COSTS
    numbers = {Kind.GRANT: 0, Kind.CONTRACT: 0, Kind.UNIT_COST: 0}
    rows = []
    for kind in specs:
        numbers[kind] += 1
        rows.append(_commitment(world, kind, numbers[kind]))
    Commitment.objects.bulk_create(rows)
    world.commitments = list(
        Commitment.objects.filter(ref__startswith="ILL-").select_related("programme", "organisation").order_by("ref")
    )
    splits: list[FundingSplit] = []
    shares: list[AreaShare] = []
    for commitment in world.commitments:
        splits += _splits(world, commitment)
        shares += _area_shares(world, commitment)
    FundingSplit.objects.bulk_create(splits)
    AreaShare.objects.bulk_create(shares)
    # Every return of a grant asks again what its splits put into the year.
    prefetch_related_objects(world.commitments, "splits")
    _put_variations(world)


def _commitment(world: World, kind: Kind, number: int) -> Commitment:
    chance = world.chance
    is_own = kind == Kind.GRANT and number <= OWN_GRANTS
    programme = world.programmes[(number - 1) % len(world.programmes)]
    if kind == Kind.UNIT_COST:
        organisation = world.unit_organisation
    elif is_own:
        organisation = world.organisations[0]
    else:
        organisation = world.organisations[chance.randrange(1, len(world.organisations))]
    assert organisation is not None
    starts_on, ends_on = TERMS[0][:2] if is_own or kind == Kind.UNIT_COST else _weighted_term(world)
    status = Status.ACTIVE if is_own or kind != Kind.GRANT else _weighted_status(world)
    if status == Status.ACCEPTED:
        starts_on = max(starts_on, datetime.date(YEAR, 10, 1))
    letter = {Kind.GRANT: "G", Kind.CONTRACT: "C", Kind.UNIT_COST: "U"}[kind]
    signs = organisation.pk in world.signatories and kind == Kind.GRANT
    template = world.templates[programme.pk]
    return Commitment(
        ref=f"ILL-{letter}{number:03d}",
        kind=kind,
        programme=programme,
        organisation=organisation,
        title=_title(world, kind, programme.title, number)[:140],
        description=template.summary,
        category=world.budget_categories[chance.randrange(len(world.budget_categories))],
        status=status,
        award_pence=_award(world, kind),
        awarded_on=None if status in (Status.DRAFT, Status.OFFERED) else starts_on - datetime.timedelta(days=20),
        starts_on=starts_on,
        ends_on=ends_on,
        decision=programme.decision,
        manager=world.managers[number % len(world.managers)],
        needs_signatory=number in OWN_WITH_SIGNATORY if is_own else signs and chance.random() < 0.4,
        sole_officer_waiver="One paid worker; the chair has agreed in writing." if chance.random() < 0.03 else "",
        waived_sections=["H", "J"] if chance.random() < 0.1 and not is_own else [],
        schedule=schedule_of(kind, number) if status == Status.ACTIVE and not is_own else _usual_schedule(kind),
        due_days=30 if kind == Kind.GRANT and number % 40 == LATER_BY_AGREEMENT else None,
        youngest_age=programme.youngest_age,
        oldest_age=programme.oldest_age,
    )


def schedule_of(kind: Kind, number: int) -> Commitment.Schedule:
    if kind == Kind.GRANT and number == WITHOUT_RETURNS:
        return Schedule.NONE
    return SCHEDULES.get(number % 25, Schedule.QUARTERLY) if kind == Kind.GRANT else Schedule.NONE


def _usual_schedule(kind: Kind) -> Commitment.Schedule:
    return Schedule.QUARTERLY if kind == Kind.GRANT else Schedule.NONE


def _title(world: World, kind: Kind, programme: str, number: int) -> str:
    if kind == Kind.CONTRACT:
        return f"{world.picks(CONTRACT_TITLES)} {programme}"
    if kind == Kind.UNIT_COST:
        return f"{UNIT_COST_TITLES[number % len(UNIT_COST_TITLES)]} of the unit ({number})"
    return programme


def _award(world: World, kind: Kind) -> int:
    """Pence. Awards of odd pennies are there on purpose: shares of them have to come out right."""
    low, high = {Kind.GRANT: (8, 95), Kind.CONTRACT: (10, 60), Kind.UNIT_COST: (15, 120)}[kind]
    pounds = world.chance.randrange(low, high) * 1000
    return pounds * 100 + (world.chance.randrange(10_000) if world.chance.random() < 0.25 else 0)


def _weighted_term(world: World) -> tuple[datetime.date, datetime.date]:
    starts_on, ends_on, _ = world.chance.choices(TERMS, [term[2] for term in TERMS])[0]
    return starts_on, ends_on


def _weighted_status(world: World) -> Status:
    return world.chance.choices([each[0] for each in GRANT_STATUSES], [each[1] for each in GRANT_STATUSES])[0]


def _splits(world: World, commitment: Commitment) -> list[FundingSplit]:
    """By year in proportion to days, then by one to three sources."""
    years = list(range(FinancialYear.of(commitment.starts_on).start, FinancialYear.of(commitment.ends_on).start + 1))
    days = [_days_in(commitment, FinancialYear(year)) for year in years]
    count = min(len(world.sources), world.chance.choices([1, 2, 3], [60, 30, 10])[0])
    sources = world.chance.sample(world.sources, count)
    weights = [world.chance.randrange(1, 6) for _ in sources]
    rows = []
    for year, amount in zip(years, split_pence(commitment.award_pence, days), strict=True):
        parts = split_pence(amount, weights)
        rows += [
            FundingSplit(commitment=commitment, source=source, year=year, amount_pence=part)
            for source, part in zip(sources, parts, strict=True)
            if part
        ]
    return rows


def _days_in(commitment: Commitment, year: FinancialYear) -> int:
    first, last = max(commitment.starts_on, year.starts_on), min(commitment.ends_on, year.ends_on)
    return (last - first).days + 1


def _area_shares(world: World, commitment: Commitment) -> list[AreaShare]:
    """Equal or weighted shares of a few areas; a whole-area programme is not apportioned."""
    members = list(commitment.programme.areas.order_by("order", "code"))
    if commitment.kind == Kind.UNIT_COST or not members:
        world.areas_of[commitment.pk] = []
        return [AreaShare(commitment=commitment, area=world.whole, amount_pence=commitment.award_pence)]
    count = min(len(members), world.chance.choices([1, 2, 3, 5], [50, 25, 15, 10])[0])
    areas: list[Area] = world.chance.sample(members, count)
    world.areas_of[commitment.pk] = areas
    keeps_some_back = world.chance.random() < 0.15
    shared = [*areas, world.whole] if keeps_some_back else areas
    equally = world.chance.random() < 0.5
    weights = [1 if equally else world.chance.randrange(1, 5) for _ in shared]
    parts = split_pence(commitment.award_pence, weights)
    return [
        AreaShare(commitment=commitment, area=area, amount_pence=part)
        for area, part in zip(shared, parts, strict=True)
        if part
    ]


def _put_variations(world: World) -> None:
    """A few awards were raised or cut during the year; the award already holds the result."""
    active = [each for each in world.commitments if each.kind == Kind.GRANT and each.status == Status.ACTIVE]
    rows = []
    for commitment in world.chance.sample(active[OWN_GRANTS:], 8):
        day = datetime.date(YEAR, 10, 1) + datetime.timedelta(days=world.chance.randrange(60))
        change = commitment.award_pence // world.chance.choice((-12, -8, 8, 10))
        rows.append(
            Variation(
                commitment=commitment,
                number=1,
                reason="More sessions agreed after the half-year review."
                if change > 0
                else "One post was never filled.",
                before_pence=commitment.award_pence - change,
                after_pence=commitment.award_pence,
                effective_on=day,
                status=Variation.Status.APPROVED,
                approved_by=commitment.manager,
                approved_at=at(day),
            )
        )
    Variation.objects.bulk_create(rows)
