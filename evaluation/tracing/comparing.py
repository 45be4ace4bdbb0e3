"""Everything that is not the same in two editions: figures, the returns behind them, and what is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evaluation.models import Edition
from evaluation.reports.changes import Correction, changes_between, corrections_between
from evaluation.reports.imprint import Changed
from evaluation.tracing.stored import facts_of, revisions_of
from evaluation.writing.differences import Line, changed_words, differences

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
_WRITTEN = ("title", "text", "caption")


@dataclass(frozen=True, slots=True)
class WrittenAnew:
    """A section that one edition has and the other has not, or whose words differ (``lines``)."""

    name: str
    kind: str
    lines: tuple[Line, ...] = ()
    words_added: int = 0
    words_removed: int = 0

    @property
    def summary(self) -> str:
        if self.kind == CHANGED:
            return f"{self.name}: {self.words_added:,} words added, {self.words_removed:,} removed"
        return f"{self.name}: {'in the later' if self.kind == ADDED else 'in the earlier'} one only"


@dataclass(frozen=True, slots=True)
class Compared:
    """``first`` and ``gone`` are the figures that only the newer, or only the older edition prints."""

    changes: tuple[Changed, ...]
    corrections: tuple[Correction, ...]
    approved_since: int
    first: tuple[Mapping[str, Any], ...]
    gone: tuple[Mapping[str, Any], ...]
    sections: tuple[WrittenAnew, ...]

    @property
    def is_same(self) -> bool:
        return not (self.changes or self.first or self.gone or self.sections)


def compare(old: Edition, new: Edition) -> Compared:
    """For the unit's own eyes: with the reasons given for corrections. Raises CorruptSnapshot."""
    before, after = facts_of(old), facts_of(new)
    earlier, later = revisions_of(old), revisions_of(new)
    corrections = corrections_between(earlier, later)
    return Compared(
        changes=changes_between(before, after, old_revisions=earlier, new_revisions=later, with_reasons=True),
        corrections=corrections,
        approved_since=len(later - earlier) - len(corrections),
        first=_only_in(after.data["figures"], before.data["figures"]),
        gone=_only_in(before.data["figures"], after.data["figures"]),
        sections=tuple(_sections(before.data["sections"], after.data["sections"])),
    )


def _only_in(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    found = [figure for key, figure in one.items() if key not in other]
    return tuple(sorted(found, key=lambda figure: figure["order"]))


def _sections(before: list[Mapping[str, Any]], after: list[Mapping[str, Any]]) -> list[WrittenAnew]:
    old = {each["slug"]: each for each in before}
    new = {each["slug"]: each for each in after}
    made = []
    for slug, section in {**new, **old}.items():
        name = f"{section['number']} {section['title']}".strip()
        if slug not in old or slug not in new:
            made.append(WrittenAnew(name, ADDED if slug in new else REMOVED))
            continue
        lines = tuple(differences(_words(old[slug]), _words(new[slug])))
        if lines:
            made.append(WrittenAnew(name, CHANGED, lines, *changed_words(lines)))
    return made


def _words(section: Mapping[str, Any]) -> str:
    """What people wrote in a section, a block after the other; figures stand as their tokens."""
    said = [*section["key_points"]]
    for block in section["blocks"]:
        said += [str(block[name]) for name in _WRITTEN if block.get(name)]
    return "\n".join(said)
