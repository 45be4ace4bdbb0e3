"""Changes to the invented unit's year after an edition was made of it."""

from __future__ import annotations

import datetime

from grants.models import Cell, Commitment, Measure, Revision, SpendLine
from tests.factories import UserFactory, approved_return
from tests.report import unit_year as year
from vru.lib.periods import due_at

CORRECTED = datetime.date(2021, 8, 2)
LATER = datetime.date(2021, 8, 31)
REASON = "Twins were counted as one person"


def correct(commitment: str = "G1", number: int = 1, *, new: int = 75, reason: str = REASON) -> Revision:
    """Replace the approved version of a quarter by one with ``new`` new people and the same spend."""
    old = Revision.objects.live().get(
        monitoring_return__commitment__ref=commitment, monitoring_return__quarter__number=number
    )
    moment = due_at(CORRECTED)
    Revision.objects.filter(pk=old.pk).update(superseded_at=moment)
    later = Revision.objects.create(
        monitoring_return=old.monitoring_return,
        number=old.number + 1,
        submitted_by=UserFactory(),
        submitted_at=moment,
        declared_name="Somebody",
        approved_by=UserFactory(),
        approved_at=moment,
        correction_reason=reason,
    )
    for cell in old.cells.all():
        is_headline = cell.measure == Measure.NEW and cell.category.kind == "total"
        Cell.objects.create(
            revision=later, measure=cell.measure, category=cell.category, value=new if is_headline else cell.value
        )
    for line in old.spend_lines.all():
        SpendLine.objects.create(
            revision=later, number=line.number, heading=line.heading, actual_pence=line.actual_pence
        )
    return later


def approve_late(commitment: str = "G1", number: int = 3, *, new: int = 40) -> Revision:
    """A return approved after the first edition's day."""
    return approved_return(
        Commitment.objects.get(ref=commitment),
        number,
        reach={"new": new},
        actual_pence=100_000,
        submitted_by=UserFactory(),
        approved_by=UserFactory(),
        approved_at=due_at(CORRECTED),
    )


__all__ = ["CORRECTED", "LATER", "REASON", "approve_late", "correct", "year"]
