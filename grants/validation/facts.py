"""What the rules may know about a return besides what was typed: the grant, its plan and its earlier quarters."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

from grants.models import (
    Cell,
    Measure,
    MonitoringReturn,
    ProfileLine,
    ReachTarget,
    Revision,
    SpendLine,
)
from grants.models.monitoring_return import WITH_GRANTEE
from grants.models.revision import RevisionQuerySet
from programmes.models import Dimension
from vru.lib.money import Money

Status = MonitoringReturn.Status
UNSETTLED = [Status.SCHEDULED, Status.OPEN, Status.DRAFT, Status.SUBMITTED, Status.QUERIED, Status.REOPENED]


@dataclass(frozen=True, slots=True)
class ReturnFacts:
    """Pounds as Decimal; people as whole numbers. ``previous`` maps measure to last quarter's headline."""

    monitoring_return: MonitoringReturn
    award: Decimal
    profile: Decimal | None
    spent_before: Decimal
    reach_target: int | None
    previous: dict[str, int]
    cumulative: dict[str, int]
    earlier_not_settled: list[str]
    earlier_not_sent: list[str]
    typical_unit_cost: Decimal | None


def gather_facts(monitoring_return: MonitoringReturn, *, for_staff: bool = False) -> ReturnFacts:
    """Six grouped queries, whatever the length of the grant's history; two more, about other grants, for staff."""
    commitment, quarter = monitoring_return.commitment, monitoring_return.quarter
    same_grant = MonitoringReturn.objects.filter(commitment=commitment)
    before = same_grant.filter(
        Q(quarter__year__lt=quarter.year) | Q(quarter__year=quarter.year, quarter__number__lt=quarter.number)
    ).select_related("quarter")
    live = Revision.objects.live().filter(monitoring_return__in=before)
    profile = ProfileLine.objects.filter(commitment=commitment, quarter=quarter).aggregate(
        total=Sum("amount_pence"), lines=Count("pk")
    )
    target = ReachTarget.objects.filter(commitment=commitment, quarter=quarter, measure=Measure.NEW).first()
    spent = SpendLine.objects.filter(revision__in=live).aggregate(total=Sum("actual_pence"))["total"] or 0
    return ReturnFacts(
        monitoring_return=monitoring_return,
        award=commitment.award.pounds,
        profile=Money(profile["total"] or 0).pounds if profile["lines"] else None,
        spent_before=Money(spent).pounds,
        reach_target=target.value if target else None,
        previous=_headlines(before.order_by("quarter__year", "quarter__number").last()),
        cumulative=_totals(live),
        earlier_not_settled=[str(item.quarter) for item in before if item.status in UNSETTLED],
        earlier_not_sent=[str(item.quarter) for item in before if item.status in WITH_GRANTEE],
        typical_unit_cost=_typical_unit_cost(monitoring_return) if for_staff else None,
    )


def _headlines(last: MonitoringReturn | None) -> dict[str, int]:
    if last is None:
        return {}
    cells = Cell.objects.filter(
        revision__monitoring_return=last,
        revision__superseded_at__isnull=True,
        category__dimension__slug=Dimension.TOTAL,
    )
    return dict(cells.values_list("measure", "value"))


def _totals(live: RevisionQuerySet) -> dict[str, int]:
    rows = Cell.objects.filter(revision__in=live, category__dimension__slug=Dimension.TOTAL)
    return dict(rows.values("measure").annotate(total=Sum("value")).values_list("measure", "total"))


def _typical_unit_cost(monitoring_return: MonitoringReturn) -> Decimal | None:
    """Median of pounds spent ÷ new people over the other approved returns of the programme in the year."""
    programme = monitoring_return.commitment.programme_id
    approved = (
        Revision.objects.live()
        .filter(
            approved_at__isnull=False,
            monitoring_return__commitment__programme=programme,
            monitoring_return__quarter__year=monitoring_return.quarter.year,
        )
        .exclude(monitoring_return__commitment=monitoring_return.commitment_id)
    )
    spend = dict(
        SpendLine.objects.filter(revision__in=approved)
        .values("revision__monitoring_return__commitment")
        .annotate(total=Sum("actual_pence"))
        .values_list("revision__monitoring_return__commitment", "total")
    )
    people = dict(
        Cell.objects.filter(revision__in=approved, measure=Measure.NEW, category__dimension__slug=Dimension.TOTAL)
        .values("revision__monitoring_return__commitment")
        .annotate(total=Sum("value"))
        .values_list("revision__monitoring_return__commitment", "total")
    )
    costs = [Money(pence).pounds / people[grant] for grant, pence in spend.items() if people.get(grant)]
    return statistics.median(costs) if costs else None
