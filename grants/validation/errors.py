"""R1xx: what stops a submission. Each says which box, what was found and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from grants.models import Measure, Section
from grants.questionnaire.boxes import Box, BoxKind
from grants.timetable.locks import lock_of
from grants.validation.amounts import breakdown_sums, called, first_spend_box, new_people, people, pounds, whole
from grants.validation.facts import ReturnFacts, covered_quarters
from grants.validation.outcome import Outcome, Problem
from grants.validation.registry import rule

_SHOWN = 60


@rule("R100", "unreadable")
def what_is_typed_must_be_readable(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """A number is read for certain or refused: people are whole and never negative, money has pence at most, and
    what could mean two things ("c.80", "£8.8m", "0.25") is asked for again. A choice is one of those offered.
    """
    yield from outcome.unreadable


@rule("R101", "breakdown-sum")
def breakdown_must_equal_new(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """Every breakdown of new people adds up to the number of new people. "Not known" is one of its categories."""
    new, doubtful = new_people(outcome), {problem.field for problem in outcome.unreadable}
    if new is None:
        return
    unread = {box.category.dimension.slug for box in outcome.boxes if box.category and box.name in doubtful}
    for slug, (title, first, total) in breakdown_sums(outcome).items():
        if total == new or slug in unread:
            continue
        gap = "too few" if total < new else "too many"
        message = (
            f"{title}: the parts add up to {whole(total)} but you reported {people(new)}, "
            f"{whole(abs(new - total))} {gap}. Use “Not known” for people you have no answer for."
        )
        yield Problem("R101", Section.BREAKDOWNS, first, message, whole(total))


@rule("R102", "numerator-above-denominator")
def part_cannot_exceed_whole(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """In a percentage, the part cannot be larger than the whole."""
    for box, top, bottom in _ratios(outcome):
        if box.version is None or box.version.kind != "percentage" or top <= bottom or not bottom:
            continue
        message = f"{box.group}: {whole(top)} is more than the {whole(bottom)} it is out of. Check both numbers."
        yield Problem("R102", box.section, box.name, message, whole(top))


@rule("R103", "half-a-ratio")
def ratio_needs_both_parts(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """A percentage, unit cost or score needs both of its numbers, or neither."""
    unreadable = {problem.field for problem in outcome.unreadable}
    for box in outcome.boxes:
        if box.part != "numerator":
            continue
        other = _denominator(box)
        if (box.name in outcome.numbers) == (other in outcome.numbers) or unreadable & {box.name, other}:
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
                f"{whole(totals[wider])} {'were' if wider == Measure.REFERRED else 'have'} {wider.value}. "
                "Check both numbers, and earlier quarters."
            )
            yield Problem("R104", Section.REACH, f"reach.{narrower.value}", message, whole(totals[narrower]))


@rule("R105", "outside-the-grant")
def quarter_must_touch_the_grant(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """A return cannot be made for a period that lies wholly outside the grant's dates."""
    item = facts.monitoring_return
    quarters, grant = covered_quarters(item), item.commitment
    if quarters[0].starts_on <= grant.ends_on and grant.starts_on <= quarters[-1].ends_on:
        return
    message = (
        f"This grant runs from {grant.starts_on:%-d %B %Y} to {grant.ends_on:%-d %B %Y}, outside {item.quarter}. "
        "Tell your programme manager: either the grant's dates or this return are wrong."
    )
    yield Problem("R105", Section.DELIVERY, "", message)


