"""What stands about one programme's money: set aside, awarded, reported as spent, and paid. Reads only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from grants.models import Commitment, FundingSplit, Payment, SpendLine
from grants.models.commitment import AWARDED_STATUSES, CommitmentQuerySet
from programmes.models import BudgetLine, FundingSource, Programme


@dataclass(frozen=True, slots=True)
class YearLine:
    """Pence of one year, and of one source where ``source`` is given. ``spent`` is what approved returns report."""

    year: int
    source: FundingSource | None
    budget: int
    awarded: int
    spent: int

    @property
    def left(self) -> int:
        """Of the budget, what is not awarded; below nought when more was awarded than set aside."""
        return self.budget - self.awarded


@dataclass(frozen=True, slots=True)
class ProgrammeTotals:
    """Counts and pence over all years, of a programme with the projects inside it."""

    grants: int
    contracts: int
    grantees: int
    awarded: int
    paid: int


def inside(programme: Programme) -> Q:
    """Commitments of the programme and of its projects."""
    return Q(programme=programme) | Q(programme__parent=programme)


def commitments_of(programme: Programme) -> CommitmentQuerySet:
    return Commitment.objects.filter(inside(programme))


def totals_of(programme: Programme) -> ProgrammeTotals:
    is_grant, awarded = Q(kind=Commitment.Kind.GRANT), Q(status__in=AWARDED_STATUSES)
    row = (
        commitments_of(programme)
        .order_by()
        .aggregate(
            grants=Count("pk", filter=is_grant),
            others=Count("pk", filter=~is_grant),
            grantees=Count("organisation", distinct=True, filter=is_grant),
            awarded=Sum("award_pence", filter=awarded),
        )
    )
    paid = Payment.objects.filter(status=Payment.Status.PAID, commitment__in=commitments_of(programme).values("pk"))
    return ProgrammeTotals(
        grants=row["grants"],
        contracts=row["others"],
        grantees=row["grantees"],
        awarded=row["awarded"] or 0,
        paid=paid.order_by().aggregate(total=Sum("amount_pence"))["total"] or 0,
    )


def by_year(programme: Programme) -> list[YearLine]:
    """One line for each year that has any money, in order. Three queries."""
    budget, awarded, spent = _budget(programme), _splits(programme), _spend(programme)
    of_budget = {row["year"]: row["pence"] for row in budget.values("year").annotate(pence=Sum("amount_pence"))}
    of_awards = {row["year"]: row["pence"] for row in awarded.values("year").annotate(pence=Sum("amount_pence"))}
    quarter = "revision__monitoring_return__quarter__year"
    of_spend = {row[quarter]: row["pence"] for row in spent.values(quarter).annotate(pence=Sum("actual_pence"))}
    years = sorted(of_budget.keys() | of_awards.keys() | of_spend.keys())
    return [
        YearLine(year, None, of_budget.get(year, 0), of_awards.get(year, 0), of_spend.get(year) or 0) for year in years
    ]


def by_source(programme: Programme) -> list[YearLine]:
    """One line for each year and source; budget that names no source yet is a line without one. Three queries."""
    found: dict[tuple[int, int | None], list[int]] = defaultdict(lambda: [0, 0])
    for place, rows in ((0, _budget(programme)), (1, _splits(programme))):
        for row in rows.values("year", "source").annotate(pence=Sum("amount_pence")):
            found[row["year"], row["source"]][place] += row["pence"]
    sources = FundingSource.objects.in_bulk([source for _, source in found if source is not None])

    def order(key: tuple[int, int | None]) -> tuple[int, bool, int, str]:
        source = sources[key[1]] if key[1] is not None else None
        return (key[0], source is None, source.order if source else 0, source.slug if source else "")

    return [
        YearLine(key[0], sources[key[1]] if key[1] is not None else None, found[key][0], found[key][1], 0)
        for key in sorted(found, key=order)
    ]


def _budget(programme: Programme) -> QuerySet[BudgetLine]:
    return BudgetLine.objects.filter(inside(programme)).order_by()


def _splits(programme: Programme) -> QuerySet[FundingSplit]:
    awarded = commitments_of(programme).awarded()
    return FundingSplit.objects.filter(commitment__in=awarded.values("pk")).order_by()


def _spend(programme: Programme) -> QuerySet[SpendLine]:
    return SpendLine.objects.filter(
        revision__monitoring_return__commitment__in=commitments_of(programme).values("pk"),
        revision__superseded_at__isnull=True,
        revision__approved_at__isnull=False,
    ).order_by()
