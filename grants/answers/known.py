"""What a grantee told us before, laid beside each box: last quarter, the year so far, the target and the plan."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Model, Prefetch, Sum

from grants.answers.values import box_values, readable
from grants.models import (
    Answer,
    Cell,
    CommitmentIndicator,
    Measure,
    MilestoneReport,
    MonitoringReturn,
    ProfileLine,
    ReachTarget,
    Reading,
    Revision,
    Section,
    SpendLine,
)
from grants.models.revision import RevisionQuerySet
from grants.questionnaire.boxes import Box
from programmes.models import Dimension, IndicatorVersion
from vru.lib.money import Money


@dataclass(frozen=True, slots=True)
class Known:
    """What is already known about a box, as people read it; ``before`` is the year's sum before this quarter.

    ``said`` is last quarter's answer to a question, ``stored`` the same as it is kept, ``said_to`` its wording then
    where it was another.
    """

    last: str = ""
    target: str = ""
    plan: str = ""
    before: Decimal | None = None
    said: str = ""
    stored: str = ""
    said_to: str = ""


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
# A stock is what there is on the last day: four of them do not make a year.
_LATEST_ONLY = {IndicatorVersion.Kind.STOCK, IndicatorVersion.Kind.MILESTONE}


def previous_revision(item: MonitoringReturn, boxes: Collection[Box] | None = None) -> Revision | None:
    """The last submitted revision of the quarter before, approved or not.

    With ``boxes``, no more of it is fetched than these show; its answers are then matched by slug, not read from it.
    """
    before = item.quarter.period.previous()
    parts: dict[str, tuple[type[Model], bool]] = {
        "cells": (Cell, boxes is None or any(box.measure for box in boxes)),
        "readings": (Reading, boxes is None or any(box.version for box in boxes)),
        "spend_lines": (SpendLine, boxes is None or any(box.heading for box in boxes)),
        "milestone_reports": (MilestoneReport, boxes is None or any(box.milestone for box in boxes)),
        "answers": (Answer, boxes is None),
    }
    return (
        Revision.objects.live()
        .filter(
            monitoring_return__commitment=item.commitment_id,
            monitoring_return__quarter__year=before.year,
            monitoring_return__quarter__number=before.number,
        )
        .prefetch_related(
            *(
                Prefetch(name, queryset=model._default_manager.all() if needed else model._default_manager.none())
                for name, (model, needed) in parts.items()
            )
        )
        .order_by("-number")
        .first()
    )


def known_values(item: MonitoringReturn, boxes: list[Box]) -> dict[str, Known]:
    """What is known about each box. The queries depend on the sections the boxes are of, never on their number."""
    revision = previous_revision(item, boxes)
    numbers = [box for box in boxes if not box.question]
    last = readable(numbers, box_values(numbers, revision)) if revision and numbers else {}
    said = _said(revision) if revision and any(box.question for box in boxes) else {}
    before = _year_before(item, boxes)
    targets, planned = _targets(item, boxes), _planned(item, boxes)
    known: dict[str, Known] = {}
    for box in boxes:
        if box.question is not None:
            text, wording = said.get(box.question.slug, ("", ""))
            choices = dict(box.choices)
            known[box.name] = Known(
                said=choices.get(text, text),
                stored=text,
                said_to=wording if text and wording != box.question.text else "",
            )
            continue
        known[box.name] = Known(
            last=last.get(box.name, ""),
            before=before.get(box.name),
            target=targets.get(box.name, ""),
            plan=planned.get(box.name, ""),
        )
    return known


def last_answers(item: MonitoringReturn, boxes: Iterable[Box]) -> dict[str, str]:
    """Last quarter's answers, as stored, to those of the questions that were asked then: by slug, whatever edition."""
    revision = previous_revision(item, [])
    said = _said(revision) if revision else {}
    return {box.name: said[box.question.slug][0] for box in boxes if box.question and box.question.slug in said}


def _said(revision: Revision) -> dict[str, tuple[str, str]]:
    """Slug → (answer, the question's wording then)."""
    # Not through the revision: what was fetched with it may leave its answers out.
    rows = Answer.objects.filter(revision=revision).exclude(text="").order_by()
    return {
        slug: (text, wording) for slug, text, wording in rows.values_list("question__slug", "text", "question__text")
    }


def _planned(item: MonitoringReturn, boxes: list[Box]) -> dict[str, str]:
    """The profile of the quarter, for the box of what was spent under each cost heading."""
    if not any(box.section is Section.SPEND for box in boxes):
        return {}
    profile = ProfileLine.objects.filter(commitment=item.commitment_id, quarter=item.quarter_id).order_by()
    planned = profile.values_list("heading__slug").annotate(total=Sum("amount_pence"))
    return {f"spend.{slug}.actual": Money(pence).exact() for slug, pence in planned}


