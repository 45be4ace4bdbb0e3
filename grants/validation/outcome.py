"""What validating a return gives: typed values, errors that stop it, warnings that ask for a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from grants.models import Section
from grants.questionnaire.boxes import Box


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. ``code`` is stable (R101); ``field`` is a box name or '' for the section as a whole; ``value`` is
    what was found, as typed or as added up.
    """

    code: str
    section: Section
    field: str
    message: str
    value: str = ""
    staff_only: bool = False

    def as_stored(self) -> dict[str, Any]:
        """As it is kept with a revision: rules change, what was said of a return does not."""
        return {**asdict(self), "section": self.section.value}

    @classmethod
    def from_stored(cls, row: Mapping[str, Any]) -> Problem:
        return cls(
            code=row["code"],
            section=Section(row["section"]),
            field=row.get("field", ""),
            message=row["message"],
            value=row.get("value", ""),
            staff_only=bool(row.get("staff_only")),
        )


@dataclass(slots=True)
class Outcome:
    """Typed values by box name. Money in pounds, people as whole numbers, all Decimal; blank boxes are absent.

    ``unreadable`` is what the reader refused; the rules repeat it among the errors.
    """

    boxes: list[Box]
    is_nil: bool = False
    numbers: dict[str, Decimal] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    unreadable: list[Problem] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    @property
    def is_acceptable(self) -> bool:
        return not self.errors

    def errors_in_order(self) -> list[Problem]:
        """As the boxes are asked; what is wrong with a section as a whole comes before its boxes."""
        places = {box.name: place for place, box in enumerate(self.boxes)}
        sections = list(Section)
        return sorted(self.errors, key=lambda found: (sections.index(found.section), places.get(found.field, -1)))

    def errors_in(self, section: Section) -> list[Problem]:
        return [problem for problem in self.errors_in_order() if problem.section == section]

    def warnings_for_grantee(self) -> list[Problem]:
        return [problem for problem in self.warnings if not problem.staff_only]
