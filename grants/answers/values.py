"""The values of a return by box name: as typed so far, or as a version sent them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from grants.models import MonitoringReturn, Reading, Revision, Section, SectionDraft
from grants.questionnaire import Box, BoxKind, boxes_for
from programmes.models import Category, Dimension
from vru.lib.money import Money


def drafts_of(monitoring_return: MonitoringReturn) -> dict[Section, dict[str, str]]:
    """What has been typed so far, by section; where nothing was, what was sent last.

    A return that is queried or reopened starts from what was sent, however it came in: nobody types it twice.
    """
    rows = SectionDraft.objects.filter(monitoring_return=monitoring_return).values_list("section", "data")
    typed = {Section(section): data for section, data in rows}
    # The last one, live or not: a version that was taken back before its signature is where its changes start.
    sent = Revision.objects.filter(monitoring_return=monitoring_return).order_by("-number").first()
    if sent is None:
        return typed
    boxes = [box for box in boxes_for(monitoring_return) if box.section not in typed]
    section_of = {box.name: box.section for box in boxes}
    for name, text in box_values(boxes, sent).items():
        typed.setdefault(section_of[name], {})[name] = text
    return typed


def box_values(boxes: list[Box], revision: Revision) -> dict[str, str]:
    """The revision's values as text by box name: to show beside a box, or to start a corrected draft from."""
    cells = {(cell.measure, cell.category_id): cell.value for cell in revision.cells.all()}
    everyone = Category.objects.get(dimension__slug=Dimension.TOTAL).pk
    readings = {reading.version_id: reading for reading in revision.readings.all()}
    spend = {line.heading_id: line for line in revision.spend_lines.all()}
    answers = {answer.question_id: answer.text for answer in revision.answers.all()}
    milestones = {report.milestone_id: report.status for report in revision.milestone_reports.all()}
    values: dict[str, str] = {}
    for box in boxes:
        text: str | None = None
        if box.measure:
            value = cells.get((box.measure, box.category.pk if box.category else everyone))
            text = None if value is None else str(value)
        elif box.version and box.version.pk in readings:
            text = _text_of(readings[box.version.pk], box.part)
        elif box.heading and box.heading.pk in spend:
            pence = getattr(spend[box.heading.pk], f"{box.part}_pence")
            text = None if pence is None else str(Money(pence).pounds)
        elif box.milestone:
            text = milestones.get(box.milestone.pk)
        elif box.question:
            text = answers.get(box.question.pk)
        if text is not None:
            values[box.name] = text
    return values


def _text_of(reading: Reading, part: str) -> str | None:
    if part == "status":
        return reading.status or None
    number = getattr(reading, part)
    if number is None:
        return None
    return f"{number:f}".rstrip("0").rstrip(".")


def typed_by_section(boxes: list[Box], values: Mapping[str, str]) -> dict[Section, dict[str, str]]:
    """Values by box name as the validator takes them."""
    typed: dict[Section, dict[str, str]] = {}
    for box in boxes:
        if box.name in values:
            typed.setdefault(box.section, {})[box.name] = values[box.name]
    return typed


def readable(boxes: list[Box], values: Mapping[str, str]) -> dict[str, str]:
    """Stored values as people read them, by box name."""
    return {box.name: shown(box, values[box.name]) for box in boxes if box.name in values}


def shown(box: Box, text: str) -> str:
    """A stored value as people read it: £1,234.50, 1,169, "Green: on track"."""
    if box.kind is BoxKind.MONEY:
        return Money.from_pounds(Decimal(text)).exact()
    if box.kind is BoxKind.PEOPLE and text.isdecimal():
        return f"{int(text):,}"
    return box.in_words(text)


def shown_number(box: Box, number: Decimal) -> str:
    """A computed sum as people read it; money to the penny."""
    if box.kind is BoxKind.MONEY:
        return Money.from_pounds(number.quantize(Decimal("0.01"))).exact()
    return f"{number.normalize():,f}"
