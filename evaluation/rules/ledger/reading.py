"""Reading the ledger: grouped queries on independent tables, each made once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet, Sum

from evaluation.figures.computation import Computation
from evaluation.figures.figure import Figure
from evaluation.figures.key import FigureKey
from evaluation.figures.registry import all_of, families
from evaluation.figures.scope import Scope
from evaluation.rules.ledger.rows import (
    ApprovalRow,
    AwardRow,
    BreakdownRow,
    FunnelRow,
    Ledger,
    PairRow,
    SourceRow,
    TotalRow,
)
from grants.models import (
    AreaShare,
    Cell,
    Commitment,
    FundingSplit,
    Measure,
    MonitoringReturn,
    Payment,
    ProfileLine,
    Reading,
    Revision,
    SpendLine,
    Variation,
)
from programmes.models import Allocation, Dimension, FundingSource, IndicatorVersion
from vru.lib.periods import FinancialYear

# Figures of the year that must come out the same whichever way they are added up, and whether they are money.
READDED = {"budget.total": True, "award.total": True, "spend.total": True, "reach.new": False}
# Parameters whose values do not overlap: every row stands under exactly one of them.
PARTITIONS = {
    "objective": "by objective",
    "organisation": "by organisation",
    "source": "by funding source",
    "borough": "by area",
    "category": "by budget category",
    "quarter": "by quarter",
    "theme": "by theme",
}
# By area of residence, people who preferred not to say stand nowhere: that slice is not meant to re-add.
NOT_WHOLE = {("reach.new", "borough")}
APPROVED = (MonitoringReturn.Status.APPROVED, MonitoringReturn.Status.LOCKED)


def read_ledger(computation: Computation) -> Ledger:
    """What is recorded for the year in the layer, as at the end of the day of the computation's scope."""
    scope = computation.scope
    year, layer = scope.year, scope.layer
    revisions = Revision.objects.approved_as_at(scope.moment).filter(
        monitoring_return__quarter__year=year.start, monitoring_return__commitment__programme__layer=layer
    )
    return Ledger(
        awards=tuple(_awards(scope)),
        sources=tuple(_sources(scope)),
        breakdowns=tuple(_breakdowns(revisions)),
        funnels=tuple(_funnels(revisions)),
        approvals=tuple(_approvals(revisions)),
        unapproved=tuple(_unapproved(scope)),
        pairs=tuple(_pairs(revisions)),
        totals=tuple(_totals(computation, revisions)),
    )


def _awarded(scope: Scope) -> QuerySet[Commitment]:
    started = Q(awarded_on__isnull=True) | Q(awarded_on__lte=scope.as_at)
    return Commitment.objects.in_layer(scope.layer).awarded().filter(started)


def _awards(scope: Scope) -> Iterable[AwardRow]:
    of_year = _awarded(scope).filter(starts_on__lte=scope.year.ends_on, ends_on__gte=scope.year.starts_on)
    splits = _summed(FundingSplit.objects.filter(commitment__in=of_year))
    shares = _summed(AreaShare.objects.filter(commitment__in=of_year))
    splits_of_year = _summed(FundingSplit.objects.filter(commitment__in=of_year, year=scope.year.start))
    profile = _summed(ProfileLine.objects.filter(commitment__in=of_year, quarter__year=scope.year.start))
    paid = _summed(Payment.objects.filter(commitment__in=of_year, status=Payment.Status.PAID, paid_on__lte=scope.as_at))
    approved = Revision.objects.approved_as_at(scope.moment).filter(monitoring_return__commitment__in=of_year)
    spent = dict(
        SpendLine.objects.filter(revision__in=approved)
        .order_by()
        .values_list("revision__monitoring_return__commitment_id")
        .annotate(pence=Sum("actual_pence"))
    )
    varied = dict(
        Variation.objects.filter(commitment__in=of_year, approved_at__lte=scope.moment)
        .order_by("commitment_id", "number")
        .values_list("commitment_id", "after_pence")
    )
    for pk, ref, title, award in of_year.order_by("ref").values_list("pk", "ref", "title", "award_pence"):
        yield AwardRow(
            ref=ref,
            title=title,
            award=award,
            splits=splits.get(pk),
            shares=shares.get(pk),
            splits_of_year=splits_of_year.get(pk),
            profile_of_year=profile.get(pk),
            paid=paid.get(pk, 0),
            spent=spent.get(pk, 0),
            varied_to=varied.get(pk),
        )


def _summed(rows: QuerySet) -> dict[int, int]:
    return dict(rows.order_by().values_list("commitment_id").annotate(pence=Sum("amount_pence")))


def _sources(scope: Scope) -> Iterable[SourceRow]:
    year = scope.year.start
    allocated = dict(
        Allocation.objects.current().filter(layer=scope.layer, year=year).values_list("source_id", "amount_pence")
    )
    promised = dict(
        FundingSplit.objects.filter(year=year, commitment__in=_awarded(scope))
        .order_by()
        .values_list("source_id")
        .annotate(pence=Sum("amount_pence"))
    )
    for source in FundingSource.objects.filter(pk__in=promised).order_by("order", "slug"):
        yield SourceRow(source.slug, source.title, allocated.get(source.pk), promised[source.pk])


def _where(ref: str, year: int, number: int) -> str:
    return f"Return {ref}, {FinancialYear(year)} Q{number}"


_PLACE = ("revision__monitoring_return__commitment__ref", "revision__monitoring_return__quarter__year")
_PLACE_FIELDS = (*_PLACE, "revision__monitoring_return__quarter__number")


