"""What changed between two editions: each figure that both printed, its old and new value, and why.

The old and new values are compared as facts hold them, already protected. The reasons are read from the records: which
returns were corrected, approved since or taken back in the figure's own slice, and which records beside returns.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from evaluation.figures.computation import Computation
from evaluation.figures.figure import COMPUTED
from evaluation.figures.key import FigureError, FigureKey
from evaluation.figures.registry import check
from evaluation.figures.scope import Scope
from evaluation.figures.snapshot import read_snapshot
from evaluation.figures.trace import Contribution, contributed
from evaluation.reports.facts import Facts
from evaluation.reports.imprint import Changed
from grants.models import Revision
from programmes.models import Allocation
from vru.lib.periods import FinancialYear, Quarter

NUMBERS = ("value", "low", "high", "precision", "display")
BY_PLAN = frozenset(("objective", "outcome"))
HIDDEN_SINCE = "Hidden in the later edition, so that nobody can be recognised."
HIDDEN_BEFORE = "Hidden in the earlier edition, so that nobody could be recognised."
Revisions = frozenset[int] | None


@dataclass(frozen=True, slots=True)
class Correction:
    """A return whose approved version in the earlier edition was replaced by another in the later one."""

    return_pk: int
    grant: str
    quarter: str
    old_revision: int
    new_revision: int
    reason: str


@dataclass(frozen=True, slots=True)
class Side:
    """One edition's part of a comparison. ``revisions`` are those it was computed from; None: those approved by its
    day, which is the same unless something was approved later on that day.
    """

    facts: Facts
    revisions: Revisions = None

    @property
    def scope(self) -> Scope:
        data = self.facts.data
        day = datetime.date.fromisoformat(data["as_at"])
        scope = Scope.of(FinancialYear.parse(data["year"]), data["layer"], day)
        return scope if self.revisions is None else scope.limited_to(self.revisions)


def changes_between(
    old: Facts,
    new: Facts,
    *,
    old_revisions: Revisions = None,
    new_revisions: Revisions = None,
    with_reasons: bool = False,
) -> tuple[Changed, ...]:
    """Every figure that both editions print and that is not the same in both, in the order of the newer one.

    ``why`` counts the returns behind a change and names no organisation, so that it may be printed;
    ``with_reasons`` adds the sentences that people gave for corrections, which are for the unit's own eyes.
    Both editions are of one year and layer. Reads the database.
    """
    changed = differing(old, new)
    if not changed:
        return ()
    with read_snapshot():
        why = _Reasons(Side(old, old_revisions), Side(new, new_revisions), changed, with_reasons=with_reasons)
        return tuple(
            Changed(
                key=key,
                label=after["label"],
                old=_printed(before, after),
                new=_printed(after, before),
                why=why.of(key),
            )
            for key, (before, after) in changed.items()
        )


def differing(old: Facts, new: Facts) -> dict[str, tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """(before, after) by key, of the figures that both print and that are not the same, in the newer one's order."""
    before = old.data["figures"]
    pairs = {key: (before[key], after) for key, after in new.data["figures"].items() if key in before}
    found = {key: pair for key, pair in pairs.items() if _differs(*pair)}
    return dict(sorted(found.items(), key=lambda item: (item[1][1]["order"], item[0])))


def corrections_between(old_revisions: Iterable[int], new_revisions: Iterable[int]) -> tuple[Correction, ...]:
    """The returns that both editions count, with different versions: corrected since the earlier one was made."""
    fields = {"monitoring_return__commitment", "monitoring_return__quarter"}
    earlier, later = frozenset(old_revisions), frozenset(new_revisions)
    rows = Revision.objects.select_related(*fields).order_by(
        "monitoring_return__commitment__ref", "monitoring_return__quarter__number", "pk"
    )
    replaced = {row.monitoring_return_id: row.pk for row in rows.filter(pk__in=earlier - later)}
    return tuple(
        Correction(
            return_pk=row.monitoring_return_id,
            grant=row.monitoring_return.commitment.ref,
            quarter=row.monitoring_return.quarter.period.key,
            old_revision=replaced[row.monitoring_return_id],
            new_revision=row.pk,
            reason=row.correction_reason or row.monitoring_return.reopened_because,
        )
        for row in rows.filter(pk__in=later - earlier)
        if row.monitoring_return_id in replaced
    )


