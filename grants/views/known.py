"""What a grantee told us before, laid beside each box."""

from __future__ import annotations

from django.db.models import Sum

from grants.actions.submission import box_values
from grants.models import Cell, Measure, MonitoringReturn, ReachTarget, Revision
from grants.questionnaire import Box
from grants.views.section_form import Known, whole
from programmes.models import Dimension


def previous_revision(item: MonitoringReturn) -> Revision | None:
    """The last submitted revision of the quarter before, approved or not."""
    before = item.quarter.period.previous()
    return (
        Revision.objects.live()
        .filter(
            monitoring_return__commitment=item.commitment_id,
            monitoring_return__quarter__year=before.year,
            monitoring_return__quarter__number=before.number,
        )
        .order_by("-number")
        .prefetch_related("cells", "readings", "spend_lines", "answers")
        .first()
    )


def known_values(item: MonitoringReturn, boxes: list[Box]) -> dict[str, Known]:
    """Last quarter, year to date before this quarter, and target for each box that has any of them."""
    revision = previous_revision(item)
    last = box_values(boxes, revision) if revision else {}
    year_before = _year_before(item)
    targets = dict(
        ReachTarget.objects.filter(commitment=item.commitment_id, quarter=item.quarter_id).values_list(
            "measure", "value"
        )
    )
    known: dict[str, Known] = {}
    for box in boxes:
        is_headline = box.measure is not None and box.category is None
        measure = box.measure.value if is_headline and box.measure else ""
        if box.question is not None:
            continue
        known[box.name] = Known(
            last=last.get(box.name, ""),
            year_before=whole(year_before.get(measure)) if is_headline and measure in ADDED_UP else "",
            target=whole(targets.get(measure)) if is_headline else "",
        )
    return known


# Measures whose quarters add up over the year; continuing and active do not.
ADDED_UP = {
    Measure.NEW,
    Measure.CONTACTS,
    Measure.INDIRECT,
    Measure.TRAINED,
    Measure.REFERRED,
    Measure.STARTED,
    Measure.COMPLETED,
}


def _year_before(item: MonitoringReturn) -> dict[str, int]:
    revisions = Revision.objects.live().filter(
        monitoring_return__commitment=item.commitment_id,
        monitoring_return__quarter__year=item.quarter.year,
        monitoring_return__quarter__number__lt=item.quarter.number,
    )
    cells = Cell.objects.filter(revision__in=revisions, category__dimension__slug=Dimension.TOTAL)
    return dict(cells.values("measure").annotate(total=Sum("value")).values_list("measure", "total"))
