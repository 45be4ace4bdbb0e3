"""Back from a return: every edition that counted it, and what it added to each figure there."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from evaluation.figures.computation import Computation
from evaluation.figures.figure import COMPUTED
from evaluation.figures.key import FigureError, FigureKey
from evaluation.figures.registry import check
from evaluation.figures.snapshot import read_snapshot
from evaluation.figures.trace import contributed
from evaluation.models import Edition
from evaluation.reports.facts import Facts
from evaluation.tracing.stored import scope_of
from evaluation.tracing.words import above, in_unit, plain
from grants.models import MonitoringReturn, Revision
from vru.accounts.models import User


@dataclass(frozen=True, slots=True)
class Appearance:
    """One edition and the version of the return that it counted. ``replaced_by`` is the version that counts now, where
    it is another; None also where none counts any more (see ``is_current``).
    """

    edition: Edition
    revision: Revision
    replaced_by: Revision | None
    is_current: bool


@dataclass(frozen=True, slots=True)
class Share:
    """What one return adds to a printed figure: ``value``, and for a ratio ``denominator`` below it."""

    key: str
    label: str
    printed: str
    unit: str
    value: Decimal
    denominator: Decimal | None

    @property
    def shown(self) -> str:
        """In the figure's unit: "24", "£1,200.00", "30 of 40"."""
        if self.denominator is None:
            return in_unit(self.value, self.unit)
        return f"{above(self.value, self.unit)} of {plain(self.denominator)}"


def appearances_of(monitoring_return: MonitoringReturn, *, user: User) -> list[Appearance]:
    """Every built edition that this person may see, newest first."""
    versions = {row.pk: row for row in monitoring_return.revisions.select_related("approved_by")}
    live = next((row for row in versions.values() if row.approved_at and row.superseded_at is None), None)
    counted = Edition.revisions.through.objects.filter(revision__in=versions).values_list("edition_id", "revision_id")
    of_edition = dict(counted)
    editions = Edition.objects.visible_to(user).built().filter(pk__in=of_edition)
    return [
        Appearance(
            edition=edition,
            revision=versions[of_edition[edition.pk]],
            replaced_by=live if live is not None and live.pk != of_edition[edition.pk] else None,
            is_current=live is not None and live.pk == of_edition[edition.pk],
        )
        for edition in editions.select_related("report__outline").order_by("-built_at", "-pk")
    ]


def shares_of(edition: Edition, facts: Facts, monitoring_return: MonitoringReturn) -> list[Share]:
    """The printed figures that the return is part of, in printed order."""
    figures = facts.data["figures"]
    spot = (monitoring_return.commitment_id, monitoring_return.quarter.period.key)
    with read_snapshot():
        computation = Computation(scope_of(edition, facts), fine=True)
        keys = [key for key, figure in figures.items() if figure["basis"] == COMPUTED and _known(computation, key)]
        found = contributed(computation, map(FigureKey.parse, keys), only=spot)
    made = []
    for key, rows in found.items():
        counted = [row for row in rows if row.revision_id is not None]
        if counted:
            made.append(_share(figures[key], counted))
    return sorted(
        (each for each in made if each.value or each.denominator), key=lambda each: figures[each.key]["order"]
    )


def _known(computation: Computation, key: str) -> bool:
    try:
        check(computation, FigureKey.parse(key))
    except FigureError:
        return False
    return True


def _share(figure: Any, rows: list[Any]) -> Share:
    is_ratio = (
        figure["unit"] in ("percent",) or figure["denominator"] is not None or figure["key"].startswith("unit_cost")
    )
    return Share(
        key=figure["key"],
        label=figure["label"],
        printed=figure["display"],
        unit=figure["unit"],
        value=sum((row.value for row in rows), Decimal(0)),
        denominator=sum((row.denominator for row in rows), Decimal(0)) if is_ratio else None,
    )
