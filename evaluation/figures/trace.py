"""The way back from a figure: the rows it adds up, each with the return it came from and who approved it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from evaluation.figures.computation import Computation
from evaluation.figures.family import RolledFamily
from evaluation.figures.key import UNTIL, FigureKey, period_of, values_of
from evaluation.figures.registry import check, family_of
from evaluation.figures.rollup import Part, Total, matching, placed
from evaluation.figures.scope import Scope

# A commitment (its id) and a quarter (as in keys).
Spot = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one return adds to a figure. Money is in pounds. ``checked_on`` is when the version was last checked against
    the grantee's records; None: it is a self-report.

    For a ratio, ``value`` is what it adds to the numerator and ``denominator`` what it adds to the denominator. The
    return's fields are None for figures that rest on the register and not on returns, such as awards.
    """

    revision_id: int | None
    organisation: str
    grant: str
    quarter: str
    value: Decimal
    denominator: Decimal
    approved_by: str | None
    approved_at: datetime.datetime | None
    checked_on: datetime.date | None


def contributions(scope: Scope, key: str) -> list[Contribution]:
    """Every row of the figure, in the order of grants and quarters; their values re-add to it.

    Empty for figures that documents state: those carry their source instead. Raises UnknownFigure.
    """
    computation = Computation(scope, fine=True)
    asked = check(computation, FigureKey.parse(key))
    return contributed(computation, [asked])[str(asked)]


def contributed(
    computation: Computation, keys: Iterable[FigureKey], *, only: Spot | None = None
) -> dict[str, list[Contribution]]:
    """The rows of several figures by key, in one reading; the computation must be a fine one. With ``only``, those of
    one commitment (its id) and quarter (as in keys).

    Raises UnknownFigure for a family, statement or point that does not exist.
    """
    found: dict[str, list[Contribution]] = {}
    for until, group in _by_end(keys).items():
        reading = computation.ending(period_of(until).ends_on) if until else computation
        bare = {str(key.without(UNTIL)): str(key) for key in group}
        for key, rows in _contributed(reading, [FigureKey.parse(text) for text in bare], only).items():
            found[bare[key]] = sorted(rows, key=_order)
    return found


def _by_end(keys: Iterable[FigureKey]) -> dict[str, list[FigureKey]]:
    """Keys by where they cut the year off; "" for those that do not."""
    found: dict[str, list[FigureKey]] = {}
    for key in keys:
        found.setdefault(key.get(UNTIL) or "", []).append(key)
    return found


def _contributed(
    computation: Computation, keys: Iterable[FigureKey], only: Spot | None
) -> dict[str, list[Contribution]]:
    found: dict[str, list[Contribution]] = {}
    grouped: dict[tuple[str, tuple[str, ...]], list[FigureKey]] = {}
    for key in keys:
        found[str(key)] = []
        grouped.setdefault((key.name, key.names), []).append(key)
    for asked in grouped.values():
        family = family_of(asked[0])
        if isinstance(family, RolledFamily):
            _place(computation, family, asked, found, only)
        else:
            family.compute(computation, asked)  # raises for a statement or point that does not exist
    return found


def _place(
    computation: Computation,
    family: RolledFamily,
    asked: list[FigureKey],
    found: dict[str, list[Contribution]],
    only: Spot | None,
) -> None:
    """Put every row of a family where it belongs among the figures asked for."""
    names = asked[0].names
    spots = {tuple(value for _, value in key.parameters): key for key in asked if not key.is_united}
    revisions = computation.keep("traced revisions", lambda: _revisions(computation)) if family.from_returns else {}
    parts = family.rows(computation, names)
    placings = [(spots[spot], row) for spot, row in placed(parts, names) if spot in spots]
    for key in (key for key in asked if key.is_united):
        wanted = {name: values_of(name, value) for name, value in key.parameters}
        placings += [(key, row) for row in matching(parts, wanted)]
    for key, row in placings:
        if only is not None and only != (row.owner.pk, row.quarter):
            continue
        found[str(key)].append(_contribution(computation, family, dict(key.parameters), row, revisions))


def _order(row: Contribution) -> tuple[str, str, int, Decimal]:
    return row.grant, row.quarter, row.revision_id or 0, row.value


def _revisions(computation: Computation) -> dict[tuple[int, str], Any]:
    rows = computation.revisions.select_related("approved_by", "monitoring_return").with_assurance()
    return {
        (row.monitoring_return.commitment_id, computation.quarters[row.monitoring_return.quarter_id]): row
        for row in rows
    }


def _contribution(
    computation: Computation,
    family: RolledFamily,
    chosen: dict[str, str],
    row: Part,
    revisions: dict[tuple[int, str], Any],
) -> Contribution:
    alone = Total()
    alone.add(row)
    worked = family.finish(computation, chosen, alone)
    # A ratio adds its two halves; anything else adds its value.
    is_ratio = worked.denominator is not None
    value = worked.numerator if is_ratio else worked.value
    revision = revisions.get((row.owner.pk, row.quarter))
    return Contribution(
        revision_id=revision.pk if revision else None,
        organisation=row.owner.organisation,
        grant=row.owner.ref,
        quarter=row.quarter,
        value=value if value is not None else Decimal(0),
        denominator=worked.denominator if worked.denominator is not None else Decimal(0),
        approved_by=revision.approved_by.name if revision and revision.approved_by else None,
        approved_at=revision.approved_at if revision else None,
        checked_on=revision.checked_on if revision else None,
    )
