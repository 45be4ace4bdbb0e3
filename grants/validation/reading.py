"""From typed text to typed values: the only place where a return's text becomes a number."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from grants.models import Section
from grants.questionnaire.boxes import Box
from grants.validation.amounts import called
from grants.validation.outcome import Outcome, Problem
from vru.lib.numbers import NumberKind, NumberProblem, read_number

UNREADABLE = "R100"
MOST_SHOWN = 60
# Within what the columns hold: a count is a 32-bit integer, a reading has ten digits before its point.
MOST_COUNTED = Decimal(999_999_999)
MOST_POUNDS = Decimal("9999999999.99")

RawSections = Mapping[Section, Mapping[str, str]]


def read_boxes(boxes: list[Box], raw: RawSections, *, is_nil: bool = False) -> Outcome:
    """Read every box. A blank is absent (missing is not zero); text that cannot be read is kept as an R100."""
    outcome = Outcome(boxes, is_nil=is_nil)
    for box in boxes:
        typed = str(raw.get(box.section, {}).get(box.name, "")).strip()
        if not typed:
            continue
        if box.kind.number is None:
            _read_text(box, typed, outcome)
        else:
            _read_number(box, typed, outcome)
    return outcome


def _read_text(box: Box, typed: str, outcome: Outcome) -> None:
    if box.choices and typed not in {value for value, _ in box.choices}:
        message = f"“{box.label}”: choose one of the answers offered."
        outcome.unreadable.append(Problem(UNREADABLE, box.section, box.name, message, typed[:MOST_SHOWN]))
        return
    outcome.texts[box.name] = typed


def _read_number(box: Box, typed: str, outcome: Outcome) -> None:
    assert box.kind.number is not None
    negative = box.part == "numerator" and box.kind == "decimal"
    try:
        number = read_number(typed, kind=box.kind.number, allow_negative=negative)
    except NumberProblem as problem:
        message = f"{called(box)}: {problem.message}"
        outcome.unreadable.append(Problem(UNREADABLE, box.section, box.name, message, typed[:MOST_SHOWN]))
        return
    assert number.value is not None
    most = MOST_POUNDS if box.kind.number is NumberKind.MONEY else MOST_COUNTED
    if abs(number.value) > most:
        message = f"{called(box)}: the largest number that can be kept is {most:,f}. Check what you typed."
        outcome.unreadable.append(Problem(UNREADABLE, box.section, box.name, message, typed[:MOST_SHOWN]))
        return
    outcome.numbers[box.name] = number.value