def _targets(item: MonitoringReturn, boxes: list[Box]) -> dict[str, str]:
    """The quarter's targets of reach, and the year's target of each indicator at its first box."""
    sections = {box.section for box in boxes}
    targets: dict[str, str] = {}
    if Section.REACH in sections:
        reach = ReachTarget.objects.filter(commitment=item.commitment_id, quarter=item.quarter_id)
        targets |= {f"reach.{measure}": f"{value:,}" for measure, value in reach.values_list("measure", "value")}
    if Section.INDICATORS in sections:
        rows = CommitmentIndicator.objects.filter(
            commitment=item.commitment_id, year=item.quarter.year, target__isnull=False
        )
        agreed = {row.version_id: row.target for row in rows if row.target is not None}
        for box in boxes:
            if box.version is not None and box.part in {"numerator", "value"} and box.version.pk in agreed:
                targets[box.name] = f"{_target_text(box, agreed[box.version.pk])} for the year"
    return targets


def _target_text(box: Box, target: Decimal) -> str:
    assert box.version is not None
    if box.version.kind in {IndicatorVersion.Kind.CURRENCY, IndicatorVersion.Kind.UNIT_COST}:
        return Money.from_pounds(target.quantize(Decimal("0.01"))).exact()
    return f"{target.normalize():,f}{'%' if box.version.kind == IndicatorVersion.Kind.PERCENTAGE else ''}"


def _year_before(item: MonitoringReturn, boxes: list[Box]) -> dict[str, Decimal]:
    """Box name → the sum over the year's earlier quarters, for boxes whose quarters add up. One query a section."""
    if item.quarter.number == 1:
        return {}
    earlier = Revision.objects.live().filter(
        monitoring_return__commitment=item.commitment_id,
        monitoring_return__quarter__year=item.quarter.year,
        monitoring_return__quarter__number__lt=item.quarter.number,
    )
    sections = {box.section for box in boxes}
    sums: dict[tuple[object, ...], Decimal] = {}
    if sections & {Section.REACH, Section.BREAKDOWNS}:
        sums |= _sums_of_cells(earlier, headlines=Section.REACH in sections, parts=Section.BREAKDOWNS in sections)
    if Section.INDICATORS in sections:
        sums |= _sums_of_readings(earlier)
    if Section.SPEND in sections:
        sums |= _sums_of_spend(earlier)
    return {box.name: sums[key] for box in boxes if (key := _key(box)) in sums}


def _key(box: Box) -> tuple[object, ...]:
    if box.category is not None:
        return ("category", box.category.pk)
    if box.measure is not None:
        return ("measure", box.measure.value)
    if box.version is not None and box.version.kind not in _LATEST_ONLY:
        return ("version", box.version.pk, box.part)
    return ("heading", box.heading.pk, box.part) if box.heading is not None else ("none",)


def _sums_of_cells(earlier: RevisionQuerySet, *, headlines: bool, parts: bool) -> dict[tuple[object, ...], Decimal]:
    cells = Cell.objects.filter(revision__in=earlier, measure__in=ADDED_UP).order_by()
    sums: dict[tuple[object, ...], Decimal] = {}
    if headlines:
        whole = cells.filter(category__dimension__slug=Dimension.TOTAL).values("measure").annotate(total=Sum("value"))
        sums |= {("measure", row["measure"]): Decimal(row["total"]) for row in whole}
    if parts:
        split = cells.filter(measure=Measure.NEW).values("category").annotate(total=Sum("value"))
        sums |= {("category", row["category"]): Decimal(row["total"]) for row in split}
    return sums


def _sums_of_readings(earlier: RevisionQuerySet) -> dict[tuple[object, ...], Decimal]:
    rows = Reading.objects.filter(revision__in=earlier).order_by().values_list("version")
    sums: dict[tuple[object, ...], Decimal] = {}
    for version, *totals in rows.annotate(Sum("value"), Sum("numerator"), Sum("denominator")):
        for part, total in zip(("value", "numerator", "denominator"), totals, strict=True):
            if total is not None:
                sums["version", version, part] = total
    return sums


def _sums_of_spend(earlier: RevisionQuerySet) -> dict[tuple[object, ...], Decimal]:
    """Spent and matched in pounds. A forecast is a view of the rest of the year, so it is not added up."""
    rows = SpendLine.objects.filter(revision__in=earlier).order_by().values("heading")
    totals = rows.annotate(actual=Sum("actual_pence"), match=Sum("match_pence"))
    return {
        ("heading", row["heading"], part): Money(row[part]).pounds
        for row in totals
        for part in ("actual", "match")
        if row[part] is not None
    }