class _Reasons:
    """Why each figure changed; every record is read once for all of them."""

    def __init__(
        self, old: Side, new: Side, changed: Mapping[str, tuple[Mapping[str, Any], Any]], *, with_reasons: bool
    ) -> None:
        self.old, self.new, self.changed, self.with_reasons = old, new, changed, with_reasons
        keys = [key for key, pair in changed.items() if all(each["basis"] == COMPUTED for each in pair)]
        self.rows = [_rows(side.scope, keys) for side in (old, new)]
        self.definitions = [{each["family"]: each for each in side.facts.data["definitions"]} for side in (old, new)]
        self.reasons = self._given() if with_reasons else {}

    def of(self, key: str) -> str:
        before, after = self.changed[key]
        if after["hidden"] or before["hidden"]:
            return HIDDEN_SINCE if after["hidden"] else HIDDEN_BEFORE
        found = [*self._of_meaning(key), *self._of_basis(before, after)]
        if after["basis"] == before["basis"] == COMPUTED:
            found += self._of_rows(key)
        return " ".join(found) or "The records it is read from were changed."

    def _of_meaning(self, key: str) -> list[str]:
        name = key.partition(" ")[0]
        before, after = (side.get(name) for side in self.definitions)
        found = ["What it counts was defined anew."] if before and after and before != after else []
        versions = [side.facts.data["strategy_version"] for side in (self.old, self.new)]
        if versions[0] != versions[1] and BY_PLAN & set(FigureKey.parse(key).names):
            found.append("The strategy was revised.")
        return found

    def _of_basis(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
        if before["basis"] != after["basis"]:
            how = "computed from records" if after["basis"] == COMPUTED else "stated by a document"
            return [f"It is now {how}, and was not before."]
        if before["basis"] != COMPUTED:
            return ["The statement it is read from was changed."]
        return []

    def _of_rows(self, key: str) -> list[str]:
        before, after = (side.get(key, []) for side in self.rows)
        then, now = _by_return(before), _by_return(after)
        approved = [spot for spot in now if spot not in then]
        gone = [spot for spot in then if spot not in now]
        corrected = [
            spot for spot in now if spot in then and now[spot][0] != then[spot][0] and now[spot][1:] != then[spot][1:]
        ]
        found = []
        if corrected:
            found.append(f"{_returns(corrected)} corrected after approval.{self._sentences(now, corrected)}")
        if approved:
            found.append(f"{_returns(approved)} approved since.")
        if gone:
            found.append(f"{_returns(gone)} no longer counted.")
        if self._left_over(key, then, now):
            found.append(self._beside(key))
        return found

    def _left_over(self, key: str, then: Mapping[Any, tuple], now: Mapping[Any, tuple]) -> bool:
        """Whether the returns do not account for the whole difference."""
        before, after = self.changed[key]
        if not then and not now:
            return True
        explained = [sum((row[place] for row in now.values()), Decimal(0)) for place in (1, 2)]
        printed = [_number(before), _number(after)]
        moved = [sum((row[place] for row in then.values()), Decimal(0)) for place in (1, 2)]
        if after["denominator"] not in (None, "1"):
            said = [[_decimal(side[name]) for name in ("numerator", "denominator")] for side in (before, after)]
            return said != [moved, explained]
        return printed != [moved[0], explained[0]]

    def _beside(self, key: str) -> str:
        name = key.partition(" ")[0]
        if name.startswith("funding."):
            return self._restated(FigureKey.parse(key).get("source"))
        if name.startswith("budget."):
            return "Budget lines were changed."
        if name.startswith("award."):
            return "Awards, their splits between funders or their areas were changed."
        return "Records beside the returns were changed: grants, programmes, splits, targets or profiles."

    def _restated(self, source: str | None) -> str:
        year = FinancialYear.parse(self.new.facts.data["year"]).start
        rows = Allocation.objects.current().filter(year=year, layer=self.new.facts.data["layer"], sequence__gt=1)
        if source is not None:
            rows = rows.filter(source__slug=source)
        restated = list(rows.select_related("source").order_by("source__order", "source__slug"))
        if not restated:
            return "Allocations were changed."
        noun = "An allocation was" if len(restated) == 1 else f"{len(restated)} allocations were"
        said = "".join(f" {row.source}: {_sentence(row.restated_because)}" for row in restated if row.restated_because)
        return f"{noun} restated.{said if self.with_reasons else ''}"

    def _given(self) -> dict[int, str]:
        """The sentence given for each later version that corrects an approved one."""
        later = {row.revision_id for rows in self.rows[1].values() for row in rows if row.revision_id}
        earlier = {row.revision_id for rows in self.rows[0].values() for row in rows if row.revision_id}
        return {each.new_revision: each.reason for each in corrections_between(earlier, later) if each.reason}

    def _sentences(self, now: Mapping[Any, tuple], corrected: list[tuple[str, str]]) -> str:
        said = dict.fromkeys(self.reasons[now[spot][0]] for spot in corrected if now[spot][0] in self.reasons)
        return "".join(f" Reason given: {_sentence(each)}" for each in said)


def _rows(scope: Scope, keys: Iterable[str]) -> dict[str, list[Contribution]]:
    computation = Computation(scope, fine=True)
    known = []
    for key in keys:
        try:
            known.append(check(computation, FigureKey.parse(key)))
        except FigureError:
            continue  # a programme or source that is gone since: its figure says that records were changed
    return contributed(computation, known)


def _by_return(rows: Iterable[Contribution]) -> dict[tuple[str, str], tuple[int, Decimal, Decimal]]:
    """(revision, value, denominator) by grant and quarter, of what comes from returns."""
    found: dict[tuple[str, str], tuple[int, Decimal, Decimal]] = {}
    for row in rows:
        if row.revision_id is not None:
            _, value, below = found.get((row.grant, row.quarter), (0, Decimal(0), Decimal(0)))
            found[row.grant, row.quarter] = (row.revision_id, value + row.value, below + row.denominator)
    return found


def _returns(spots: list[tuple[str, str]]) -> str:
    """ "One return (2020-21 Q2) was", "3 returns (2020-21 Q1, 2020-21 Q2) were"."""
    quarters = ", ".join(str(Quarter.parse(key)) for key in sorted({quarter for _, quarter in spots}))
    return f"One return ({quarters}) was" if len(spots) == 1 else f"{len(spots):,} returns ({quarters}) were"


def _differs(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    return any(before[name] != after[name] for name in NUMBERS)


def _printed(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """As in prose; exactly, where the rounded form hides the difference."""
    return str(one["display"] if one["display"] != other["display"] else one["shown"]["exact"])


def _number(figure: Mapping[str, Any]) -> Decimal | None:
    return _decimal(figure["value"])


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _sentence(text: str) -> str:
    said = text.strip()
    return said if said[-1:] in (".", "!", "?") else f"{said}."
