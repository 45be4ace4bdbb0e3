"""What the rules may know about a return besides what was typed: the grant, its plan and its earlier quarters."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Sum

from grants.models import (
    Cell,
    Commitment,
    FundingSplit,
    Measure,
    MonitoringReturn,
    ProfileLine,
    ReachTarget,
    Reading,
    ReportingQuarter,
    Revision,
    SpendLine,
)
from grants.timetable.planning import QUARTERS_COVERED
from programmes.models import Category, Dimension
from vru.lib.money import Money
from vru.lib.periods import Quarter

Status = MonitoringReturn.Status
_SETTLED = frozenset({Status.APPROVED, Status.LOCKED, Status.WAIVED})


@dataclass(frozen=True, slots=True)
class Earlier:
    """A return of an earlier quarter that is not settled yet."""

    quarter: str
    status: Status


@dataclass(frozen=True, slots=True)
class LastTime:
    """What the quarter before reported: headlines by measure, readings by version, pounds spent in all."""

    reach: Mapping[str, int] = field(default_factory=dict)
    readings: Mapping[int, tuple[Decimal | None, Decimal | None, Decimal | None]] = field(default_factory=dict)
    spent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ReturnFacts:
    """Pounds as Decimal; people as whole numbers. Earlier quarters count as they were last sent, approved or not.

    ``cumulative`` are headlines by measure since the grant began; ``new_approved`` and ``new_sent`` are the new people
    of the year's earlier quarters, as approved and as last sent (None where no quarter is).
    """

    monitoring_return: MonitoringReturn
    award: Decimal
    splits: Decimal
    award_this_year: Decimal
    profile: Decimal | None
    spent_before: Decimal
    spent_before_this_year: Decimal
    reach_target: int | None
    last_time: LastTime
    cumulative: Mapping[str, int]
    new_approved: int | None
    new_sent: int | None
    is_correction: bool
    unsettled: tuple[Earlier, ...]
    typical_unit_cost: Decimal | None


@dataclass(frozen=True, slots=True)
class _History:
    """Earlier returns in the order of their quarters, and the revisions that speak for them."""

    before: list[MonitoringReturn]
    newest: dict[int, int]
    approved: dict[int, int]
    corrected: frozenset[int]
    headlines: dict[int, dict[str, int]]
    spent: dict[int, Decimal]

    def in_year(self, year: int) -> set[int]:
        return {row.pk for row in self.before if row.quarter.year == year}


def gather_facts(monitoring_return: MonitoringReturn, *, for_staff: bool = False) -> ReturnFacts:
    """At most eight queries, whatever the length of the grant's history; three more, about other grants, for staff."""
    item, commitment = monitoring_return, monitoring_return.commitment
    history = _history(item)
    splits = dict(
        FundingSplit.objects.filter(commitment=commitment)
        .order_by()
        .values("year")
        .annotate(total=Sum("amount_pence"))
        .values_list("year", "total")
    )
    this_year = history.in_year(item.quarter.year)
    whole_award = Money(sum(splits.values())).pounds
    in_year = Money(splits.get(item.quarter.year, 0)).pounds if splits else commitment.award.pounds
    profile, target = _plan(item)
    return ReturnFacts(
        monitoring_return=item,
        award=commitment.award.pounds,
        splits=whole_award,
        award_this_year=in_year,
        profile=profile,
        spent_before=_spent(history, set(history.newest)),
        spent_before_this_year=_spent(history, this_year),
        reach_target=target,
        last_time=_last_time(history),
        cumulative=_cumulative(history),
        new_approved=_new(history, history.approved, this_year),
        new_sent=_new(history, history.newest, this_year),
        is_correction=item.pk in history.corrected or bool(history.corrected & this_year),
        unsettled=tuple(
            Earlier(str(row.quarter), Status(row.status)) for row in history.before if row.status not in _SETTLED
        ),
        typical_unit_cost=_typical_unit_cost(item) if for_staff else None,
    )


