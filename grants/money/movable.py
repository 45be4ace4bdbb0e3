"""How much of a year's money will not be spent where it is, and how much of that can still be moved, and by when."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Sum

from grants.models import Commitment, FundingSplit, MonitoringReturn, ReportingQuarter, SpendLine
from grants.money.headroom import Headroom, counted_splits, headrooms
from grants.money.spending import Spending
from programmes.models import BudgetLine, FunderRule, FundingSource
from vru.lib.layers import Layer
from vru.lib.money import Money
from vru.lib.periods import FinancialYear, Quarter, long_date

# Whose money can be moved: from acceptance until the award is reconciled.
GIVING = frozenset(
    {
        Commitment.Status.ACCEPTED,
        Commitment.Status.ACTIVE,
        Commitment.Status.SUSPENDED,
        Commitment.Status.COMPLETED,
        Commitment.Status.TERMINATED,
    }
)
BINDING = (FunderRule.Kind.SPENT_BY_YEAR_END, FunderRule.Kind.NO_CARRY_OVER)


def looked_at_on(layer: str, quarter: Quarter, today: datetime.date) -> datetime.date:
    """The day a quarter's underspend is looked at: today. The invented year is over, so there it is the day by which
    the quarter's returns were due.
    """
    if layer != Layer.ILLUSTRATIVE or today <= quarter.financial_year.ends_on:
        return today
    row = ReportingQuarter.objects.filter(year=quarter.year, number=quarter.number).first()
    return row.due_on if row is not None else quarter.ends_on


@dataclass(frozen=True, slots=True)
class Position:
    """One award's money of one source, in pence. ``forecast`` is None where no approved return gave one by then.

    ``movable`` is nought with a sentence in ``why_not``, or what can be moved with what limits it in ``limit``.
    """

    pk: int
    ref: str
    title: str
    source: str
    committed: int
    spent: int
    forecast: int | None
    is_late: bool
    movable: int
    why_not: str = ""
    limit: str = ""

    @property
    def underspend(self) -> int | None:
        """What will not be spent; negative where more will be. None is not nought: nobody has said yet."""
        return None if self.forecast is None else self.committed - self.spent - self.forecast


@dataclass(frozen=True, slots=True)
class SourcePosition:
    """One source in the year, in pence. ``unknown`` is what awards without a forecast were given, counted nowhere."""

    source: FundingSource
    headroom: Headroom
    spent: int
    forecast: int
    underspend: int
    unknown: int
    missing: int
    movable: int
    rules: tuple[str, ...]
    is_over: bool


class Movable:
    """A year of a layer as on the day ``on``, with the returns of quarters up to ``through``."""

    def __init__(self, year: FinancialYear, layer: str, *, on: datetime.date, through: int = 4) -> None:
        self.year, self.layer, self.on, self.through = year, layer, on, through
        self.spending = Spending(year, layer, on=on, through=through)

    @property
    def is_over(self) -> bool:
        return self.on > self.year.ends_on

    @cached_property
    def positions(self) -> list[Position]:
        """Every award past draft with money of the year, by source; most to move first, then as the register goes."""
        found = [self._position(*row) for row in self._splits]
        return sorted(
            found, key=lambda row: (-row.movable, row.underspend is None, -(row.underspend or 0), row.ref, row.source)
        )

    def of(self, commitment: Commitment, source: FundingSource) -> Position | None:
        spot = (commitment.pk, source.slug)
        return next((row for row in self.positions if (row.pk, row.source) == spot), None)

    @cached_property
    def sources(self) -> list[SourcePosition]:
        """Every source with an allocation or a promise in the year, in the order of sources."""
        rooms = {source: room for (source, year), room in headrooms(self.layer).items() if year == self.year.start}
        by_source: dict[str, list[Position]] = defaultdict(list)
        for row in self.positions:
            by_source[row.source].append(row)
        return [
            self._source(source, rooms[source.pk], by_source.get(source.slug, []))
            for source in FundingSource.objects.filter(pk__in=rooms)
        ]

    @cached_property
    def movable_in_all(self) -> int:
        """Pence that can move from all sources together: what one award holds counts once, not for each source."""
        by_award: dict[int, int] = defaultdict(int)
        for row in self.positions:
            by_award[row.pk] += row.movable
        return sum(min(pence, self._open_profile.get(pk, 0)) for pk, pence in by_award.items() if pence)

    def _source(self, source: FundingSource, room: Headroom, rows: list[Position]) -> SourcePosition:
        known = [row for row in rows if row.forecast is not None]
        return SourcePosition(
            source=source,
            headroom=room,
            spent=sum(row.spent for row in rows),
            forecast=sum(row.forecast or 0 for row in known),
            underspend=sum(row.underspend or 0 for row in known),
            unknown=sum(row.committed for row in rows if row.forecast is None),
            missing=len(rows) - len(known),
            movable=sum(row.movable for row in rows),
            rules=tuple(self._rules.get(source.slug, ())),
            is_over=self.is_over,
        )

    @cached_property
    def _rules(self) -> dict[str, list[str]]:
        """Titles of the rules that bind a source's money to the year, by its slug."""
        found: dict[str, list[str]] = defaultdict(list)
        rules = FunderRule.objects.in_force_in(self.year.start).filter(kind__in=BINDING).order_by("source_id", "slug")
        for slug, title in rules.values_list("source__slug", "title"):
            found[slug].append(title)
        return found

    @cached_property
    def _splits(self) -> list[tuple[int, str, str, str, str, int]]:
        fields = ("commitment_id", "commitment__ref", "commitment__title", "commitment__status", "source__slug")
        rows = counted_splits(self.layer).filter(year=self.year.start, amount_pence__gt=0)
        return list(rows.order_by("commitment__ref", "source__slug").values_list(*fields, "amount_pence"))

    @cached_property
    def _outturn(self) -> dict[tuple[int, str], tuple[int, int]]:
        found: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0])
        for line in self.spending.lines_by_source:
            spot = found[line.about.pk, line.source]
            spot[0], spot[1] = spot[0] + line.actual, spot[1] + line.forecast
        return {key: (actual, forecast) for key, (actual, forecast) in found.items()}

    @cached_property
    def _open_profile(self) -> dict[int, int]:
        """Profile of the year's quarters without an approved return, by commitment: what a variation may lower."""
        reported: dict[int, set[int]] = defaultdict(set)
        for (commitment, quarter), (approved, _) in self._all_returns.items():
            if approved:
                reported[commitment].add(quarter)
        found: dict[int, int] = defaultdict(int)
        for line in self.spending.lines:
            if line.quarter not in reported[line.about.pk]:
                found[line.about.pk] += line.profile
        return found

    @cached_property
    def _all_returns(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Of all quarters: a return approved since the quarter that is looked at closes its quarter all the same."""
        if self.through == 4:
            return self.spending.returns
        return Spending(self.year, self.layer, on=self.on).returns

    @cached_property
    def _foretold(self) -> set[int]:
        """Commitments whose latest approved return gives a forecast. A box left empty is not nought."""
        about = "revision__monitoring_return__"
        rows = SpendLine.objects.filter(
            revision__approved_at__isnull=False,
            revision__superseded_at__isnull=True,
            forecast_pence__isnull=False,
            **{f"{about}quarter__year": self.year.start, f"{about}commitment__programme__layer": self.layer},
        ).order_by()
        given = set(rows.values_list(f"{about}commitment_id", f"{about}quarter__number").distinct())
        return {pk for pk, quarter in self.spending.last_reported.items() if (pk, quarter) in given}

    @cached_property
    def _unfiled(self) -> set[int]:
        """Commitments whose return for the quarter looked at is due and not approved."""
        rows = MonitoringReturn.objects.in_layer(self.layer).filter(
            quarter__year=self.year.start, quarter__number=self.through, due_on__lte=self.on
        )
        settled = [MonitoringReturn.Status.APPROVED, MonitoringReturn.Status.LOCKED, MonitoringReturn.Status.WAIVED]
        return set(rows.exclude(status__in=settled).values_list("commitment_id", flat=True))

    @cached_property
    def _asked(self) -> set[int]:
        """Commitments that send returns in the year at all."""
        rows = MonitoringReturn.objects.in_layer(self.layer).filter(quarter__year=self.year.start)
        return set(rows.values_list("commitment_id", flat=True))

    def _position(self, pk: int, ref: str, title: str, status: str, source: str, committed: int) -> Position:
        spent, forecast = self._outturn.get((pk, source), (0, 0))
        known = pk in self._foretold
        movable, why_not, limit = self._movable(pk, status, committed - spent - forecast if known else None)
        return Position(
            pk,
            ref,
            title,
            source,
            committed,
            spent,
            forecast if known else None,
            pk in self._unfiled,
            movable,
            why_not,
            limit,
        )

    def _movable(self, pk: int, status: str, unspent: int | None) -> tuple[int, str, str]:
        if self.is_over:
            return 0, f"{self.year} ended on {long_date(self.year.ends_on)}: what was not spent cannot be moved.", ""
        if status not in GIVING:
            return 0, "The award is not accepted yet, or is reconciled.", ""
        if unspent is None:
            asks = "No approved return says how much will be spent." if pk in self._asked else "It sends no returns."
            return 0, asks, ""
        if unspent <= 0:
            return 0, "Everything is spent or will be.", ""
        planned = self._open_profile.get(pk, 0)
        if not planned:
            return 0, "Every quarter of its profile is reported, and what was reported against stays.", ""
        if planned < unspent:
            left = Money(planned).exact()
            return planned, "", f"Quarters not reported yet hold {left} of its profile, so no more can be taken out."
        return unspent, "", ""


def movable_of_line(line: BudgetLine) -> int:
    """What of a budget line no award has been promised: its amount less the splits of its programme, source, year and
    category. Never negative.
    """
    splits = FundingSplit.objects.filter(
        commitment__programme__in=[line.programme_id, *line.programme.projects.values_list("pk", flat=True)]
        if line.programme
        else [],
        commitment__category=line.category_id,
        source=line.source_id,
        year=line.year,
    ).exclude(commitment__status=Commitment.Status.DRAFT)
    return max(0, line.amount_pence - (splits.aggregate(total=Sum("amount_pence"))["total"] or 0))
