"""How far a return has come: where each section stands, what is still needed, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grants.models import Measure, Revision, Section, SectionDraft
from grants.questionnaire.boxes import Box

NEW_PEOPLE = f"reach.{Measure.NEW.value}"


@dataclass(frozen=True, slots=True)
class Progress:
    """One section. ``status`` is completed, in_progress or not_started; ``left`` counts the needed answers missing.

    A section is ``needed`` when nobody can send the return without it, or when it asks what the unit counts.
    """

    section: Section
    status: str
    left: int
    needed: bool


def sections_with_pages(sections: Iterable[Section], boxes: Iterable[Box]) -> list[Section]:
    """The sections to fill in. The declaration is made at the end; it is a section only where it asks questions."""
    asked = {box.section for box in boxes}
    return [section for section in sections if section is not Section.DECLARATION or section in asked]


def progress_of(
    sections: Iterable[Section],
    boxes: list[Box],
    drafts: Mapping[str, SectionDraft],
    sent: Revision | None,
) -> list[Progress]:
    """Where each section stands. What was sent was whole, and stands until somebody changes it."""
    reach = drafts.get(Section.REACH.value)
    new_people = str(reach.data.get(NEW_PEOPLE, "")) if reach else ""
    found = []
    for section in sections_with_pages(sections, boxes):
        own = [box for box in boxes if box.section == section]
        draft = drafts.get(section.value)
        done = draft.is_complete if draft else sent is not None
        status = "completed" if done else "in_progress" if draft else "not_started"
        left = 0 if draft is None and sent else still_needed(own, draft.data if draft else {}, new_people)
        found.append(Progress(section, status, left, any(_counts(box) for box in own)))
    return found


def _counts(box: Box) -> bool:
    return box.required or bool(box.category or box.version or box.milestone)


def still_needed(boxes: list[Box], typed: Mapping[str, str], new_people: str) -> int:
    """Needed boxes still empty, and breakdowns that nobody is placed in yet; with no new people none is needed."""
    empty = sum(box.required and not typed.get(box.name, "").strip() for box in boxes)
    if new_people.strip() == "0":
        return empty
    placed: dict[str, bool] = {}
    for box in boxes:
        if box.category:
            placed[box.group] = placed.get(box.group, False) or bool(typed.get(box.name, "").strip())
    return empty + list(placed.values()).count(False)


def next_section(progress: list[Progress], after: Section) -> Section | None:
    """The next needed section that is not finished, from ``after`` on and then from the start; None: all are."""
    order = [each.section for each in progress]
    start = order.index(after) + 1 if after in order else 0
    waiting = progress[start:] + progress[:start]
    return next(
        (each.section for each in waiting if each.needed and each.status != "completed" and each.section != after), None
    )
