"""What each grant is expected to do: its profile by quarter and heading, its targets and its indicators."""

from __future__ import annotations

import statistics
from collections import defaultdict
from decimal import Decimal

from grants.models import Commitment, CommitmentIndicator, Measure, ProfileLine, ReachTarget, ReportingQuarter
from programmes.models import IndicatorTarget, IndicatorVersion
from vru.demo.illustrative.plan import YEAR
from vru.demo.illustrative.programmes import indicators_for
from vru.demo.illustrative.world import World
from vru.lib.money import split_pence

HEADING_WEIGHTS = (62, 24, 5, 9)
Kinds = IndicatorVersion.Kind
SUMMED = (Kinds.FLOW, Kinds.STOCK, Kinds.CURRENCY)


def put_delivery(world: World) -> None:
    lines: list[ProfileLine] = []
    targets: list[ReachTarget] = []
    indicators: list[CommitmentIndicator] = []
    for commitment in world.commitments:
        quarters = quarters_of(world, commitment)
        lines += _profile(world, commitment, quarters)
        if commitment.kind == Commitment.Kind.GRANT:
            targets += _targets(world, commitment, quarters)
            indicators += _indicators(world, commitment)
    ProfileLine.objects.bulk_create(lines)
    ReachTarget.objects.bulk_create(targets)
    CommitmentIndicator.objects.bulk_create(indicators)
    put_programme_targets(indicators)


def quarters_of(world: World, commitment: Commitment) -> list[ReportingQuarter]:
    """The year's quarters that the commitment reports on: those its dates touch, unless its schedule says otherwise."""
    planned = world.plans.get(commitment.pk)
    return [
        quarter
        for quarter in world.quarters
        if (planned is None or quarter.pk in planned)
        and commitment.starts_on <= quarter.period.ends_on
        and quarter.period.starts_on <= commitment.ends_on
    ]


def in_year_pence(commitment: Commitment) -> int:
    """What the award's splits put into the illustrative year."""
    return sum(split.amount_pence for split in commitment.splits.all() if split.year == YEAR)


def _profile(world: World, commitment: Commitment, quarters: list[ReportingQuarter]) -> list[ProfileLine]:
    weights = [world.chance.randrange(8, 13) for _ in quarters]
    headings = [HEADING_WEIGHTS[index % len(HEADING_WEIGHTS)] for index, _ in enumerate(world.headings)]
    rows = []
    for quarter, amount in zip(quarters, split_pence(in_year_pence(commitment), weights), strict=True):
        for heading, part in zip(world.headings, split_pence(amount, headings), strict=True):
            world.profile[commitment.pk, quarter.pk, heading.pk] = part
            rows.append(ProfileLine(commitment=commitment, quarter=quarter, heading=heading, amount_pence=part))
    return rows


def _targets(world: World, commitment: Commitment, quarters: list[ReportingQuarter]) -> list[ReachTarget]:
    per_person = world.chance.randrange(280, 900) * 100
    yearly = max(8, in_year_pence(commitment) // per_person)
    rows = []
    for quarter, people in zip(quarters, split_pence(yearly, [1] * len(quarters)), strict=True):
        world.targets[commitment.pk, quarter.pk] = people
        rows.append(ReachTarget(commitment=commitment, quarter=quarter, measure=Measure.NEW, value=people))
        rows.append(
            ReachTarget(commitment=commitment, quarter=quarter, measure=Measure.COMPLETED, value=people * 3 // 5)
        )
    return rows


def _indicators(world: World, commitment: Commitment) -> list[CommitmentIndicator]:
    """Up to three indicators of the programme's own objective."""
    own = indicators_for(world, commitment.programme)
    chosen = own if len(own) <= 3 else world.chance.sample(own, 3)
    people = sum(world.targets[commitment.pk, quarter.pk] for quarter in quarters_of(world, commitment))
    return [
        CommitmentIndicator(
            commitment=commitment,
            version=version,
            year=YEAR,
            baseline=Decimal(world.chance.randrange(30, 50)) if version.kind == Kinds.PERCENTAGE else None,
            target=_target(world, version, people),
        )
        for version in sorted(chosen, key=lambda each: each.indicator.slug)
    ]


def _target(world: World, version: IndicatorVersion, people: int) -> Decimal | None:
    """What a grant of so many people a year would promise; none for a milestone, which has a status."""
    chance = world.chance
    if version.kind == Kinds.MILESTONE:
        return None
    if version.kind == Kinds.PERCENTAGE:
        return Decimal(chance.randrange(50, 85))
    if version.kind == Kinds.DISTANCE:
        return Decimal(chance.randrange(15, 40)) / 10
    if version.kind == Kinds.UNIT_COST:
        return Decimal(chance.randrange(300, 900))
    if version.kind == Kinds.CURRENCY:
        return Decimal(chance.randrange(60, 140) * 100)
    share = 5 if version.direction == IndicatorVersion.Direction.LOWER else chance.randrange(20, 35)
    return Decimal(max(1, people * share // 100))


def put_programme_targets(promised: list[CommitmentIndicator]) -> None:
    """A programme aims for what its grants promise together: the sum of counts, the middle of everything else."""
    by_key: dict[tuple[int, int], list[Decimal]] = defaultdict(list)
    versions: dict[int, IndicatorVersion] = {}
    for row in promised:
        programme = row.commitment.programme
        if row.target is not None:
            by_key[programme.parent_id or programme.pk, row.version_id].append(row.target)
            versions[row.version_id] = row.version
    IndicatorTarget.objects.bulk_create(
        IndicatorTarget(
            programme_id=programme,
            version_id=version,
            year=YEAR,
            target=sum(targets) if versions[version].kind in SUMMED else statistics.median_low(targets),
        )
        for (programme, version), targets in sorted(by_key.items())
    )
