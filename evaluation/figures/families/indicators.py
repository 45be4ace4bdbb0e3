"""Indicator results and targets, each kind by its own rule of addition."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, Sum

from evaluation.figures import figure as show
from evaluation.figures.computation import Computation
from evaluation.figures.coverage import coverage_parts
from evaluation.figures.families.slices import QUARTERLY
from evaluation.figures.family import FOUR_PLACES, RolledFamily, Slice, Worked, ratio, rolled
from evaluation.figures.rollup import Part, Parts, Total
from grants.models import CommitmentIndicator, Reading
from programmes.models import IndicatorTarget, IndicatorVersion
from vru.lib.bounded import Precision

Kind = IndicatorVersion.Kind
SUMMED = (Kind.FLOW, Kind.STOCK, Kind.CURRENCY)
LATEST = (Kind.STOCK, Kind.MILESTONE)
# Readings have four decimals: whole ten-thousandths add up exactly on every database.
TEN_THOUSANDTHS = 10_000
_WHERE = ("revision__monitoring_return__commitment_id", "revision__monitoring_return__quarter_id")


@dataclass(frozen=True, slots=True)
class Measured:
    """The version of an indicator in force, and every version whose readings mean the same thing."""

    slug: str
    kind: str
    unit: str
    versions: frozenset[int]


def measured(computation: Computation) -> dict[str, Measured]:
    """By slug. Readings of a version with another kind, unit or population are left out, never pooled."""
    if "indicators" not in computation.kept:
        day = min(computation.scope.as_at, computation.scope.year.ends_on)
        fields = ("indicator__slug", "pk", "kind", "unit", "population", "valid_from")
        rows = list(IndicatorVersion.objects.order_by("indicator__slug", "number").values_list(*fields))
        found = {}
        for slug in dict.fromkeys(row[0] for row in rows):
            own = [row for row in rows if row[0] == slug]
            current = ([row for row in own if row[5] <= day] or own[:1])[-1]
            same = frozenset(row[1] for row in own if row[2:5] == current[2:5])
            found[slug] = Measured(slug, current[2], current[3], same)
        computation.kept["indicators"] = found
    return computation.kept["indicators"]


def _by_version(computation: Computation) -> dict[int, Measured]:
    return {pk: item for item in measured(computation).values() for pk in item.versions}


def scaled(number: Decimal | None) -> int:
    """Ten-thousandths; the database may hand a sum back with its own number of decimals."""
    return 0 if number is None else int((Decimal(number) * TEN_THOUSANDTHS).to_integral_value(ROUND_HALF_UP))


def _readings(computation: Computation) -> tuple[list[Part], list[Part]]:
    """Readings by grant, quarter and indicator: those summed over time, and those of which the latest counts."""
    if "readings" not in computation.kept:
        items = _by_version(computation)
        rows = (
            Reading.objects.filter(revision__in=computation.revisions)
            .order_by()
            .values_list(*_WHERE, "version_id", "status")
            .annotate(Sum("value"), Sum("numerator"), Sum("denominator"), Count("value"), Count("denominator"))
            .order_by(*_WHERE, "version_id", "status")
        )
        flows: list[Part] = []
        stocks: list[Part] = []
        for pk, quarter, version, status, value, top, bottom, values, ratios in rows:
            item = items.get(version)
            if item is None or not (values or ratios or status):
                continue
            spot = (computation.owner(pk), computation.quarters[quarter])
            if item.kind == Kind.MILESTONE:
                met = int(status == Reading.MilestoneStatus.MET)
                stocks.append(Part(*spot, met, 1, extra=(item.slug, status)))
            elif item.kind in SUMMED:
                (stocks if item.kind in LATEST else flows).append(Part(*spot, scaled(value), 1, extra=(item.slug, "")))
            elif ratios:
                flows.append(Part(*spot, scaled(top), scaled(bottom), extra=(item.slug, "")))
        computation.kept["readings"] = (flows, stocks)
    return computation.kept["readings"]


def _latest(parts: list[Part]) -> list[Part]:
    """The latest reading of each grant and indicator, whatever its status was before."""
    last: dict[tuple[int, str], str] = {}
    for part in parts:
        spot = (part.owner.pk, part.extra[0])
        last[spot] = max(last.get(spot, ""), part.quarter)
    return [part for part in parts if last[part.owner.pk, part.extra[0]] == part.quarter]


def _finish(computation: Computation, chosen: dict[str, str], total: Total) -> Worked:
    item = measured(computation)[chosen["indicator"]]
    top, bottom = (Decimal(number) / TEN_THOUSANDTHS for number in (total.value, total.denominator))
    if item.kind == Kind.PERCENTAGE:
        return ratio(top, bottom, show.PERCENT, scale=100)
    if item.kind == Kind.UNIT_COST:
        return ratio(top, bottom, show.GBP)
    if item.kind == Kind.DISTANCE:
        return ratio(top, bottom, item.unit)
    if item.kind == Kind.MILESTONE:
        grants = Decimal(total.denominator)
        number = grants if "status" in chosen else Decimal(total.value)
        return Worked(number, number, number, show.COUNT, numerator=number, denominator=grants)
    return Worked(top, top, top, show.GBP if item.kind == Kind.CURRENCY else item.unit)


def _asked(computation: Computation) -> Parts:
    """The returns of grants that report each indicator: an indicator does not rest on anybody else's."""
    if "indicator coverage" not in computation.kept:
        items = _by_version(computation)
        rows = CommitmentIndicator.objects.filter(
            commitment__programme__layer=computation.scope.layer, year=computation.scope.year.start
        ).order_by("commitment_id", "version_id")
        asked: dict[int, dict[str, None]] = {}
        for pk, version in rows.values_list("commitment_id", "version_id"):
            if version in items:
                asked.setdefault(pk, {})[items[version].slug] = None
        # A grant that reports an indicator without having been asked to is counted where it does.
        for part in (*_readings(computation)[0], *_readings(computation)[1]):
            asked.setdefault(part.owner.pk, {})[part.extra[0]] = None
        computation.kept["indicator coverage"] = Parts(
            [
                part._replace(extra=(slug,))
                for part in coverage_parts(computation).rows
                for slug in asked.get(part.owner.pk, ())
            ],
            extra=("indicator",),
        )
    return computation.kept["indicator coverage"]


