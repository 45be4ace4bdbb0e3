"""Which box stands where: sheets, rows and columns of a return's workbook, from its boxes alone."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby

from grants.models import Measure, Section
from grants.questionnaire import Box
from grants.workbook.shape import ANSWER_COLUMN, PART_LENGTH

_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
_SHEET_NAME_LENGTH = 31
TITLE_ROWS = 3  # Title, sentence, heading.


class LineKind(StrEnum):
    GROUP = "group"
    BOX = "box"
    MORE = "more"
    BREAKDOWN_TOTAL = "breakdown_total"
    SPEND_TOTAL = "spend_total"


@dataclass(frozen=True, slots=True)
class Line:
    """One row below the headings. ``row`` counts from 0; ``adds`` are the rows that a total adds up."""

    kind: LineKind
    row: int
    label: str
    box: Box | None = None
    part: int = 1
    adds: tuple[int, ...] = ()


@dataclass(slots=True)
class SheetPlan:
    section: Section
    name: str
    lines: list[Line] = field(default_factory=list)

    @property
    def has_numbers(self) -> bool:
        return any(line.box is not None and line.box.kind.number is not None for line in self.lines)

    @property
    def boxes(self) -> Iterator[Line]:
        return (line for line in self.lines if line.kind is LineKind.BOX)


@dataclass(frozen=True, slots=True)
class Place:
    """A cell: ``row`` and ``column`` count from 0."""

    sheet: str
    row: int
    column: int


def lay_out(boxes: list[Box], typed: Mapping[str, str]) -> list[SheetPlan]:
    """One sheet for each section that asks something, a row for each box, totals below what adds up.

    ``typed`` only decides how many rows a very long text takes.
    """
    plans = []
    for section, inside in groupby(boxes, key=lambda box: box.section):
        plan = SheetPlan(section, sheet_name(section))
        for title, group in groupby(inside, key=lambda box: box.group):
            _lay_group(plan, title, list(group), typed)
        _lay_spend_totals(plan)
        plans.append(plan)
    return plans


def sheet_name(section: Section) -> str:
    """ "A Contacts and safeguarding": the letter and the label, cut between words at what a sheet's name may hold."""
    name = _NOT_IN_SHEET_NAMES.sub(" ", f"{section.value} {section.label}").strip()
    return name if len(name) <= _SHEET_NAME_LENGTH else name[: _SHEET_NAME_LENGTH + 1].rpartition(" ")[0]


def places(plans: list[SheetPlan]) -> dict[str, Place]:
    """Where each box stands in a workbook that nobody has rearranged."""
    return {
        line.box.name: Place(plan.name, line.row, ANSWER_COLUMN)
        for plan in plans
        for line in plan.boxes
        if line.box is not None
    }


def fingerprint(boxes: list[Box]) -> str:
    """Changes when the return asks something else: names, kinds and choices of its boxes."""
    asked = [[box.name, box.kind.value, list(box.choices)] for box in boxes]
    return hashlib.sha256(json.dumps(asked, ensure_ascii=False).encode()).hexdigest()[:16]


def new_people_row(plans: list[SheetPlan]) -> tuple[str, int] | None:
    """(sheet, row) of the number of new people, which every breakdown adds up to."""
    place = places(plans).get(f"reach.{Measure.NEW.value}")
    return (place.sheet, place.row) if place else None


def _next_row(plan: SheetPlan) -> int:
    return plan.lines[-1].row + 1 if plan.lines else TITLE_ROWS


def _lay_group(plan: SheetPlan, title: str, boxes: list[Box], typed: Mapping[str, str]) -> None:
    if title:
        plan.lines.append(Line(LineKind.GROUP, _next_row(plan), title))
    rows = []
    for box in boxes:
        rows.append(_next_row(plan))
        plan.lines.append(Line(LineKind.BOX, rows[-1], box.label, box))
        parts = -(-len(typed.get(box.name, "")) // PART_LENGTH)
        for part in range(2, parts + 1):
            plan.lines.append(Line(LineKind.MORE, _next_row(plan), f"{box.label} (continued)", box, part))
    if boxes[0].category is not None:
        plan.lines.append(Line(LineKind.BREAKDOWN_TOTAL, _next_row(plan), f"{title}: total", adds=tuple(rows)))


def _lay_spend_totals(plan: SheetPlan) -> None:
    parts: dict[str, tuple[str, list[int]]] = {}
    for line in plan.boxes:
        if line.box is not None and line.box.heading is not None:
            parts.setdefault(line.box.part, (line.label, []))[1].append(line.row)
    if parts:
        plan.lines.append(Line(LineKind.GROUP, _next_row(plan), "All cost headings together"))
    for label, rows in parts.values():
        plan.lines.append(Line(LineKind.SPEND_TOTAL, _next_row(plan), f"{label}: total", adds=tuple(rows)))