@rule("R106", "missing", for_nil=False)
def required_boxes_must_be_filled(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """Boxes marked as needed must have an answer. A true zero is an answer; a blank is not."""
    unreadable = {problem.field for problem in outcome.unreadable}
    for box in outcome.boxes:
        answered = box.name in outcome.numbers or box.name in outcome.texts or box.name in unreadable
        if box.required and not answered:
            label = called(box)
            zero = " Enter 0 if there were none." if box.kind.number else ""
            said = f"Answer “{label}”" if label.endswith("?") else f"{label}: this is needed.{zero}"
            yield Problem("R106", box.section, box.name, said)


@rule("R107", "locked")
def return_must_be_open(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """Only a return that is open, in draft, queried or reopened, and whose quarter is not closed, can be submitted."""
    lock = lock_of(facts.monitoring_return, timezone.localdate())
    if lock is not None:
        yield Problem("R107", Section.DECLARATION, "", f"{lock.reason} {lock.next_step}")


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
            yield Problem("R108", box.section, box.name, message, typed[:_SHOWN])


@rule("R109", "year-to-date-falls")
def year_to_date_cannot_fall(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """The grantee's own year to date cannot be below what is approved already, except while a correction is made."""
    typed, approved = outcome.numbers.get("ytd.new"), facts.new_approved
    if typed is None or approved is None or facts.is_correction or typed >= approved:
        return
    message = (
        f"You have {people(typed)} since 1 April, but {whole(approved)} are approved for the quarters before this one. "
        "Check your records; if an approved figure is wrong, ask your programme manager to reopen that return."
    )
    yield Problem("R109", Section.REACH, "ytd.new", message, whole(typed))


@rule("R110", "ratio-of-nothing")
def nothing_cannot_have_a_part(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """A percentage, unit cost or score out of 0 people can only be 0."""
    for box, top, bottom in _ratios(outcome):
        if top and not bottom:
            shown = pounds(top) if box.kind is BoxKind.MONEY else f"{top.normalize():,f}"
            message = (
                f"{box.group}: {shown} out of 0 cannot be right. Enter the number it is out of, or 0 in both boxes."
            )
            yield Problem("R110", box.section, _denominator(box), message, "0")


@rule("R111", "splits-sum")
def splits_must_sum_to_the_award(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """The grant's shares by funding source add up to its award. Otherwise its spend would belong to nobody's money."""
    if Section.SPEND not in facts.monitoring_return.sections or facts.splits == facts.award:
        return
    message = (
        f"The funding recorded for this grant comes to {pounds(facts.splits)}, but its award is {pounds(facts.award)}. "
        "You cannot mend this: call your programme manager, who can. What you have typed is kept."
    )
    yield Problem("R111", Section.SPEND, first_spend_box(outcome), message, pounds(facts.splits))


@rule("R112", "spend-line")
def spend_lines_must_be_whole(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """A cost heading with a forecast or match funding says what was spent too (0 is an answer); and what is for
    delivery after 31 March is part of what was spent.
    """
    for box in outcome.boxes:
        said_more = any(outcome.numbers.get(_part(box, part)) is not None for part in ("forecast", "match"))
        # Elsewhere than in a nil return, a blank is reported as missing already.
        if box.heading and box.part == "actual" and said_more and outcome.is_nil and box.name not in outcome.numbers:
            message = f"{called(box)}: enter what was spent beside the other amounts. Enter 0 if nothing was."
            yield Problem("R112", Section.SPEND, box.name, message)
    later = outcome.numbers.get("spend.accruals")
    spent = sum(
        (outcome.numbers.get(box.name, Decimal(0)) for box in outcome.boxes if box.part == "actual"), Decimal(0)
    )
    if later is not None and later > spent:
        message = f"{pounds(later)} for delivery after 31 March is more than the {pounds(spent)} you spent. Check both."
        yield Problem("R112", Section.SPEND, "spend.accruals", message, pounds(later))


@rule("R113", "nil-with-people")
def nil_return_has_no_people(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """A return that says there is nothing to report holds no people. Zeros and spend may stand."""
    if not outcome.is_nil:
        return
    for box in outcome.boxes:
        if box.measure and outcome.numbers.get(box.name):
            count = whole(outcome.numbers[box.name])
            message = (
                f"{called(box)}: you typed {count}, so there is something to report. Clear it, or send a full return."
            )
            yield Problem("R113", box.section, box.name, message, count)


def _ratios(outcome: Outcome) -> Iterable[tuple[Box, Decimal, Decimal]]:
    """(numerator's box, numerator, denominator) of every ratio that has both."""
    for box in outcome.boxes:
        if box.part == "numerator" and box.name in outcome.numbers and _denominator(box) in outcome.numbers:
            yield box, outcome.numbers[box.name], outcome.numbers[_denominator(box)]


def _denominator(box: Box) -> str:
    return f"{box.name.removesuffix('numerator')}denominator"


def _part(box: Box, part: str) -> str:
    return f"{box.name.removesuffix('actual')}{part}"
