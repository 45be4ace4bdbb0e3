"""One reading of the database for one scope: who owns what, and which revisions count.

Everything read is kept, so that families which need the same rows share one query.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, Protocol, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from evaluation.figures.rollup import NONE, UNIT_WIDE, Owner
from evaluation.figures.scope import Scope
from grants.models import Commitment, FundingSplit, MonitoringReturn, ReportingQuarter, Revision
from grants.models.revision import RevisionQuerySet
from grants.money.attribution import splits_of_year
from programmes.models import LogicLink, Objective, Programme
from vru.lib.periods import Quarter

_FIELDS = ("pk", "ref", "programme_id", "organisation__ref", "organisation__name", "category__slug", "kind")
Kept = TypeVar("Kept")
Rows = TypeVar("Rows", bound=QuerySet[Any])


class InTime(Protocol):
    """A row of one quarter, as in keys."""

    @property
    def quarter(self) -> str: ...


Row = TypeVar("Row", bound=InTime)


class Computation:
    """``fine`` keeps every row to one grant and quarter, which a trace needs and a sum does not. ``is_whole`` says that
    every family will be computed, so that one query for several of them is cheaper than one for each.
    """

    def __init__(self, scope: Scope, *, fine: bool = False) -> None:
        self.scope = scope
        self.fine = fine
        self.is_whole = False
        # The reading of the whole year that this one ends early in the course of.
        self.longer: Computation | None = None
        self.kept: dict[object, Any] = {}

    def keep(self, name: object, make: Callable[[], Kept]) -> Kept:
        """What ``make`` gives, made once."""
        if name not in self.kept:
            self.kept[name] = make()
        found: Kept = self.kept[name]
        return found

    def ending(self, day: datetime.date) -> Computation:
        """A reading of the same scope as the year had come to by the end of a day."""
        return self.keep(("ending", day), lambda: self._ending(day))

    def _ending(self, day: datetime.date) -> Computation:
        made = Computation(self.scope.ending(day), fine=self.fine)
        made.longer = self
        # Who owns what is the same all year.
        for name in ("quarters", "objectives", "outcomes", "programmes", "splits", "commitments"):
            setattr(made, name, getattr(self, name))
        return made

    def rows_in_time(self, read: Callable[[Computation], list[Row]]) -> list[Row]:
        """What ``read`` gives of a reading; of one that ends early, those rows of the whole year's that it counts. Not
        kept. ``read`` keeps its rows for the whole year.
        """
        if self.longer is None:
            return read(self)
        counted = {Quarter(self.scope.year.start, number).key for number in self.scope.quarters_counted}
        return [row for row in self.longer.rows_in_time(read) if row.quarter in counted]

    def in_time(self, rows: Rows, field: str) -> Rows:
        """Rows of the quarters that the scope counts; ``field`` leads to a quarter's number."""
        if self.scope.until is None:
            return rows
        return rows.filter(**{f"{field}__in": self.scope.quarters_counted})

    @cached_property
    def quarters(self) -> dict[int, str]:
        """The year's reporting quarters by id, as in keys."""
        rows = ReportingQuarter.objects.filter(year=self.scope.year.start).values_list("pk", "number")
        return {pk: Quarter(self.scope.year.start, number).key for pk, number in rows}

    @cached_property
    def revisions(self) -> RevisionQuerySet:
        """The approved revisions of the year and layer as at the end of the day: what figures are computed from. Where
        the scope names revisions, exactly those: one that an edition printed counts, superseded since or not.
        """
        chosen = self.scope.revision_ids
        found = (
            Revision.objects.approved_as_at(self.scope.moment)
            if chosen is None
            else Revision.objects.filter(pk__in=chosen, approved_at__isnull=False)
        )
        found = found.filter(
            monitoring_return__quarter__year=self.scope.year.start,
            monitoring_return__commitment__programme__layer=self.scope.layer,
        )
        return self.in_time(found, "monitoring_return__quarter__number")

    @cached_property
    def awarded(self) -> Q:
        """Commitments that were awarded by the end of the day, for a query on commitments."""
        day = self.scope.as_at
        return Q(programme__layer=self.scope.layer) & (Q(awarded_on__isnull=True) | Q(awarded_on__lte=day))

    @cached_property
    def objectives(self) -> dict[int, str]:
        """Objective numbers of every version: a programme keeps its objective's number from version to version."""
        return {pk: str(number) for pk, number in Objective.objects.values_list("pk", "number")}

    @cached_property
    def outcomes(self) -> dict[str, tuple[str, ...]]:
        """The outcomes that each objective feeds, by number, in the strategy version of the scope."""
        links = LogicLink.objects.filter(objective__version=self.scope.strategy_version)
        found: dict[str, list[str]] = defaultdict(list)
        for objective, outcome in links.order_by("objective__number", "outcome__number").values_list(
            "objective__number", "outcome__number"
        ):
            found[str(objective)].append(str(outcome))
        return {number: tuple(outcomes) for number, outcomes in found.items()}

    @cached_property
    def programmes(self) -> dict[int, Owner]:
        """Programmes of the layer. A project counts towards its programme too, and takes its theme and objective from
        it where it has none of its own.
        """
        fields = ("pk", "ref", "parent_id", "theme__slug", "primary_objective_id")
        rows = {row[0]: row for row in Programme.objects.in_layer(self.scope.layer).values_list(*fields)}
        found = {}
        for pk, ref, *_ in rows.values():
            line = _ancestry(pk, rows)
            theme = next((row[3] for row in line if row[3]), NONE)
            objective = next((self.objectives[row[4]] for row in line if row[4]), NONE)
            places = {
                "programme": tuple(dict.fromkeys(row[1] for row in line)),
                "theme": (theme,),
                "objective": (objective,),
                "outcome": self.outcomes.get(objective, (NONE,)),
            }
            found[pk] = Owner(pk, ref, "", places)
        return found

    @cached_property
    def commitments(self) -> dict[int, Owner]:
        """Every commitment of the layer that touches the year, with all the slices it belongs to."""
        year = self.scope.year
        own = {"commitment": OuterRef("pk")}
        touches = (
            Q(starts_on__lte=year.ends_on, ends_on__gte=year.starts_on)
            | Exists(FundingSplit.objects.filter(**own, year=year.start))
            | Exists(MonitoringReturn.objects.filter(**own, quarter__year=year.start))
        )
        rows = Commitment.objects.in_layer(self.scope.layer).filter(touches).values_list(*_FIELDS)
        return {row[0]: self._placed(row) for row in rows}

    def _placed(self, row: tuple[Any, ...]) -> Owner:
        pk, ref, programme, organisation, name, category, kind = row
        places = dict(self.programmes[programme].places)
        places |= {"organisation": (organisation,), "category": (category,), "kind": (kind,)}
        places["source"] = tuple(self.splits.get(pk, {})) or (NONE,)
        return Owner(pk, ref, name, places, self.programmes[programme])

    def owners(self, pks: Iterable[int]) -> dict[int, Owner]:
        """The commitments named, also those that do not touch the year (a last payment may come after it)."""
        lacking = [pk for pk in pks if pk not in self.commitments]
        late = Commitment.objects.in_layer(self.scope.layer).filter(pk__in=lacking) if lacking else ()
        rows = late.order_by("pk").values_list(*_FIELDS) if late else ()
        return self.commitments | {row[0]: self._placed(row) for row in rows}

    @cached_property
    def splits(self) -> dict[int, dict[str, int]]:
        """Pence of each commitment by source in the year; all its years together where it has none in this one."""
        return splits_of_year(self.scope.year, self.scope.layer)

    def owner(self, commitment: int) -> Owner:
        return self.commitments[commitment]

    def programme(self, pk: int | None) -> Owner:
        return UNIT_WIDE if pk is None else self.programmes[pk]


def _ancestry(pk: int, rows: dict[int, tuple]) -> list[tuple]:
    """The programme, then its parents upwards; stops at a parent of another layer or a ring."""
    line: list[tuple] = []
    current: int | None = pk
    while current in rows and rows[current] not in line:
        line.append(rows[current])
        current = rows[current][2]
    return line
