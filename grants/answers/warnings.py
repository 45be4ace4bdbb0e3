"""What was unusual about a version when it was sent: for staff, and for the grantee with what they said about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grants.answers.values import typed_by_section
from grants.models import MonitoringReturn, Revision
from grants.questionnaire import Box
from grants.validation import Problem, validate


@dataclass(frozen=True, slots=True)
class Warned:
    """Something that was unusual when it was sent, and what the grantee said about it."""

    code: str
    message: str
    explanation: str


def stored_warnings(revision: Revision) -> list[Problem]:
    """What was unusual when it was sent, for staff."""
    return [Problem.from_stored(row) for row in revision.warnings or []]


def warnings_of(
    item: MonitoringReturn, revision: Revision, boxes: list[Box], values: Mapping[str, str]
) -> list[Problem]:
    """The stored warnings; where nobody looked, those the rules find now, so that silence is never taken for calm."""
    if revision.warnings is not None:
        return stored_warnings(revision)
    typed = typed_by_section(boxes, values)
    return validate(item, typed, is_nil=revision.is_nil, for_staff=True, boxes=boxes).warnings


def warned_of(revision: Revision) -> list[Warned]:
    """What the grantee was asked to explain. Warnings that speak of other grantees are the unit's, and stay out."""
    kept = [
        Warned(each["code"], each["message"], revision.explanations.get(each["code"], ""))
        for each in revision.warnings or []
        if not each.get("staff_only")
    ]
    named = {each.code for each in kept}
    # Versions sent before warnings were kept have the sentences alone.
    return kept + [Warned(code, "", text) for code, text in sorted(revision.explanations.items()) if code not in named]
