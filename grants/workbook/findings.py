"""What to put right in a workbook: what its cells hide and what the validator finds, each at its sheet, row, column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from grants.models import MonitoringReturn, Section
from grants.questionnaire import Box
from grants.validation import validate
from grants.workbook.contents import Mark
from grants.workbook.layout import lay_out, places
from grants.workbook.reading import Answers
from grants.workbook.refusals import CELL_PROBLEMS, NOTES, FileRefused
from vru.lib.tables.cells import column_letters


@dataclass(frozen=True, slots=True)
class Finding:
    """``row`` counts from 1 as on screen, 0 where no cell is meant; ``column`` is a letter. ``rule`` is stable."""

    sheet: str
    row: int
    column: str
    value: str
    message: str
    rule: str
    is_error: bool = True
    box: str = ""
    section: str = ""

    def as_stored(self) -> dict[str, Any]:
        return asdict(self)

    def for_command(self) -> dict[str, Any]:
        """The six keys that scripts rely on; no row or column is null."""
        return {
            "sheet": self.sheet or None,
            "row": self.row or None,
            "column": self.column or None,
            "value": self.value,
            "message": self.message,
            "rule": self.rule,
        }


def refused(refusal: FileRefused) -> Finding:
    """A refused file as one finding without a place."""
    return Finding("", 0, "", "", str(refusal), refusal.code)


def findings(
    item: MonitoringReturn, boxes: list[Box], answers: Answers, typed: Mapping[str, str], *, is_nil: bool = False
) -> list[Finding]:
    """Errors and warnings for the grantee, cells first, then the validator's in the order asked."""
    raw: dict[Section, dict[str, str]] = {}
    for box in boxes:
        if text := typed.get(box.name, ""):
            raw.setdefault(box.section, {})[box.name] = text
    outcome = validate(item, raw, is_nil=is_nil, boxes=boxes)
    finder = _Finder(boxes, answers, typed)
    found = finder.of_cells()
    unread = {name for name, code in answers.unsure.items() if code not in NOTES}
    for problem in outcome.errors_in_order():
        # A cell that could not be read is said once, with the cause.
        if not (problem.field in unread and problem.code in {"R100", "R106"}):
            found.append(finder.at(problem.field, problem.code, problem.message, problem.value, True, problem.section))
    for problem in outcome.warnings_for_grantee():
        found.append(finder.at(problem.field, problem.code, problem.message, problem.value, False, problem.section))
    return found


class _Finder:
    def __init__(self, boxes: list[Box], answers: Answers, typed: Mapping[str, str]) -> None:
        self.boxes = {box.name: box for box in boxes}
        self.answers, self.typed = answers, typed
        self.planned = places(lay_out(boxes, typed))

    def of_cells(self) -> list[Finding]:
        found = []
        for name, box in self.boxes.items():
            code = self.answers.unsure.get(name) or ("" if name in self.answers.texts else "F205")
            if code:
                label = f"{box.group}, {box.label}" if box.group else box.label
                message = f"{label}: {CELL_PROBLEMS[code]}"
                found.append(self.at(name, code, message, self._cell_text(name), code not in NOTES, box.section))
        for cell in self.answers.strangers:
            if cell.text.strip() and cell.part == 1:
                place = (cell.sheet, cell.row + 1, column_letters(cell.column))
                found.append(Finding(*place, cell.text[:60], CELL_PROBLEMS["F206"], "F206", is_error=False))
        return found

    def at(self, name: str, rule: str, message: str, value: str, is_error: bool, section: str) -> Finding:
        """The finding at the box's cell in the file; where the file has none, at its cell in a new workbook."""
        read, planned = self.answers.places.get(name), self.planned.get(name)
        place = ("", 0, "")
        if read is not None:
            place = (read.sheet, read.row + 1, column_letters(read.column))
        elif planned is not None:
            place = (planned.sheet, planned.row + 1, column_letters(planned.column))
        return Finding(*place, value or self.typed.get(name, "")[:60], message, rule, is_error, name, str(section))

    def _cell_text(self, name: str) -> str:
        cell = self.answers.places.get(name)
        return cell.text[:60] if cell else ""


def marks_of(found: list[Finding]) -> list[Mark]:
    """What is listed in the marked-up copy: errors, then what is unusual."""
    ordered = sorted(found, key=lambda finding: not finding.is_error)
    return [Mark(each.box, each.value, each.message, each.is_error) for each in ordered]
