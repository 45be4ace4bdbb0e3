"""What a version sent says, box by box, in the wording it was asked with: for receipts, copies and history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from grants.answers.values import box_values, shown
from grants.models import Attachment, Revision, Section
from grants.questionnaire import boxes_for
from grants.questionnaire.boxes import Box, BoxKind


@dataclass(frozen=True, slots=True)
class Line:
    """One answer as people read it. ``name`` is the box's own, by which versions are compared."""

    name: str
    section: Section
    group: str
    label: str
    value: str
    is_long: bool = False
    is_number: bool = False

    @property
    def title(self) -> str:
        return f"{self.group}: {self.label}" if self.group else self.label


def lines_of(revision: Revision) -> list[Line]:
    """Everything the version holds, in the order asked: stored values, not what was typed."""
    boxes = boxes_for(revision.monitoring_return, revision=revision)
    values = box_values(boxes, revision)
    return [_line(box, values[box.name]) for box in boxes if box.name in values]


def _line(box: Box, text: str) -> Line:
    return Line(
        name=box.name,
        section=box.section,
        group=box.group,
        label=box.label,
        value=shown(box, text),
        is_long=box.kind is BoxKind.LONG,
        is_number=box.kind.number is not None,
    )


def by_section(lines: Iterable[Line]) -> list[tuple[Section, list[Line]]]:
    """Only the sections that hold something, in order."""
    found: dict[Section, list[Line]] = {}
    for line in lines:
        found.setdefault(line.section, []).append(line)
    return list(found.items())


def files_of(revision: Revision) -> list[Attachment]:
    """The files that belonged to the return when this version was sent."""
    sent = Attachment.objects.filter(monitoring_return=revision.monitoring_return_id)
    return list(sent.sent_with(revision.submitted_at).select_related("uploaded_by"))


def reference_of(revision: Revision) -> str:
    """GR-0001 2020-21Q2 v1: what to quote to the unit."""
    item = revision.monitoring_return
    return f"{item.commitment.ref} {item.quarter.key} v{revision.number}"