def covered_quarters(item: MonitoringReturn) -> list[Quarter]:
    """The quarters that one return reports on, the last one last: a half-yearly return covers two."""
    covered = QUARTERS_COVERED.get(Commitment.Schedule(item.commitment.schedule), 1)
    year, number = item.quarter.year, item.quarter.number
    return [Quarter(year, each) for each in range((number - 1) // covered * covered + 1, number + 1)]


def _history(item: MonitoringReturn) -> _History:
    """Four queries: the grant's returns, their live revisions, and those revisions' headlines and spend."""
    returns = MonitoringReturn.objects.filter(commitment=item.commitment_id).select_related("quarter")
    now = (item.quarter.year, item.quarter.number)
    ordered = sorted(returns, key=lambda row: (row.quarter.year, row.quarter.number))
    before = [row for row in ordered if (row.quarter.year, row.quarter.number) < now]
    newest: dict[int, int] = {}
    approved: dict[int, int] = {}
    # While a correction waits, a return has two live revisions: the approved one and the one that was sent since.
    live = Revision.objects.live().filter(monitoring_return__in=[row.pk for row in [*before, item]])
    for pk, owner, approved_at in live.order_by("number").values_list("pk", "monitoring_return_id", "approved_at"):
        newest[owner] = pk
        if approved_at is not None:
            approved[owner] = pk
    reopened = {row.pk for row in ordered if row.status == Status.REOPENED}
    waiting = {owner for owner, pk in approved.items() if newest[owner] != pk}
    own = {item.pk} & set(approved)
    newest.pop(item.pk, None)
    approved.pop(item.pk, None)
    revisions = {*newest.values(), *approved.values()}
    return _History(
        before, newest, approved, frozenset(reopened | waiting | own), _headlines(revisions), _spend(revisions)
    )


def _headlines(revisions: set[int]) -> dict[int, dict[str, int]]:
    """Revision → measure → people."""
    everyone = Category.objects.filter(dimension__slug=Dimension.TOTAL).values("pk")
    found: dict[int, dict[str, int]] = {}
    rows = Cell.objects.filter(revision__in=revisions, category__in=everyone) if revisions else Cell.objects.none()
    for revision, measure, value in rows.order_by().values_list("revision_id", "measure", "value"):
        found.setdefault(revision, {})[measure] = value
    return found


def _spend(revisions: set[int]) -> dict[int, Decimal]:
    rows = SpendLine.objects.filter(revision__in=revisions).order_by() if revisions else SpendLine.objects.none()
    totals = rows.values("revision").annotate(total=Sum("actual_pence")).values_list("revision", "total")
    return {revision: Money(pence).pounds for revision, pence in totals}


def _spent(history: _History, returns: set[int]) -> Decimal:
    return sum((history.spent.get(history.newest.get(pk, 0), Decimal(0)) for pk in returns), Decimal(0))


def _new(history: _History, revisions: Mapping[int, int], returns: set[int]) -> int | None:
    counted = [revisions[pk] for pk in returns if pk in revisions]
    return sum(history.headlines.get(pk, {}).get(Measure.NEW, 0) for pk in counted) if counted else None


def _cumulative(history: _History) -> dict[str, int]:
    totals: dict[str, int] = {}
    for revision in history.newest.values():
        for measure, value in history.headlines.get(revision, {}).items():
            totals[measure] = totals.get(measure, 0) + value
    return totals


def _last_time(history: _History) -> LastTime:
    revision = history.newest.get(history.before[-1].pk) if history.before else None
    if revision is None:
        return LastTime()
    readings = Reading.objects.filter(revision=revision).order_by()
    return LastTime(
        reach=history.headlines.get(revision, {}),
        readings={
            version: (value, numerator, denominator)
            for version, value, numerator, denominator in readings.values_list(
                "version_id", "value", "numerator", "denominator"
            )
        },
        spent=history.spent.get(revision),
    )


def _plan(item: MonitoringReturn) -> tuple[Decimal | None, int | None]:
    """The profile (pounds) and the target of new people over the quarters that the return covers."""
    quarters = covered_quarters(item)
    if len(quarters) == 1:
        covered = [item.quarter_id]
    else:
        rows = ReportingQuarter.objects.filter(
            year=item.quarter.year, number__in=[quarter.number for quarter in quarters]
        )
        covered = list(rows.order_by().values_list("pk", flat=True))
    profile = ProfileLine.objects.filter(commitment=item.commitment_id, quarter__in=covered).aggregate(
        total=Sum("amount_pence"), lines=Count("pk")
    )
    target = ReachTarget.objects.filter(commitment=item.commitment_id, quarter__in=covered, measure=Measure.NEW)
    people: int | None = target.aggregate(total=Sum("value"))["total"]
    return Money(profile["total"]).pounds if profile["lines"] else None, people


def _typical_unit_cost(item: MonitoringReturn) -> Decimal | None:
    """Median of pounds spent ÷ new people over the other grants of the programme in the year, from approved returns."""
    rows = (
        Revision.objects.live()
        .filter(
            approved_at__isnull=False,
            monitoring_return__commitment__programme=item.commitment.programme_id,
            monitoring_return__quarter__year=item.quarter.year,
        )
        .exclude(monitoring_return__commitment=item.commitment_id)
    )
    owners = dict(rows.order_by().values_list("pk", "monitoring_return__commitment"))
    people: dict[int, int] = {}
    for revision, measures in _headlines(set(owners)).items():
        people[owners[revision]] = people.get(owners[revision], 0) + measures.get(Measure.NEW, 0)
    spent: dict[int, Decimal] = {}
    for revision, amount in _spend(set(owners)).items():
        spent[owners[revision]] = spent.get(owners[revision], Decimal(0)) + amount
    costs = [amount / people[grant] for grant, amount in spent.items() if people.get(grant)]
    return statistics.median(costs) if costs else None
