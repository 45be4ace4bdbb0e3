"""R1xx: what stops a submission. Each says which box and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from grants.locks import lock_of
from grants.models import Measure, Section
from grants.questionnaire import BoxKind
from grants.validation.facts import ReturnFacts
from grants.validation.outcome import Outcome, Problem
from grants.validation.registry import rule


def whole(number: Decimal | int) -> str:
    return f"{number:,.0f}"


def breakdown_sums(outcome: Outcome) -> dict[str, tuple[str, str, Decimal]]:
    """Dimension slug → (title, first box of it, sum of what was entered), for dimensions with any entry."""
    sums: dict[str, tuple[str, str, Decimal]] = {}
    for box in outcome.boxes:
        if box.category is None or box.name not in outcome.numbers:
            continue
        slug = box.category.dimension.slug
        title, first, total = sums.get(slug, (box.group, box.name, Decimal(0)))
        sums[slug] = (title, first, total + outcome.numbers[box.name])
    return sums


@rule("R101", "breakdown-sum")
def breakdown_must_equal_new(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """Every breakdown of new people adds up to the number of new people. "Not known" is a category."""
    if Section.BREAKDOWNS not in facts.monitoring_return.sections:
        return
    new = outcome.numbers.get(f"reach.{Measure.NEW.value}")
    if new is None:
        return
    sums = breakdown_sums(outcome)
    firsts = {box.category.dimension.slug: (box.group, box.name) for box in reversed(outcome.boxes) if box.category}
    for slug, (title, first) in firsts.items():
        total = sums.get(slug, (title, first, Decimal(0)))[2]
        if total == new:
            continue
        gap = "too few" if total < new else "too many"
        message = (
            f"{title}: the parts add up to {whole(total)} but you reported {whole(new)} new people, "
            f"{whole(abs(new - total))} {gap}. Use “Not known” for people you have no answer for."
        )
        yield Problem("R101", Section.BREAKDOWNS, first, message, whole(total))


@rule("R102", "numerator-above-denominator")
def part_cannot_exceed_whole(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """In a percentage, the part cannot be larger than the whole, nor can there be a part of nothing."""
    for box in outcome.boxes:
        if box.version is None or box.version.kind != "percentage" or box.part != "numerator":
            continue
        top = outcome.numbers.get(box.name)
        bottom = outcome.numbers.get(box.name.removesuffix("numerator") + "denominator")
        if top is None or bottom is None or top <= bottom:
            continue
        message = f"{box.group}: {whole(top)} is more than the {whole(bottom)} it is out of. Check both numbers."
        yield Problem("R102", box.section, box.name, message, whole(top))


@rule("R103", "half-a-ratio")
def ratio_needs_both_parts(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """A percentage, unit cost or score needs both of its numbers, or neither."""
    for box in outcome.boxes:
        if box.part != "numerator":
            continue
        other = box.name.removesuffix("numerator") + "denominator"
        if (box.name in outcome.numbers) == (other in outcome.numbers):
            continue
        missing = other if box.name in outcome.numbers else box.name
        yield Problem("R103", box.section, missing, f"{box.group}: enter both numbers, or leave both empty.")


@rule("R104", "funnel")
def funnel_must_narrow(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """Since the grant began, no more people start than were referred, and no more complete than started."""
    steps = (Measure.REFERRED, Measure.STARTED, Measure.COMPLETED)
    totals = {}
    for step in steps:
        typed = outcome.numbers.get(f"reach.{step.value}")
        if typed is not None:
            totals[step] = typed + facts.cumulative.get(step.value, 0)
    for wider, narrower in ((steps[0], steps[1]), (steps[1], steps[2])):
        if wider in totals and narrower in totals and totals[narrower] > totals[wider]:
            message = (
                f"Since the grant began, {whole(totals[narrower])} have {narrower.value} but only "
                f"{whole(totals[wider])} were {wider.value}. Check both numbers, and earlier quarters."
            )
            yield Problem("R104", Section.REACH, f"reach.{narrower.value}", message, whole(totals[narrower]))


@rule("R105", "outside-the-grant")
def quarter_must_touch_the_grant(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """A return cannot be made for a quarter that lies wholly outside the grant's dates."""
    item = facts.monitoring_return
    period, grant = item.quarter.period, item.commitment
    if period.starts_on <= grant.ends_on and grant.starts_on <= period.ends_on:
        return
    message = f"This grant runs from {grant.starts_on:%-d %B %Y} to {grant.ends_on:%-d %B %Y}, outside {period}."
    yield Problem("R105", Section.DELIVERY, "", message)


@rule("R106", "missing")
def required_boxes_must_be_filled(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """Boxes marked as needed must have an answer. A true zero is an answer; a blank is not."""
    unreadable = {problem.field for problem in outcome.errors}
    for box in outcome.boxes:
        answered = box.name in outcome.numbers or box.name in outcome.texts or box.name in unreadable
        if box.required and not answered:
            label = f"{box.group}, {box.label}" if box.group else box.label
            zero = " Enter 0 if there were none." if box.kind.number else ""
            said = f"Answer “{label}”" if label.endswith("?") else f"{label}: this is needed.{zero}"
            yield Problem("R106", box.section, box.name, said)


@rule("R108", "email")
def email_must_look_like_one(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """An email address has a name, an @ and a domain: a slip here would lose every message about the return."""
    for box in outcome.boxes:
        typed = outcome.texts.get(box.name)
        if box.kind is not BoxKind.EMAIL or typed is None:
            continue
        try:
            validate_email(typed)
        except ValidationError:
            message = f"“{box.label}”: enter an email address like name@example.com."
            yield Problem("R108", box.section, box.name, message, typed[:60])


@rule("R107", "locked")
def return_must_be_open(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """Only a return that is open, in draft, queried or reopened, and whose quarter is not closed, can be submitted."""
    lock = lock_of(facts.monitoring_return, timezone.localdate())
    if lock is not None:
        yield Problem("R107", Section.DECLARATION, "", f"{lock.reason} {lock.next_step}")
