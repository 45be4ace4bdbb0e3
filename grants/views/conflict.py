"""Two people saved the same section: both versions, box by box, and the choice between them. Needs no scripts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from grants.models import SectionDraft
from grants.questionnaire.boxes import Box, BoxKind

MINE, THEIRS, BOTH = "mine", "theirs", "both"


@dataclass(frozen=True, slots=True)
class Difference:
    """One box that the two versions fill differently. ``chosen`` is '' until the person has decided."""

    box: Box
    mine: str
    theirs: str
    chosen: str

    @property
    def may_keep_both(self) -> bool:
        return self.box.kind is BoxKind.LONG and bool(self.mine.strip() and self.theirs.strip())

    def text(self) -> str:
        if self.chosen == BOTH:
            return f"{self.mine.rstrip()}\n\n{self.theirs.lstrip()}"
        return self.mine if self.chosen == MINE else self.theirs


def differences(boxes: list[Box], mine: dict[str, str], saved: SectionDraft, post: QueryDict) -> list[Difference]:
    """Where the two differ, with what was chosen so far. What only one of them filled in is chosen beforehand."""
    found = []
    for box in boxes:
        ours, theirs = mine.get(box.name, ""), str(saved.data.get(box.name, ""))
        if ours == theirs:
            continue
        obvious = MINE if not theirs.strip() else THEIRS if not ours.strip() else ""
        chosen = post.get(f"keep.{box.name}", obvious)
        difference = Difference(box, ours, theirs, chosen)
        allowed = {MINE, THEIRS, BOTH} if difference.may_keep_both else {MINE, THEIRS}
        found.append(difference if chosen in allowed else Difference(box, ours, theirs, ""))
    return found


def settled(mine: dict[str, str], found: list[Difference]) -> dict[str, str]:
    """The section as chosen, without empty boxes."""
    data = {**mine, **{each.box.name: each.text() for each in found}}
    return {name: text for name, text in data.items() if text.strip()}


def conflict_context(
    mine: dict[str, str], saved: SectionDraft, found: list[Difference], *, asked: bool
) -> dict[str, Any]:
    """For the page of the conflict; ``asked`` once somebody tried to save without deciding every box."""
    open_boxes = [each for each in found if not each.chosen]
    return {
        "rows": found,
        "mine": mine,
        "current": saved,
        "undecided": open_boxes if asked else [],
    }
