"""Profile, actual and forecast of a year, line by line, added up by any of the ways in which people ask for it.

What counts: profiles as they stand; spend and forecast of approved returns. The variance to date compares spend with
the profile of the same awards and quarters: a return that has not come looks like no return, never like underspend.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Count, Exists, OuterRef, Q, Sum

from grants.models import Commitment, FundingSplit, MonitoringReturn, ProfileLine, Revision, SpendLine
from grants.money.attribution import attributed, splits_of_year
from programmes.models import Programme
from vru.lib.periods import FinancialYear

# What belongs nowhere: no source, no objective.
NONE = ""
COLUMNS = ("profile", "to_date", "actual", "forecast")
Spot = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class About:
    """What one commitment belongs to: one of each kind, so that totals by any of them add up."""

    pk: int
    ref: str
    title: str
    programme: str
    category: str
    objective: str
    grantee: str


@dataclass(frozen=True, slots=True)
class Line:
    """Pence of one commitment and quarter, under one heading or source where that was asked for.

    ``to_date`` is the profile of quarters with an approved return; ``forecast`` that of the latest approved return.
    """

    about: About
    quarter: int
    heading: str = NONE
    source: str = NONE
    profile: int = 0
    to_date: int = 0
    actual: int = 0
    forecast: int = 0


class Spending:
    """One year of one layer, read once, as on the day ``on``. ``by_heading`` keeps cost headings apart.

    ``through`` counts only the returns of quarters up to that number, as if later ones had not come.
    """

    def __init__(
        self, year: FinancialYear, layer: str, *, on: datetime.date, by_heading: bool = False, through: int = 4
    ) -> None:
        self.year, self.layer, self.on = year, layer, on
        self.by_heading, self.through = by_heading, through

    @cached_property
    def commitments(self) -> dict[int, About]:
        """Those that touch the year, by id and in the order of references: by dates, splits, profile or a return."""
        year, own = self.year, {"commitment": OuterRef("pk")}
        touches = (
            Q(starts_on__lte=year.ends_on, ends_on__gte=year.starts_on)
            | Exists(FundingSplit.objects.filter(**own, year=year.start))
            | Exists(ProfileLine.objects.filter(**own, quarter__year=year.start))
            | Exists(MonitoringReturn.objects.filter(**own, quarter__year=year.start))
        )
        fields = ("pk", "ref", "title", "programme_id", "category__slug", "organisation__ref")
        rows = Commitment.objects.in_layer(self.layer).filter(touches).order_by("ref").values_list(*fields)
        return {
            pk: About(pk, ref, title, self._programmes[of][0], category, self._programmes[of][1], grantee)
            for pk, ref, title, of, category, grantee in rows
        }

    @cached_property
    def _programmes(self) -> dict[int, tuple[str, str]]:
        """The programme that a programme or project counts towards, and its main objective's number."""
        fields = ("pk", "ref", "parent_id", "primary_objective__number")
        rows = {row[0]: row for row in Programme.objects.in_layer(self.layer).values_list(*fields)}
        found = {}
        for pk, row in rows.items():
            line = _ancestry(row, rows)
            number = next((each[3] for each in line if each[3] is not None), None)
            found[pk] = (line[-1][1], NONE if number is None else str(number))
        return found

    @cached_property
    def splits(self) -> dict[int, dict[str, int]]:
        return splits_of_year(self.year, self.layer)

    @cached_property
    def _planned(self) -> dict[Spot, int]:
        rows = ProfileLine.objects.filter(commitment__programme__layer=self.layer, quarter__year=self.year.start)
        fields = ("commitment_id", "quarter__number", *(["heading__slug"] if self.by_heading else []))
        grouped = rows.order_by().values_list(*fields).annotate(pence=Sum("amount_pence")).order_by(*fields)
        return {(*row[:2], row[2] if self.by_heading else NONE): row[-1] for row in grouped}

    @cached_property
    def _spent(self) -> dict[tuple[int, int, str, str | None], tuple[int, int]]:
        """Actual and forecast of approved returns, by commitment, quarter, heading and the source that a line names."""
        about = "revision__monitoring_return__"
        rows = SpendLine.objects.filter(
            revision__approved_at__isnull=False,
            revision__superseded_at__isnull=True,
            **{
                f"{about}quarter__year": self.year.start,
                f"{about}quarter__number__lte": self.through,
                f"{about}commitment__programme__layer": self.layer,
            },
        )
        heading = ["heading__slug"] if self.by_heading else []
        fields = (f"{about}commitment_id", f"{about}quarter__number", *heading, "source__slug")
        grouped = rows.order_by().values_list(*fields).annotate(Sum("actual_pence"), Sum("forecast_pence"))
        return {
            (row[0], row[1], row[2] if self.by_heading else NONE, row[-3]): (row[-2], row[-1] or 0)
            for row in grouped.order_by(*fields)
        }

    @cached_property
    def last_reported(self) -> dict[int, int]:
        """The latest quarter with approved spend of each commitment: its forecast is the one that counts."""
        last: dict[int, int] = {}
        for commitment, quarter, _, _ in self._spent:
            last[commitment] = max(last.get(commitment, 0), quarter)
        return last

    @cached_property
    def lines(self) -> list[Line]:
        """Without sources: profile and spend by commitment, quarter and, where asked for, heading."""
        reported = {(commitment, quarter) for commitment, quarter, _, _ in self._spent}
        found = [
            Line(
                self.commitments[commitment],
                quarter,
                heading,
                profile=pence,
                to_date=pence if (commitment, quarter) in reported else 0,
            )
            for (commitment, quarter, heading), pence in self._planned.items()
        ]
        for (commitment, quarter, heading, source), (actual, forecast) in self._spent.items():
            counts = self.last_reported[commitment] == quarter
            about, named = self.commitments[commitment], NONE if source is None else source
            found.append(Line(about, quarter, heading, named, actual=actual, forecast=forecast if counts else 0))
        return found

    @cached_property
    def lines_by_source(self) -> list[Line]:
        """The same, each amount given to its own source or following the commitment's splits, to the penny."""
        found = []
        for line in self.lines:
            splits = self.splits.get(line.about.pk, {})
            parts: dict[str, dict[str, int]] = defaultdict(dict)
            for column in COLUMNS:
                pence = getattr(line, column)
                if pence:
                    for source, part in attributed(pence, line.source or None, splits, nowhere=NONE):
                        parts[source][column] = part
            found += [
                replace(
                    line,
                    source=source,
                    profile=columns.get("profile", 0),
                    to_date=columns.get("to_date", 0),
                    actual=columns.get("actual", 0),
                    forecast=columns.get("forecast", 0),
                )
                for source, columns in parts.items()
            ]
        return found

    @cached_property
    def returns(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Approved and expected returns by commitment and quarter. Expected: due by the day, or sent; never waived."""
        own = {"monitoring_return": OuterRef("pk")}
        rows = (
            MonitoringReturn.objects.in_layer(self.layer)
            .filter(quarter__year=self.year.start, quarter__number__lte=self.through)
            .exclude(status=MonitoringReturn.Status.WAIVED)
            .annotate(
                sent=Exists(Revision.objects.filter(**own)),
                approved=Exists(Revision.objects.live().filter(**own, approved_at__isnull=False)),
            )
            .order_by()
            .values_list("commitment_id", "quarter__number")
            .annotate(
                n_approved=Count("pk", filter=Q(approved=True)),
                n_expected=Count("pk", filter=Q(due_on__lte=self.on) | Q(sent=True)),
            )
        )
        return {(commitment, quarter): (approved, expected) for commitment, quarter, approved, expected in rows}


def _ancestry(row: tuple, rows: dict[int, tuple]) -> list[tuple]:
    """The programme, then its parents upwards; stops at a parent of another layer or a ring."""
    line = [row]
    while line[-1][2] in rows and rows[line[-1][2]] not in line:
        line.append(rows[line[-1][2]])
    return line