_NAMES = ("indicator",)
_SLICES = (_NAMES, ("indicator", "quarter"), ("indicator", "programme"), ("indicator", "objective"))


@rolled(
    "indicator.result",
    title="Result",
    unit="the indicator's own",
    parameters=("indicator", "status", *QUARTERLY),
    required=_NAMES,
    slices=(*_SLICES, ("indicator", "status")),
    finish=_finish,
    from_returns=True,
    coverage=_asked,
)
def result(computation: Computation, names: Slice) -> Parts:
    """What an indicator came to, by the rule of its kind.

    Numerator: flow counts and currency: the sum. Stock: each grant's latest reading, summed over grants. Percentage:
        the sum of numerators. Unit cost: the sum of pounds. Distance travelled: the sum of change times pairs.
        Milestone: grants whose latest status is "met", or the status asked for.
    Denominator: percentage: the sum of denominators, never a mean of percentages. Unit cost: people. Distance: pairs.
        Milestone: grants that report it. None for the others.
    Exclusions: readings of a version with another kind, unit or population than the one in force; percentages without a
        denominator. Where the denominators come to nought there is no value.
    Unit: that of the indicator; percent for percentages, pounds sterling for currency and unit cost.
    Source: readings of approved revisions of quarterly returns.
    """
    spot = ("results", "quarter" in names, "status" in names)
    return computation.keep(spot, lambda: _results(computation, names))


def _results(computation: Computation, names: Slice) -> Parts:
    flows, stocks = _readings(computation)
    latest = stocks if "quarter" in names else _latest(stocks)
    rows = [*flows, *latest]
    if "status" in names:
        rows = [part for part in rows if part.extra[1]]
    return Parts(rows, extra=("indicator", "status"))


def _finish_target(computation: Computation, chosen: dict[str, str], total: Total) -> Worked:
    item = measured(computation)[chosen["indicator"]]
    unit = {Kind.PERCENTAGE: show.PERCENT, Kind.CURRENCY: show.GBP, Kind.UNIT_COST: show.GBP}.get(
        Kind(item.kind), item.unit
    )
    if item.kind in (*SUMMED, Kind.MILESTONE):
        number = Decimal(total.value) / TEN_THOUSANDTHS
        return Worked(number, number, number, unit)
    targets = sorted(Decimal(str(found)) for found in total.items) or [Decimal(0)]
    low, high = targets[0].quantize(FOUR_PLACES), targets[-1].quantize(FOUR_PLACES)
    return Worked(low if low == high else None, low, high, unit, Precision.EXACT if low == high else Precision.ABOUT)


@rolled(
    "indicator.target",
    title="Target",
    unit="the indicator's own",
    parameters=("indicator", "programme", "theme", "objective", "outcome", "organisation"),
    required=_NAMES,
    slices=(_NAMES, ("indicator", "programme"), ("indicator", "objective")),
    finish=_finish_target,
)
def target(computation: Computation, names: Slice) -> Parts:
    """What was aimed for in the year.

    Numerator: flow counts, stocks, currency and milestones: the sum of programmes' targets, or of grants' targets where
        no programme has one for the indicator. Ratios cannot be added: the target where all agree, otherwise the range
        from the lowest to the highest.
    Denominator: none.
    Exclusions: targets of a version with another kind, unit or population than the one in force; other years.
    Unit: that of the indicator.
    Source: targets of programmes and of grants.
    """
    if "targets" not in computation.kept:
        computation.kept["targets"] = _targets(computation)
    of_programmes, of_grants = computation.kept["targets"]
    if "organisation" in names:
        return Parts(of_grants, extra=_NAMES)
    planned = {part.extra[0] for part in of_programmes}
    return Parts([*of_programmes, *(part for part in of_grants if part.extra[0] not in planned)], extra=_NAMES)


def _targets(computation: Computation) -> tuple[list[Part], list[Part]]:
    items, year = _by_version(computation), computation.scope.year.start
    plans = IndicatorTarget.objects.filter(programme__layer=computation.scope.layer, year=year, target__isnull=False)
    grants = CommitmentIndicator.objects.filter(
        commitment__programme__layer=computation.scope.layer, year=year, target__isnull=False
    )
    of_programmes = [
        Part(computation.programme(pk), "", scaled(number), extra=(items[version].slug,), item=number)
        for pk, version, number in plans.order_by("pk").values_list("programme_id", "version_id", "target")
        if version in items
    ]
    of_grants = [
        Part(computation.owner(pk), "", scaled(number), extra=(items[version].slug,), item=number)
        for pk, version, number in grants.order_by("pk").values_list("commitment_id", "version_id", "target")
        if version in items and pk in computation.commitments
    ]
    return of_programmes, of_grants


FAMILIES: tuple[RolledFamily, ...] = (result, target)
