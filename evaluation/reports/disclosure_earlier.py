"""What earlier editions said: known for good, together with the counts that they hid and that stay hidden."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Any

from evaluation.figures.computation import Computation
from evaluation.figures.figure import COMPUTED, PERCENT, Figure
from evaluation.figures.key import FigureError
from evaluation.figures.registry import computed, families
from evaluation.figures.scope import Scope
from evaluation.models import Edition, EditionFile
from evaluation.reports.disclosure_cells import Cells, cells_of, part_of, same_people
from evaluation.reports.disclosure_tables import (
    BOTTOM,
    COUNTING,
    MADE_OF_COUNTS,
    TOP,
    Plan,
    counts_behind,
    counts_people,
    is_declared,
    is_of_people,
)
from evaluation.reports.errors import CorruptSnapshot, ReportError
from vru.lib.disclosure import Relation, rounded
from vru.lib.periods import FinancialYear


@dataclass(frozen=True)
class EarlierEdition:
    """``printed`` are the figures of its snapshot by key; ``figures`` the true ones, of the returns it rested on."""

    name: str
    printed: Mapping[str, Mapping[str, Any]]
    figures: Mapping[str, Figure]
    plan: Plan


@dataclass
class Known:
    """Counts and relations beside those of the report in hand: ``public`` cells are printed, ``unprinted`` ones are
    nowhere, and ``printed_before`` are the numbers that earlier editions printed for a cell.
    """

    counts: dict[str, int] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    public: set[str] = field(default_factory=set)
    unprinted: set[str] = field(default_factory=set)
    printed_before: dict[str, set[int]] = field(default_factory=dict)


def earlier_editions(
    year: FinancialYear, layer: str, plan: Plan, *, before: Edition | None = None
) -> list[EarlierEdition]:
    """The editions of a year and layer that were signed, oldest first; with ``before`` only those signed earlier.

    A signed edition may be sent or published at any moment, so it counts as known from its signature on. Raises
    ReportError when one cannot be read: what it told cannot be known.
    """
    editions = Edition.objects.signed().in_layer(layer).filter(report__year=year.start)
    if before is not None:
        editions = editions.exclude(pk=before.pk)
        if before.signed_at is not None:
            editions = editions.filter(signed_at__lt=before.signed_at)
    listed = editions.select_related("report__outline").prefetch_related("files").order_by("signed_at", "pk")
    return [_read(edition, plan) for edition in listed]


def _read(edition: Edition, plan: Plan) -> EarlierEdition:
    snapshot = next((file for file in edition.files.all() if file.kind == EditionFile.Kind.SNAPSHOT), None)
    try:
        if snapshot is None:
            raise CorruptSnapshot("It has no snapshot.")
        with snapshot.file.open("rb") as file:
            content = file.read()
        if sha256(content).hexdigest() != edition.snapshot_hash:
            raise CorruptSnapshot("It was changed after it was made.")
    except (OSError, CorruptSnapshot) as error:
        raise ReportError(
            f"The snapshot of {edition} cannot be read, so nobody can tell which counts it gives away: {error}"
        ) from error
    printed = {key: each for key, each in json.loads(content)["figures"].items() if each["basis"] == COMPUTED}
    return EarlierEdition(str(edition), printed, true_figures(edition, printed), plan)


def true_figures(edition: Edition, keys: Iterable[str]) -> dict[str, Figure]:
    """Every count of people, hidden or not, and what is made of counts, of the very returns an edition rested on."""
    revisions = frozenset(edition.revisions.values_list("pk", flat=True))
    scope = Scope.of(edition.financial_year, edition.layer, edition.as_at).limited_to(revisions)
    computation = Computation(scope)
    computation.is_whole = True
    found: dict[str, Figure] = {}
    for family in families():
        if family.name in COUNTING:
            found |= family.compute(computation, None)
    for key in keys:
        if key not in found and key.partition(" ")[0] in COUNTING:
            try:
                found |= computed(computation, [key])
            except FigureError:
                continue  # of something that is no more; its printed number is known all the same
    return found


def what_is_known(cells: Cells, earlier: Sequence[EarlierEdition]) -> Known:
    """What a reader of earlier editions brings along. A count that has not changed since is the same cell."""
    known = Known()
    shared = {(cell, count): cell for cell, count in cells.counts.items()}
    relations = {_same(relation) for relation in cells.relations}
    for number, edition in enumerate(earlier, start=1):
        candidates = [
            key
            for key, figure in edition.figures.items()
            if (counts_people(figure) or counts_behind(figure))
            and is_declared(key, edition.plan, in_forms=key in edition.printed)
        ]
        theirs = cells_of(edition.figures, candidates, edition.plan)
        names = {
            cell: shared.setdefault((cell, count), f"{cell} (edition {number})")
            for cell, count in theirs.counts.items()
        }
        known.counts |= {names[cell]: count for cell, count in theirs.counts.items()}
        for relation in theirs.relations:
            renamed = Relation({names[cell]: times for cell, times in relation.coefficients.items()})
            if _same(renamed) not in relations:
                relations.add(_same(renamed))
                known.relations.append(renamed)
        _take_printed(known, edition, theirs, names, number)
    known.unprinted = set(known.counts) - known.public - set(cells.counts)
    return known


def _same(relation: Relation) -> frozenset[tuple[str, int]]:
    return frozenset(relation.coefficients.items())


def _take_printed(known: Known, edition: EarlierEdition, theirs: Cells, names: Mapping[str, str], number: int) -> None:
    for key, figure in edition.printed.items():
        for cell, count in printed_counts(key, figure, edition.plan):
            known.printed_before.setdefault(cell, set()).add(count)
            truth = theirs.counts.get(cell)
            if truth is not None and count in (truth, *(rounded(truth, base) for base in (5, 10))):
                known.public.add(names[cell])
            else:
                # The records say otherwise by now; what was printed is known, whatever it was.
                known.counts[f"{cell} (as printed in edition {number})"] = count
                known.public.add(f"{cell} (as printed in edition {number})")


def printed_counts(key: str, figure: Mapping[str, Any], plan: Plan) -> list[tuple[str, int]]:
    """(cell, count) that a figure of a snapshot prints: its own, and those behind a percentage or unit cost."""
    name = key.partition(" ")[0]
    found = []
    if figure["value"] is not None and is_of_people(key, figure["unit"]):
        found.append((same_people(key, plan), int(Decimal(figure["value"]))))
    for part, which in ((TOP, "numerator"), (BOTTOM, "denominator")):
        value = figure[which]
        is_count = value is not None and Decimal(value) == Decimal(value).to_integral_value()
        if is_count and name in MADE_OF_COUNTS and (part == BOTTOM or figure["unit"] == PERCENT):
            found.append((same_people(part_of(key, part), plan), int(Decimal(value))))
    return found
