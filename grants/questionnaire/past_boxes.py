"""Boxes for what a sent return holds but is asked no more, so that its receipt and history show everything.

A category may have left its breakdown, an indicator or a cost heading the grant, a question the file; a section may
have been waived since. None of that takes away what was said.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable

from grants.models import Measure, Revision, SpendLine
from grants.questionnaire.boxes import (
    SPEND_PARTS,
    Box,
    category_box,
    indicator_boxes,
    milestone_box,
    question_box,
    reach_box,
    spend_box,
)
from programmes.models import Dimension


def boxes_held(revision: Revision, asked: Collection[Box]) -> list[Box]:
    """The boxes of ``revision`` that hold something and are not among ``asked``, each under a name of its own."""
    taken = {box.name for box in asked}
    targets = {_target(box) for box in asked}
    held = []
    for box in _held(revision):
        if _target(box) in targets:
            continue
        own = box if box.name not in taken else dataclasses.replace(box, name=_dated_name(box))
        taken.add(own.name)
        targets.add(_target(own))
        held.append(dataclasses.replace(own, required=False))
    return held


def _target(box: Box) -> tuple[str, int | str, str]:
    """What a box stands for, whatever it is called."""
    if box.measure is not None:
        return (f"cell {box.measure.value}", box.category.pk if box.category else "", "")
    for kind in ("version", "heading", "question", "milestone"):
        row = getattr(box, kind)
        if row is not None:
            return (kind, row.pk, box.part)
    return ("check", box.name, "")


def _dated_name(box: Box) -> str:
    """The name of an earlier version of something that is still asked, with the part last as everywhere."""
    if box.category is not None:
        return f"{box.name}.from-{box.category.valid_from:%Y-%m-%d}"
    if box.version is not None:
        return f"{box.name.removesuffix(box.part)}v{box.version.number}.{box.part}"
    return f"{box.name}.v{box.question.version}" if box.question is not None else f"{box.name}.earlier"


def _held(revision: Revision) -> Iterable[Box]:
    for cell in revision.cells.select_related("category__dimension").order_by("category__dimension__order", "pk"):
        measure = Measure(cell.measure)
        total = cell.category.dimension.slug == Dimension.TOTAL
        yield reach_box(measure) if total else category_box(cell.category, measure)
    for reading in revision.readings.select_related("version__indicator"):
        yield from indicator_boxes(reading.version)
    for line in revision.spend_lines.select_related("heading"):
        yield from (spend_box(line.heading, part) for part in SPEND_PARTS if _spent(line, part))
    for report in revision.milestone_reports.select_related("milestone"):
        yield milestone_box(report.milestone)
    for answer in revision.answers.select_related("question"):
        yield question_box(answer.question)


def _spent(line: SpendLine, part: str) -> bool:
    return getattr(line, f"{part}_pence") is not None
