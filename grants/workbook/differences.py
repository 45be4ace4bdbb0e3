"""What using a workbook would change: saved and found side by side, box by box."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grants.models import Section
from grants.questionnaire import Box


@dataclass(frozen=True, slots=True)
class Difference:
    """``saved`` and ``found`` are typed texts, '' for nothing; ``is_newer``: the site changed after the download."""

    box: Box
    saved: str
    found: str
    is_newer: bool = False

    @property
    def label(self) -> str:
        return self.box.title

    @property
    def saved_words(self) -> str:
        return self.box.in_words(self.saved)

    @property
    def found_words(self) -> str:
        return self.box.in_words(self.found)


def differences(
    boxes: list[Box],
    saved: Mapping[str, str],
    found: Mapping[str, str],
    changed_since: frozenset[str] = frozenset(),
) -> list[Difference]:
    """In the order asked; a box that ``found`` does not have is left alone. ``changed_since`` are section letters."""
    return [
        Difference(box, saved.get(box.name, ""), found[box.name], box.section.value in changed_since)
        for box in boxes
        if box.name in found and found[box.name] != saved.get(box.name, "")
    ]


def changes_by_section(rows: list[Difference]) -> dict[Section, dict[str, str]]:
    """The new texts of each section that would change."""
    changed: dict[Section, dict[str, str]] = {}
    for row in rows:
        changed.setdefault(row.box.section, {})[row.box.name] = row.found
    return changed


def merged(saved: Mapping[str, str], changes: Mapping[str, str]) -> dict[str, str]:
    """A section's saved text with changes laid over it; what was emptied goes."""
    return {name: text for name, text in {**saved, **changes}.items() if text.strip()}
