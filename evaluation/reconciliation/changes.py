"""Changes that were approved against each other, and against what stands."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType

from evaluation.reconciliation.books import Award, Books
from evaluation.reconciliation.registry import Pair, Subject, check
from grants.models import AreaShare, FundingSplit, ProfileLine, Variation
from grants.money.plan import split_key
from programmes.models import BudgetChange, BudgetLine
from vru.lib.periods import Quarter

CHANGES = Subject.CHANGES


def _approved(books: Books) -> dict[int, list[Variation]]:
    """Approved variations by commitment, in the order in which they took effect."""

    def read() -> dict[int, list[Variation]]:
        found: dict[int, list[Variation]] = defaultdict(list)
        rows = Variation.objects.filter(commitment__in=books.within.values("pk"), status=Variation.Status.APPROVED)
        for row in rows.order_by("approved_at", "number", "pk"):
            found[row.commitment_id].append(row)
        return found

    return books.computation.keep("approved variations", read)


@check(
    "variation-chain",
    CHANGES,
    title="Variations, one after another",
    left="what the variation before left, and at the end the last variation",
    right="what the next variation began with, and at the end the award",
)
def chain(books: Books) -> Iterator[Pair]:
    """Each approved variation begins with what the one before it left, and the last one left the award of today."""
    for pk, rows in _approved(books).items():
        award = books.awards[pk]
        for before, after in itertools.pairwise(rows):
            where = f"{award.where}, variation {before.number} and variation {after.number}"
            yield Pair(where, before.after_pence, after.before_pence, award.page)
        yield Pair(f"{award.where}, variation {rows[-1].number}", rows[-1].after_pence, award.pence, award.page)


@check(
    "variation-record",
    CHANGES,
    title="Variations and the plans they keep",
    left="amounts before and after, from the variation's columns",
    right="the award inside the plans it keeps",
)
def record(books: Books) -> Iterator[Pair]:
    """The amounts of an approved variation are those of the whole plans kept with it. One without plans is left."""
    for pk, rows in _approved(books).items():
        award = books.awards[pk]
        for row in rows:
            for side in ("before", "after"):
                plan = getattr(row, side)
                if plan and "award" in plan:
                    where = f"{award.where}, variation {row.number}, {side}"
                    yield Pair(where, getattr(row, f"{side}_pence"), int(plan["award"]), award.page)


@check(
    "variation-plan",
    CHANGES,
    title="The last approved plan and what stands",
    left="splits, shares and profile as last approved",
    right="splits, shares and profile lines of today",
)
def plan(books: Books) -> Iterator[Pair]:
    """Every split, area share and profile line is what the award's last approved variation made it."""
    last = {pk: rows[-1].after for pk, rows in _approved(books).items() if rows[-1].after}
    if not last:
        return
    stands = _plans_of_today(books, set(last))
    for pk, approved in sorted(last.items()):
        award = books.awards[pk]
        for part in ("splits", "shares", "profile"):
            if approved.get(part):
                yield from _differing(award, part, _flat(approved[part]), stands[pk].get(part, {}))


def _flat(part: dict[str, Any]) -> dict[str, int]:
    """A part of a plan with one key a row: a profile is kept by quarter, then heading."""
    flat: dict[str, int] = {}
    for key, value in part.items():
        if isinstance(value, dict):
            flat |= {f"{key}/{inner}": int(pence) for inner, pence in value.items()}
        else:
            flat[key] = int(value)
    return flat


def _differing(award: Award, part: str, approved: dict[str, int], stands: dict[str, int]) -> Iterator[Pair]:
    """One pair for the rows that agree together, and one for each that does not."""
    agreed = 0
    for key in sorted({*approved, *stands}):
        left, right = approved.get(key, 0), stands.get(key, 0)
        if left == right:
            agreed += left
        else:
            yield Pair(f"{award.where}, {part} {key}", left, right, award.page)
    yield Pair(f"{award.where}, {part}", agreed, agreed, award.page)


def _plans_of_today(books: Books, ids: set[int]) -> dict[int, dict[str, dict[str, int]]]:
    found: dict[int, dict[str, dict[str, int]]] = {pk: defaultdict(dict) for pk in ids}
    within = {"commitment__in": books.within.values("pk")}
    splits = FundingSplit.objects.filter(**within)
    for pk, slug, year, pence in splits.values_list("commitment_id", "source__slug", "year", "amount_pence"):
        if pk in found and pence:
            found[pk]["splits"][split_key(slug, year)] = pence
    shares = AreaShare.objects.filter(**within)
    for pk, code, pence in shares.values_list("commitment_id", "area__code", "amount_pence"):
        if pk in found and pence:
            found[pk]["shares"][code] = pence
    lines = ProfileLine.objects.filter(**within)
    for pk, year, number, slug, pence in lines.values_list(
        "commitment_id", "quarter__year", "quarter__number", "heading__slug", "amount_pence"
    ):
        if pk in found and pence:
            found[pk]["profile"][f"{Quarter(year, number).key}/{slug}"] = pence
    return found


@check(
    "budget-changes",
    CHANGES,
    title="Budget lines and their changes",
    left="what the change before left, and at the end the last change",
    right="what the next change began with, and at the end the budget line",
)
def budget_changes(books: Books) -> Iterator[Pair]:
    """Each change of a budget line begins with what the one before left, and the last one left the line's amount. The
    first begins with nothing, or with an amount that the line had before changes were kept. A line read from a document
    has no changes and is left.
    """
    lines = BudgetLine.objects.filter(layer=books.layer, year=books.year)
    amounts = {pk: (ref, pence) for pk, ref, pence in lines.order_by("ref").values_list("pk", "ref", "amount_pence")}
    changes: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    rows = BudgetChange.objects.filter(line__in=lines.values("pk")).order_by("line_id", "number")
    for pk, number, before, after in rows.values_list("line_id", "number", "before_pence", "after_pence"):
        changes[pk].append((number, before, after))
    said = _amounts_in_history(set(changes))
    for pk, (ref, pence) in amounts.items():
        made = changes.get(pk, [])
        for (first, _, left), (second, right, _) in itertools.pairwise(made):
            yield Pair(f"Budget line {ref}, change {first} and change {second}", left, right)
        if made:
            began = made[0][1]
            known = began == 0 or began in said[pk]
            yield Pair(f"Budget line {ref}, before its first change", began, began if known else 0)
            yield Pair(f"Budget line {ref}, change {made[-1][0]}", made[-1][2], pence)


def _amounts_in_history(lines: set[int]) -> dict[int, set[int]]:
    """Every amount that the history of each budget line names."""
    found: dict[int, set[int]] = defaultdict(set)
    kind = ContentType.objects.get_for_model(BudgetLine)
    entries = LogEntry.objects.filter(content_type=kind, object_id__in=lines, changes__has_key="amount_pence")
    for pk, changes in entries.order_by("pk").values_list("object_id", "changes"):
        found[pk] |= {int(text) for text in changes["amount_pence"] if str(text).isdecimal()}
    return found
