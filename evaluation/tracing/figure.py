"""One printed figure: how it is defined, the rows that re-add to it, who approved them, and what it would be today."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from evaluation.figures.computation import Computation
from evaluation.figures.figure import COMPUTED, Figure
from evaluation.figures.key import FigureError, FigureKey
from evaluation.figures.registry import check, compute, computed, families
from evaluation.figures.scope import Scope
from evaluation.figures.snapshot import read_snapshot
from evaluation.figures.trace import Contribution, contributed
from evaluation.models import Edition
from evaluation.reports.changes import changes_between
from evaluation.reports.facts import Facts
from evaluation.reports.tokens import OPTIONS
from evaluation.tracing.stored import revisions_of, scope_of

Printed = Mapping[str, Any]
NOT_COMPUTED = "It is stated by a document, not computed, so nothing is added up."
GONE = "What its key names is no longer on record, so its rows cannot be read again."


@dataclass(frozen=True, slots=True)
class Sum:
    """What the rows come to. ``above`` and ``below`` are the halves of a ratio, ``below`` None otherwise; ``different``
    is the number of organisations where each counts once.
    """

    value: Decimal | None
    above: Decimal
    below: Decimal | None = None
    different: int | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """For the unit's own eyes. ``figure`` is the figure recomputed from the very versions that the edition printed;
    ``re_adds`` says whether that, and the rows, give what was printed. ``today`` is the figure of now, ``changes`` why
    it is another.
    """

    printed: Printed
    definition: Mapping[str, str] | None
    figure: Figure | None
    rows: list[Contribution]
    sum: Sum | None
    re_adds: bool | None
    today: Figure | None
    why_changed: str
    note: str = ""

    @property
    def is_same_today(self) -> bool:
        return not self.why_changed


@dataclass(frozen=True, slots=True)
class PublicTrace:
    """For everybody, from the published facts alone: no return, no organisation, no number that was not printed."""

    printed: Printed
    definition: Mapping[str, str] | None

    @property
    def is_hidden(self) -> bool:
        return bool(self.printed["hidden"])


def public_trace(facts: Facts, key: str) -> PublicTrace | None:
    """None for a figure that the edition does not print."""
    printed = facts.data["figures"].get(key)
    return None if printed is None else PublicTrace(printed, definition_in(facts, key))


def definition_in(facts: Facts, key: str) -> Mapping[str, str] | None:
    """What the figure counts, in the words of the edition."""
    name = key.partition(" ")[0]
    return next((each for each in facts.data["definitions"] if each["family"] == name), None)


def trace_of(edition: Edition, facts: Facts, key: str, *, today: datetime.date) -> Trace | None:
    """None for a figure that the edition does not print. Reads the database, as of one moment."""
    printed = facts.data["figures"].get(key)
    if printed is None:
        return None
    definition = definition_in(facts, key)
    with read_snapshot():
        scope = scope_of(edition, facts)
        now = _today(scope, key, today)
        why = _why(edition, facts, key, now, today)
        if printed["basis"] != COMPUTED:
            return Trace(printed, definition, None, [], None, None, now, why, NOT_COMPUTED)
        computation = Computation(scope, fine=True)
        try:
            asked = check(computation, FigureKey.parse(key))
            figure = computed(computation, [key])[key]
            rows = contributed(computation, [asked])[key]
        except FigureError:
            return Trace(printed, definition, None, [], None, False, now, why, GONE)
    rows = together(rows)
    added = sum_of(figure, rows)
    return Trace(printed, definition, figure, rows, added, _re_adds(printed, figure, added), now, why)


def together(rows: list[Contribution]) -> list[Contribution]:
    """One row for each grant and quarter: spend and people of one return, or its parts of several sources, added up."""
    made: dict[tuple[str, str, int | None], Contribution] = {}
    for row in rows:
        spot = (row.grant or row.organisation, row.quarter, row.revision_id)
        before = made.get(spot)
        made[spot] = (
            row
            if before is None
            else replace(before, value=before.value + row.value, denominator=before.denominator + row.denominator)
        )
    return list(made.values())


def sum_of(figure: Figure, rows: list[Contribution]) -> Sum:
    """The rows added up: plainly, in two halves for a ratio, or counting each organisation once."""
    above = sum((row.value for row in rows), Decimal(0))
    if figure.denominator is not None:
        below = sum((row.denominator for row in rows), Decimal(0))
        return Sum(figure.value if (above, below) == (figure.numerator, figure.denominator) else None, above, below)
    different = len({row.organisation for row in rows})
    if rows and figure.value is not None and figure.value != above and figure.value == different:
        return Sum(Decimal(different), above, different=different)
    return Sum(above if rows else figure.value, above)


def _re_adds(printed: Printed, figure: Figure, added: Sum) -> bool:
    if figure.value != added.value:
        return False
    # A hidden figure was printed without its number: its rows re-add to the unit's own count, and that is all.
    return bool(printed["hidden"]) or figure.as_json()["value"] == printed["value"]


def _today(scope: Scope, key: str, today: datetime.date) -> Figure | None:
    now = Scope.of(scope.year, scope.layer, today)
    if scope.until is not None:
        now = now.ending(scope.until)
    try:
        return compute(now, [key])[key]
    except FigureError:
        return None


def _why(edition: Edition, facts: Facts, key: str, now: Figure | None, today: datetime.date) -> str:
    """Why the figure of now is another than the printed one; "" where it is the same."""
    if now is None:
        return GONE
    printed = facts.data["figures"][key]
    if printed["hidden"]:
        # The number stays with the unit, so the comparison is with what the edition's own records give.
        printed = _as_printed(_recomputed(edition, facts, key) or now, printed)
        facts = Facts({**facts.data, "figures": {key: printed}})
    later = {
        **facts.data,
        "as_at": today.isoformat(),
        "figures": {key: _as_printed(now, printed)},
        "definitions": [_definition(family) for family in families()],
    }
    changed = changes_between(facts, Facts(later), old_revisions=revisions_of(edition), with_reasons=True)
    return changed[0].why if changed else ""


def _recomputed(edition: Edition, facts: Facts, key: str) -> Figure | None:
    try:
        return compute(scope_of(edition, facts), [key])[key]
    except FigureError:
        return None


def _as_printed(figure: Figure, printed: Printed) -> dict[str, Any]:
    shown = {option: figure.shown(option) for option in OPTIONS}
    return {**figure.as_json(), "shown": shown, "hidden": False, "order": printed["order"], "where": printed["where"]}


def _definition(family: Any) -> dict[str, str]:
    return {"family": family.name, "title": family.title, "unit": family.unit, **family.definition.as_json()}
