"""Money of one year that is planned or spent after it: what a funder who allows no carry-over asks about."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, Sum

from evaluation.figures import Scope
from grants.models import ProfileLine, Revision, SpendLine
from grants.money.headroom import counted_splits
from programmes.models import FundingSource
from vru.lib.money import split_pence


@dataclass(frozen=True, slots=True)
class Carried:
    """In pence, of one source and year. ``running_on`` counts awards that go on after the year with no later money."""

    committed: int
    planned: int
    spent: int
    awards: int
    running_on: int


def carried(source: FundingSource, scope: Scope) -> Carried:
    """What is planned and spent after the year beyond the money of later years; each award's part of this source.

    An award funded by several sources carries them over in proportion to their splits of the year, to the penny.
    """
    year = scope.year.start
    splits = counted_splits(scope.layer).order_by()
    own = dict(splits.filter(source=source, year=year).values_list("commitment_id").annotate(Sum("amount_pence")))
    if not own:
        return Carried(0, 0, 0, 0, 0)
    of_awards = splits.filter(commitment__in=own)
    whole = dict(of_awards.filter(year=year).values_list("commitment_id").annotate(Sum("amount_pence")))
    later = dict(of_awards.filter(year__gt=year).values_list("commitment_id").annotate(Sum("amount_pence")))
    lines = ProfileLine.objects.filter(commitment__in=own, quarter__year__gt=year).order_by()
    planned = dict(lines.values_list("commitment_id").annotate(Sum("amount_pence")))
    approved = Revision.objects.approved_as_at(scope.moment).filter(
        monitoring_return__commitment__in=own, monitoring_return__quarter__year__gt=year
    )
    rows = SpendLine.objects.filter(Q(source=None) | Q(source=source), revision__in=approved).order_by()
    spent = dict(rows.values_list("revision__monitoring_return__commitment_id").annotate(Sum("actual_pence")))
    ending_later = set(
        of_awards.filter(year=year, commitment__ends_on__gt=scope.year.ends_on).values_list("commitment_id", flat=True)
    )

    def part(after: dict[int, int]) -> int:
        total = 0
        for award, pence in own.items():
            excess = max(after.get(award, 0) - later.get(award, 0), 0)
            total += split_pence(excess, [pence, whole[award] - pence])[0] if whole[award] else 0
        return total

    running_on = sum(1 for award in ending_later if not later.get(award))
    return Carried(sum(own.values()), part(planned), part(spent), len(own), running_on)
