"""What changed between one version of a return and the next: line by line for people, box by box for the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grants.answers.sent import Line
from grants.models import Section
from grants.questionnaire import Box

SHORT_ENOUGH = 400


@dataclass(frozen=True, slots=True)
class Change:
    """One box that differs; '' where a version had nothing in it."""

    section: Section
    title: str
    before: str
    after: str

    @property
    def is_long(self) -> bool:
        return max(len(self.before), len(self.after)) > SHORT_ENOUGH


def changes_between(old: Iterable[Line], new: Iterable[Line]) -> list[Change]:
    """The boxes whose values differ, in the order asked. A box that only one of them has counts as empty in the other.

    The wording is the newer version's, where it has the box.
    """
    before = {line.name: line for line in old}
    after = {line.name: line for line in new}
    order = list(Section)
    names = sorted(
        [*after, *(name for name in before if name not in after)],
        key=lambda name: order.index((after.get(name) or before[name]).section),
    )
    return [_change(before.get(name), after.get(name)) for name in names if _value(before, name) != _value(after, name)]


def _value(lines: dict[str, Line], name: str) -> str:
    return lines[name].value if name in lines else ""


def _change(old: Line | None, new: Line | None) -> Change:
    line = new or old
    if line is None:
        raise ValueError("A change has a line before or after it.")
    return Change(line.section, line.title, old.value if old else "", new.value if new else "")


@dataclass(frozen=True, slots=True)
class ChangedBox:
    """One box that two versions answer differently; empty text where one of them says nothing."""

    box: str
    label: str
    was: str
    now: str


def changed_boxes(boxes: list[Box], before: Mapping[str, str], after: Mapping[str, str]) -> list[ChangedBox]:
    """In the order asked. Both are ``box_values`` of a revision, so that equal numbers are equal text."""
    return [
        ChangedBox(box.name, box.title, before.get(box.name, ""), after.get(box.name, ""))
        for box in boxes
        if before.get(box.name, "") != after.get(box.name, "")
    ]