def _breakdowns(revisions: QuerySet[Revision]) -> Iterable[BreakdownRow]:
    rows = (
        Cell.objects.filter(revision__in=revisions)
        .order_by()
        .values_list(*_PLACE_FIELDS, "revision_id", "measure", "category__dimension__slug")
        .annotate(people=Sum("value"))
        .order_by(*_PLACE_FIELDS, "revision_id", "measure", "category__dimension__slug")
    )
    groups: dict[tuple[str, int, str], dict[str, int]] = defaultdict(dict)
    for ref, year, number, revision, measure, dimension, people in rows:
        groups[_where(ref, year, number), revision, measure][dimension] = people
    for (where, revision, measure), sums in groups.items():
        headline = sums.pop(Dimension.TOTAL, None)
        for dimension, people in sums.items():
            yield BreakdownRow(where, revision, measure, dimension, headline, people)


def _funnels(revisions: QuerySet[Revision]) -> Iterable[FunnelRow]:
    stages = (Measure.REFERRED, Measure.STARTED, Measure.COMPLETED)
    rows = (
        Cell.objects.filter(revision__in=revisions, measure__in=stages, category__dimension__slug=Dimension.TOTAL)
        .order_by()
        .values_list(_PLACE[0], "measure")
        .annotate(people=Sum("value"))
        .order_by(_PLACE[0], "measure")
    )
    groups: dict[str, dict[str, int]] = defaultdict(dict)
    for ref, measure, people in rows:
        groups[ref][measure] = people
    for ref, people in groups.items():
        yield FunnelRow(f"Award {ref}", ref, *(people.get(stage) for stage in stages))


def _approvals(revisions: QuerySet[Revision]) -> Iterable[ApprovalRow]:
    of_award = "monitoring_return__commitment__"
    waived = ExpressionWrapper(~Q(**{f"{of_award}sole_officer_waiver": ""}), BooleanField())
    rows = revisions.order_by("pk").values_list(
        f"{of_award}ref",
        "monitoring_return__quarter__year",
        "monitoring_return__quarter__number",
        "pk",
        "monitoring_return__status",
        "submitted_by_id",
        "approved_by_id",
        "signed_by_id",
        "submitted_at",
        "approved_at",
        f"{of_award}needs_signatory",
        waived,
    )
    for ref, year, number, *people_and_days in rows:
        yield ApprovalRow(_where(ref, year, number), *people_and_days)


def _unapproved(scope: Scope) -> Iterable[str]:
    """Returns marked as approved of which no revision is."""
    rows = (
        MonitoringReturn.objects.in_layer(scope.layer)
        .filter(quarter__year=scope.year.start, status__in=APPROVED)
        .exclude(revisions__in=Revision.objects.live().filter(approved_at__isnull=False))
        .order_by("commitment__ref", "quarter__number")
    )
    for ref, number in rows.values_list("commitment__ref", "quarter__number"):
        yield _where(ref, scope.year.start, number)


def _pairs(revisions: QuerySet[Revision]) -> Iterable[PairRow]:
    rows = (
        Reading.objects.filter(revision__in=revisions, version__kind=IndicatorVersion.Kind.PERCENTAGE)
        .filter(numerator__gt=F("denominator"))
        .order_by("revision_id", "version__indicator__slug")
        .values_list(*_PLACE_FIELDS, "revision_id", "version__indicator__slug", "numerator", "denominator")
    )
    for ref, year, number, revision, slug, numerator, denominator in rows:
        yield PairRow(_where(ref, year, number), revision, slug, f"{numerator:,.0f}", f"{denominator:,.0f}")


def _totals(computation: Computation, revisions: QuerySet[Revision]) -> Iterable[TotalRow]:
    rows = _from_rows(computation.scope, revisions)
    for family in families():
        if family.name not in READDED:
            continue
        is_money = READDED[family.name]
        headline: int | None = None
        added: dict[str, int] = defaultdict(int)
        for text, figure in all_of(computation, family).items():
            key = FigureKey.parse(text)
            if not key.parameters:
                headline = _whole(figure, is_money=is_money)
            elif _is_partition(key):
                added[PARTITIONS[key.names[0]]] += _whole(figure, is_money=is_money) or 0
        if headline is None:
            continue
        if family.name in rows:
            added["from its rows"] = rows[family.name]
        yield TotalRow(family.name, family.title, is_money, headline, dict(added))


def _is_partition(key: FigureKey) -> bool:
    return len(key.names) == 1 and key.names[0] in PARTITIONS and (key.name, key.names[0]) not in NOT_WHOLE


def _whole(figure: Figure, *, is_money: bool) -> int | None:
    """The figure as a whole number: pence for money."""
    if figure.value is None:
        return None
    return int(figure.value.scaleb(2)) if is_money else int(figure.value)


def _from_rows(scope: Scope, revisions: QuerySet[Revision]) -> dict[str, int]:
    """The same totals straight from the tables, without the figures' own code."""
    splits = FundingSplit.objects.filter(year=scope.year.start, commitment__in=_awarded(scope))
    people = Cell.objects.filter(revision__in=revisions, measure=Measure.NEW, category__dimension__slug=Dimension.TOTAL)
    spend = SpendLine.objects.filter(revision__in=revisions)
    return {
        "award.total": splits.aggregate(total=Sum("amount_pence"))["total"] or 0,
        "spend.total": spend.aggregate(total=Sum("actual_pence"))["total"] or 0,
        "reach.new": people.aggregate(total=Sum("value"))["total"] or 0,
    }
