"""What returns say was spent against the totals kept with each version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from evaluation.figures.families import spend
from evaluation.reconciliation.books import Books
from evaluation.reconciliation.printed import WHOLE, beside, objective_of, printed
from evaluation.reconciliation.registry import Pair, Subject, check
from grants.models import Revision, SpendLine
from vru.lib.periods import Quarter

SPEND = Subject.SPEND
COLUMNS = ("actual", "forecast", "match")
SPENT = "spend.total, as reports print it"
NOTED = "totals noted with the approved versions"
ITEM = "monitoring_return__"


@check(
    "spend-lines",
    SPEND,
    title="Spend lines and the totals of their version",
    left="totals noted when the version was made: actual, forecast, match",
    right="spend lines of the version",
)
def lines(books: Books) -> Iterator[Pair]:
    """The spend lines of every version of the year's returns come to what was noted with the version when it was made.
    A version for which nothing was noted is left.
    """
    place = (f"{ITEM}commitment__ref", f"{ITEM}quarter__number", "number")
    rows = (
        Revision.objects.filter(
            monitoring_return__quarter__year=books.year,
            monitoring_return__commitment__programme__layer=books.layer,
            control_actual_pence__isnull=False,
        )
        .order_by(*place)
        .values_list(*place, *(f"control_{column}_pence" for column in COLUMNS))
        .annotate(*(Sum(f"spend_lines__{column}_pence") for column in COLUMNS))
    )
    for ref, quarter, number, *amounts in rows:
        noted, added = amounts[: len(COLUMNS)], amounts[len(COLUMNS) :]
        for column, left, right in zip(COLUMNS, noted, added, strict=True):
            where = f"{ref} return for {Quarter(books.year, quarter)}, version {number}, {column}"
            yield Pair(where, left or 0, right or 0, ("grants:detail", ref))


@check(
    "spend-headings",
    SPEND,
    title="Spend by cost heading",
    left="approved spend lines of the year under all cost headings",
    right=NOTED,
)
def headings(books: Books) -> Iterator[Pair]:
    """Approved spend of the year, added up by cost heading, is what was noted with the approved versions."""
    approved = books.computation.revisions.filter(control_actual_pence__isnull=False).order_by()
    rows = SpendLine.objects.filter(revision__in=approved.values("pk")).order_by()
    by_heading = rows.values_list("heading__slug").annotate(Sum("actual_pence"))
    noted = approved.aggregate(noted=Sum("control_actual_pence"))["noted"] or 0
    yield Pair(f"All cost headings, {books.scope.year}", sum(pence for _, pence in by_heading), noted)


def _noted(books: Books) -> dict[str, dict[str, int]]:
    """What was noted with the approved versions, each way; where nothing was noted, what the lines come to. Kept."""

    def read() -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {way: defaultdict(int) for way in (WHOLE, "organisation", "quarter")}
        found["objective"] = defaultdict(int)
        # As at the day: a version that was corrected later is the one that counted then.
        rows = Revision.objects.approved_as_at(books.scope.moment).filter(
            monitoring_return__quarter__year=books.year,
            monitoring_return__commitment__programme__layer=books.layer,
        )
        rows = rows.order_by().annotate(
            organisation=F(f"{ITEM}commitment__organisation__ref"),
            objective=objective_of(f"{ITEM}commitment__"),
            pence=Coalesce("control_actual_pence", Sum("spend_lines__actual_pence"), 0),
        )
        for organisation, number, objective, pence in rows.values_list(
            "organisation", f"{ITEM}quarter__number", "objective", "pence"
        ):
            found[WHOLE][WHOLE] += pence
            found["organisation"][organisation] += pence
            found["quarter"][Quarter(books.year, number).key] += pence
            found["objective"][str(objective or "none")] += pence
        return found

    return books.computation.keep("noted spend", read)


def _printed(books: Books, way: str) -> Iterator[Pair]:
    return beside(spend.total, printed(books, spend.total).get(way, {}), _noted(books)[way])


@check("printed-spend", Subject.FIGURES, title="Spent, in all", left=SPENT, right=NOTED)
def spent(books: Books) -> Iterator[Pair]:
    """What is printed as spent is what was noted with the approved versions of the year's returns."""
    return _printed(books, WHOLE)


@check("printed-spend-organisation", Subject.FIGURES, title="Spent, by organisation", left=SPENT, right=NOTED)
def spent_by_organisation(books: Books) -> Iterator[Pair]:
    """What is printed as spent by each organisation is what was noted with its approved versions."""
    return _printed(books, "organisation")


@check("printed-spend-quarter", Subject.FIGURES, title="Spent, by quarter", left=SPENT, right=NOTED)
def spent_by_quarter(books: Books) -> Iterator[Pair]:
    """What is printed as spent in each quarter is what was noted with its approved versions."""
    return _printed(books, "quarter")


@check("printed-spend-objective", Subject.FIGURES, title="Spent, by primary objective", left=SPENT, right=NOTED)
def spent_by_objective(books: Books) -> Iterator[Pair]:
    """What is printed as spent for each primary objective is what was noted with its approved versions."""
    return _printed(books, "objective")


@check(
    "printed-spend-source",
    Subject.FIGURES,
    title="Spent, attributed to funding sources",
    left="spend.total by source, as reports print it, all sources together",
    right=NOTED,
)
def spent_by_source(books: Books) -> Iterator[Pair]:
    """Spend attributed to sources, by the line's own or by the grant's splits, is all spend: no penny is lost."""
    attributed = sum(printed(books, spend.total).get("source", {}).values())
    yield Pair(f"{spend.total.title}, all sources", attributed, _noted(books)[WHOLE].get(WHOLE, 0))
