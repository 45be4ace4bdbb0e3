"""A stored revision read back: as the validator takes it, what differs from another, and what was unusual about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grants.models import MonitoringReturn, Revision, Section
from grants.questionnaire.boxes import Box
from grants.validation import Problem, validate


@dataclass(frozen=True, slots=True)
class Change:
    """One box that two versions answer differently; empty text where one of them says nothing."""

    box: str
    label: str
    was: str
    now: str


def label_of(box: Box) -> str:
    return f"{box.group}: {box.label}" if box.group else box.label


def changed_boxes(boxes: list[Box], before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    """In the order asked. Both are ``box_values`` of a revision, so that equal numbers are equal text."""
    return [
        Change(box.name, label_of(box), before.get(box.name, ""), after.get(box.name, ""))
        for box in boxes
        if before.get(box.name, "") != after.get(box.name, "")
    ]


def typed_by_section(boxes: list[Box], values: Mapping[str, str]) -> dict[Section, dict[str, str]]:
    """Values by box name as the validator takes them."""
    typed: dict[Section, dict[str, str]] = {}
    for box in boxes:
        if box.name in values:
            typed.setdefault(box.section, {})[box.name] = values[box.name]
    return typed


def stored_warnings(revision: Revision) -> list[Problem]:
    """What was unusual when it was sent, for staff."""
    return [
        Problem(
            code=row["code"],
            section=Section(row["section"]),
            field=row.get("field", ""),
            message=row["message"],
            value=row.get("value", ""),
            staff_only=bool(row.get("staff_only")),
        )
        for row in revision.warnings or []
    ]


def warnings_of(
    item: MonitoringReturn, revision: Revision, boxes: list[Box], values: Mapping[str, str]
) -> list[Problem]:
    """The stored warnings; where nobody looked, those the rules find now, so that silence is never taken for calm."""
    if revision.warnings is not None:
        return stored_warnings(revision)
    typed = typed_by_section(boxes, values)
    return validate(item, typed, is_nil=revision.is_nil, for_staff=True, boxes=boxes).warnings
