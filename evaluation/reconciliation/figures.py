"""What is printed of awards, budget and funding against the rows it rests on, added up by other code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import F, Q, QuerySet, Sum

from evaluation.figures.families import awards, funding
from evaluation.reconciliation.books import Books
from evaluation.reconciliation.printed import WHOLE, beside, objective_of, printed, summed, summed_by
from evaluation.reconciliation.registry import Pair, Subject, check
from grants.models import AreaShare, Commitment, FundingSplit
from programmes.models import Allocation, BudgetLine
from vru.lib.money import split_pence

FIGURES = Subject.FIGURES
AWARDED = "award.total, as reports print it"
SPLITS = "funding splits of the year"
BUDGETED = "budget.total, as reports print it"
LINES = "budget lines of the year"


def _counted(books: Books) -> QuerySet[Commitment]:
    """Awarded by the day of the reading."""
    by_then = Q(awarded_on__isnull=True) | Q(awarded_on__lte=books.scope.as_at)
    return Commitment.objects.in_layer(books.layer).awarded().filter(by_then).order_by()


def _splits(books: Books) -> QuerySet[FundingSplit]:
    return FundingSplit.objects.filter(year=books.year, commitment__in=_counted(books).values("pk"))


def _award(books: Books, way: str, rows: dict[str, int]) -> Iterator[Pair]:
    return beside(awards.award, printed(books, awards.award).get(way, {}), rows)


@check("printed-award", FIGURES, title="Awarded, in all", left=AWARDED, right=SPLITS)
def award(books: Books) -> Iterator[Pair]:
    """What is printed as awarded is what the splits of the year come to."""
    return _award(books, WHOLE, summed(_splits(books)))


@check("printed-award-organisation", FIGURES, title="Awarded, by organisation", left=AWARDED, right=SPLITS)
def award_by_organisation(books: Books) -> Iterator[Pair]:
    """What is printed as awarded to each organisation is what the splits of its awards come to."""
    return _award(books, "organisation", summed_by(_splits(books), F("commitment__organisation__ref")))


@check("printed-award-source", FIGURES, title="Awarded, by funding source", left=AWARDED, right=SPLITS)
def award_by_source(books: Books) -> Iterator[Pair]:
    """What is printed as awarded from each source is what its splits come to."""
    return _award(books, "source", summed_by(_splits(books), F("source__slug")))


@check("printed-award-category", FIGURES, title="Awarded, by budget category", left=AWARDED, right=SPLITS)
def award_by_category(books: Books) -> Iterator[Pair]:
    """What is printed as awarded in each category is what the splits of its awards come to."""
    return _award(books, "category", summed_by(_splits(books), F("commitment__category__slug")))


@check("printed-award-objective", FIGURES, title="Awarded, by primary objective", left=AWARDED, right=SPLITS)
def award_by_objective(books: Books) -> Iterator[Pair]:
    """What is printed as awarded for each primary objective is what the splits of its awards come to."""
    return _award(books, "objective", summed_by(_splits(books), objective_of("commitment__")))


@check(
    "printed-award-area",
    FIGURES,
    title="Awarded, by area",
    left=AWARDED,
    right="area shares, the year's splits laid over them",
)
def award_by_area(books: Books) -> Iterator[Pair]:
    """What is printed as awarded in each area is the year's part of each award, in proportion to its area shares and
    to the penny.
    """
    shares: dict[int, list[tuple[str, int]]] = defaultdict(list)
    held = AreaShare.objects.filter(commitment__in=_counted(books).values("pk"))
    for pk, code, pence in held.order_by("commitment_id", "area__order", "area__code").values_list(
        "commitment_id", "area__code", "amount_pence"
    ):
        shares[pk].append((code, pence))
    rows: dict[str, int] = defaultdict(int)
    for pk, pence in _splits(books).order_by().values_list("commitment_id").annotate(Sum("amount_pence")):
        places = shares.get(pk) or [("none", 1)]
        weights = [weight for _, weight in places]
        parts = split_pence(pence, weights if any(weights) else [1] * len(weights))
        for (code, _), part in zip(places, parts, strict=True):
            rows[code] += part
    return _award(books, "borough", dict(rows))


def _lines(books: Books) -> QuerySet[BudgetLine]:
    return BudgetLine.objects.filter(layer=books.layer, year=books.year)


@check("printed-budget", FIGURES, title="Budget, in all", left=BUDGETED, right=LINES)
def budget(books: Books) -> Iterator[Pair]:
    """What is printed as budget is what the year's budget lines come to."""
    figures = printed(books, funding.budget_total).get(WHOLE, {})
    return beside(funding.budget_total, figures, summed(_lines(books)))


@check("printed-budget-source", FIGURES, title="Budget, by funding source", left=BUDGETED, right=LINES)
def budget_by_source(books: Books) -> Iterator[Pair]:
    """What is printed as budget of each source is what its lines come to."""
    figures = printed(books, funding.budget_total).get("source", {})
    return beside(funding.budget_total, figures, summed_by(_lines(books), F("source__slug")))


@check(
    "printed-budget-category",
    FIGURES,
    title="Budget, by category",
    left="budget.category, as reports print it",
    right=LINES,
)
def budget_by_category(books: Books) -> Iterator[Pair]:
    """What is printed as budget of each category is what its lines come to."""
    figures = printed(books, funding.budget_category).get("category", {})
    return beside(funding.budget_category, figures, summed_by(_lines(books), F("category__slug")))


def _latest(books: Books) -> dict[str, int]:
    """The last statement of each source's allocation, read in order rather than by the query that figures use."""
    rows = Allocation.objects.filter(layer=books.layer, year=books.year).order_by("source_id", "sequence")
    return dict(rows.values_list("source__slug", "amount_pence"))


@check(
    "printed-funding",
    FIGURES,
    title="Funding, in all",
    left="funding.total, as reports print it",
    right="the latest allocation of each source",
)
def funds(books: Books) -> Iterator[Pair]:
    """What is printed as funding is what the latest allocations of the year come to."""
    figures = printed(books, funding.total).get(WHOLE, {})
    return beside(funding.total, figures, {WHOLE: sum(_latest(books).values())})


@check(
    "printed-funding-source",
    FIGURES,
    title="Funding, by source",
    left="funding.source, as reports print it",
    right="the latest allocation of each source",
)
def funds_by_source(books: Books) -> Iterator[Pair]:
    """What is printed as funding from each source is its latest allocation."""
    return beside(funding.by_source, printed(books, funding.by_source).get("source", {}), _latest(books))
