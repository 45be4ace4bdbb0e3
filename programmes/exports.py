"""The list of programmes as a file: what the page shows, all pages of it, in the same order."""

from __future__ import annotations

from collections.abc import Iterator

from programmes.filters import Programmes
from programmes.models import Programme
from vru.lib.exports import Export, Row
from vru.lib.sheets import SheetColumn

COLUMNS = (
    SheetColumn("Reference"),
    SheetColumn("Title"),
    SheetColumn("Part of"),
    SheetColumn("Status"),
    SheetColumn("Main objective", "count"),
    SheetColumn("Basis of the objective"),
    SheetColumn("Other objectives"),
    SheetColumn("Theme"),
    SheetColumn("Level"),
    SheetColumn("Areas"),
    SheetColumn("Manager"),
    SheetColumn("Starts", "date"),
    SheetColumn("Ends", "date"),
    SheetColumn("Highest open risk", "count"),
    SheetColumn("Decision"),
    SheetColumn("Summary"),
)
CHUNK = 500


def programme_register(programmes: Programmes, *, notes: tuple[str, ...] = ()) -> Export:
    """``programmes`` as the page's filter leaves and orders them."""
    return Export("Programmes", "Programmes and projects", COLUMNS, lambda: _rows(programmes), notes)


def _rows(programmes: Programmes) -> Iterator[Row]:
    whole = programmes.select_related("parent", "theme", "primary_objective", "manager", "decision").prefetch_related(
        "areas", "secondary_objectives", "risks"
    )
    yield from (_row(programme) for programme in whole.iterator(chunk_size=CHUNK))


def _row(programme: Programme) -> Row:
    objective = programme.primary_objective
    scores = [risk.score for risk in programme.risks.all() if risk.closed_at is None]
    return (
        programme.ref,
        programme.title,
        programme.parent.title if programme.parent else None,
        programme.get_status_display(),
        objective.number if objective else None,
        programme.get_objective_basis_display() if objective else None,
        "; ".join(str(each.number) for each in programme.secondary_objectives.all()),
        programme.theme.title if programme.theme else None,
        programme.get_level_display(),
        "; ".join(area.name for area in programme.areas.all()),
        programme.manager.name if programme.manager else None,
        programme.starts_on,
        programme.ends_on,
        max(scores, default=None),
        programme.decision.ref if programme.decision else None,
        programme.summary,
    )
