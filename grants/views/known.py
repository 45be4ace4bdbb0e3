"""What a grantee told us before, laid beside each box."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Sum

from grants.actions.submission import box_values
from grants.models import Cell, CommitmentIndicator, Measure, MonitoringReturn, ProfileLine, ReachTarget, Revision
from grants.questionnaire import Box, BoxKind
from grants.views.section_form import Known, whole
from programmes.models import Dimension, IndicatorVersion
from vru.lib.money import Money


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
    last = readable(boxes, box_values(boxes, revision)) if revision else {}
    agreed, planned = _agreed(item), _planned(item)
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
            target=whole(targets.get(measure)) if is_headline else agreed.get(box.name, ""),
            plan=planned.get(box.name, ""),
        )
    return known


def last_answers(item: MonitoringReturn, boxes: list[Box]) -> dict[str, str]:
    """What was answered last quarter, to start from where answers seldom change."""
    revision = previous_revision(item)
    return box_values(boxes, revision) if revision else {}


def readable(boxes: list[Box], values: dict[str, str]) -> dict[str, str]:
    """Stored values as people read them: money with its sign and pence, counts with their thousands apart."""
    return {box.name: _readable(box, values[box.name]) for box in boxes if box.name in values}


def _readable(box: Box, text: str) -> str:
    if box.kind is BoxKind.MONEY:
        return Money.from_pounds(Decimal(text)).exact()
    return f"{int(text):,}" if box.kind is BoxKind.PEOPLE and text.isdecimal() else text


def _planned(item: MonitoringReturn) -> dict[str, str]:
    """The profile of the quarter, for the box of what was spent under each cost heading."""
    profile = ProfileLine.objects.filter(commitment=item.commitment_id, quarter=item.quarter_id).order_by()
    planned = profile.values_list("heading__slug").annotate(total=Sum("amount_pence"))
    return {f"spend.{slug}.actual": Money(pence).exact() for slug, pence in planned}


def _agreed(item: MonitoringReturn) -> dict[str, str]:
    """The year's target of each of the grant's indicators, for its first box."""
    rows = CommitmentIndicator.objects.filter(
        commitment=item.commitment_id, year=item.quarter.year, target__isnull=False
    )
    agreed = {}
    for row in rows.select_related("version__indicator"):
        part, unit = ("numerator", "%") if row.version.kind == IndicatorVersion.Kind.PERCENTAGE else ("value", "")
        if row.target is not None:
            agreed[f"indicator.{row.version.indicator.slug}.{part}"] = f"{row.target.normalize():,f}{unit}"
    return agreed


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
