"""Sums and wordings that several rules share."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings

from grants.models import Measure
from grants.questionnaire.boxes import Box
from grants.validation.outcome import Outcome

NEW = f"reach.{Measure.NEW.value}"


def limit(name: str) -> Decimal:
    """A threshold from settings, as a Decimal (percentages as whole numbers: 10 means 10%)."""
    return Decimal(settings.RETURN_THRESHOLDS[name])


def whole(number: Decimal | int) -> str:
    return f"{number:,.0f}"


def pounds(amount: Decimal) -> str:
    return f"£{amount:,.2f}"


def people(count: Decimal | int) -> str:
    return f"{whole(count)} new {'person' if count == 1 else 'people'}"


def called(box: Box) -> str:
    """The box as a sentence names it: with its group, where it has one."""
    return f"{box.group}, {box.label}" if box.group else box.label


def new_people(outcome: Outcome) -> Decimal | None:
    return outcome.numbers.get(NEW)


def breakdown_sums(outcome: Outcome) -> dict[str, tuple[str, str, Decimal]]:
    """Dimension slug → (title, first box of it, sum of what was entered), for every dimension asked."""
    sums: dict[str, tuple[str, str, Decimal]] = {}
    for box in outcome.boxes:
        if box.category is None:
            continue
        slug = box.category.dimension.slug
        title, first, total = sums.get(slug, (box.group, box.name, Decimal(0)))
        sums[slug] = (title, first, total + outcome.numbers.get(box.name, Decimal(0)))
    return sums


def spend_of(outcome: Outcome, part: str) -> Decimal | None:
    """Σ of one part (actual, forecast) over headings; None when nothing was entered."""
    values = [
        outcome.numbers[box.name]
        for box in outcome.boxes
        if box.heading is not None and box.part == part and box.name in outcome.numbers
    ]
    return sum(values, Decimal(0)) if values else None


def first_spend_box(outcome: Outcome) -> str:
    return next((box.name for box in outcome.boxes if box.heading is not None), "")
