"""W2xx: what is unusual. The grantee explains it in a sentence, which becomes the reviewer's agenda."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from django.conf import settings

from grants.models import Measure, Section
from grants.validation.errors import breakdown_sums, whole
from grants.validation.facts import ReturnFacts
from grants.validation.outcome import Outcome, Problem
from grants.validation.registry import rule

FIRST_SPEND_BOX = "spend"
_NEW = f"reach.{Measure.NEW.value}"
_DATE_OF_BIRTH = re.compile(r"\b(?:dob|born|date of birth)\b.{0,20}\d", re.IGNORECASE)
_PHONE = re.compile(r"(?<!\d)(?:\+44\s?|0)\d(?:[\s-]?\d){8,9}(?!\d)")
# In small letters an ordinal ("b1 2nd floor") looks like the second half of a postcode.
_POSTCODE = re.compile(
    r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|(?i:\b[a-z]{1,2}\d[a-z\d]?\s?(?!\d(?:st|nd|rd|th)\b)\d[a-z]{2}\b)"
)


def limit(name: str) -> Decimal:
    """A threshold from settings, as a Decimal (percentages as whole numbers: 10 means 10%)."""
    return Decimal(settings.RETURN_THRESHOLDS[name])


def pounds(amount: Decimal) -> str:
    return f"£{amount:,.2f}"


def spend_of(outcome: Outcome, part: str) -> Decimal | None:
    """Σ of one part (actual, forecast) over headings; None when nothing was entered."""
    values = [
        outcome.numbers[box.name]
        for box in outcome.boxes
        if box.heading is not None and box.part == part and box.name in outcome.numbers
    ]
    return sum(values, Decimal(0)) if values else None


def _spend_box(outcome: Outcome) -> str:
    return next((box.name for box in outcome.boxes if box.heading is not None), "")


@rule("W201", "over-award")
def spend_and_forecast_above_award(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """Spend so far plus forecast is more than the award. What is above it must come from elsewhere (match)."""
    actual, forecast = spend_of(outcome, "actual"), spend_of(outcome, "forecast")
    if actual is None:
        return
    expected = facts.spent_before + actual + (forecast or Decimal(0))
    if expected > facts.award:
        message = f"Spend to date and forecast come to {pounds(expected)}, above the award of {pounds(facts.award)}."
        yield Problem("W201", Section.SPEND, _spend_box(outcome), message, pounds(expected))


@rule("W202", "spend-off-profile")
def spend_far_from_profile(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """Spend this quarter differs from the profile by more than the threshold."""
    actual = spend_of(outcome, "actual")
    if actual is None or not facts.profile:
        return
    share = abs(actual - facts.profile) * 100 / facts.profile
    if share > limit("spend_off_profile_percent"):
        message = f"You spent {pounds(actual)}; the profile for this quarter was {pounds(facts.profile)}."
        yield Problem("W202", Section.SPEND, _spend_box(outcome), message, pounds(actual))


@rule("W203", "reach-off-target")
def reach_far_from_target(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """New people this quarter differ from the target by more than the threshold."""
    new = outcome.numbers.get(_NEW)
    if new is None or not facts.reach_target:
        return
    share = abs(new - facts.reach_target) * 100 / facts.reach_target
    if share > limit("reach_off_target_percent"):
        message = f"You reported {whole(new)} new people; the target for this quarter was {whole(facts.reach_target)}."
        yield Problem("W203", Section.REACH, _NEW, message, whole(new))


@rule("W204", "much-not-known")
def much_is_not_known(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """More than the threshold of a breakdown is "not known"."""
    sums = breakdown_sums(outcome)
    for box in outcome.boxes:
        if box.category is None or box.category.kind != "not_known" or box.name not in outcome.numbers:
            continue
        title, _, total = sums[box.category.dimension.slug]
        if total and outcome.numbers[box.name] * 100 / total > limit("not_known_percent"):
            message = f"{title}: {whole(outcome.numbers[box.name])} of {whole(total)} people are not known."
            yield Problem("W204", Section.BREAKDOWNS, box.name, message, whole(outcome.numbers[box.name]))


@rule("W205", "spend-without-people")
def spend_without_people(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """Money was spent but nobody new was supported."""
    actual = spend_of(outcome, "actual")
    if outcome.numbers.get(_NEW) == 0 and actual:
        yield Problem("W205", Section.REACH, _NEW, f"You spent {pounds(actual)} but supported no new people.", "0")


@rule("W206", "people-without-spend")
def people_without_spend(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """New people were supported but no money was spent."""
    new = outcome.numbers.get(_NEW)
    if new and spend_of(outcome, "actual") == 0:
        message = f"You supported {whole(new)} new people but spent nothing."
        yield Problem("W206", Section.SPEND, _spend_box(outcome), message, "£0.00")


@rule("W207", "indirect-far-above-direct")
def indirect_far_above_direct(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """Indirect reach is many times the people supported directly."""
    indirect, new = outcome.numbers.get("reach.indirect"), outcome.numbers.get(_NEW)
    if indirect and new is not None and indirect > limit("indirect_times_direct") * max(new, Decimal(1)):
        message = f"{whole(indirect)} people reached indirectly, against {whole(new)} directly. Say how you counted."
        yield Problem("W207", Section.REACH, "reach.indirect", message, whole(indirect))


@rule("W208", "unit-cost-above-others", staff_only=True)
def unit_cost_above_others(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """Cost per new person is far above the programme's median. Shown to staff only: it speaks of other grantees."""
    new, actual = outcome.numbers.get(_NEW), spend_of(outcome, "actual")
    if not new or actual is None or not facts.typical_unit_cost:
        return
    cost = actual / new
    if cost > limit("unit_cost_times_median") * facts.typical_unit_cost:
        message = f"{pounds(cost)} a new person; the programme's median is {pounds(facts.typical_unit_cost)}."
        yield Problem("W208", Section.SPEND, _spend_box(outcome), message, pounds(cost), staff_only=True)


@rule("W209", "outside-age-range")
def people_outside_the_age_range(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """People were supported whose age band lies wholly outside the ages the grant is for."""
    grant = facts.monitoring_return.commitment
    if grant.youngest_age is None and grant.oldest_age is None:
        return
    youngest, oldest = grant.youngest_age or 0, grant.oldest_age if grant.oldest_age is not None else 200
    for box in outcome.boxes:
        if box.category is None or box.category.dimension.slug != "age" or not outcome.numbers.get(box.name):
            continue
        band = age_band(box.category.slug)
        if band and (band[1] < youngest or band[0] > oldest):
            count = whole(outcome.numbers[box.name])
            message = f"{count} people aged {box.label.lower()}; the grant is for ages {youngest} to {oldest}."
            yield Problem("W209", Section.BREAKDOWNS, box.name, message, count)


def age_band(slug: str) -> tuple[int, int] | None:
    """(youngest, oldest) of an age category: "15-17" → (15, 17), "25-plus" → (25, 200); None when not an age."""
    if match := re.fullmatch(r"(\d+)-(\d+)", slug):
        return int(match[1]), int(match[2])
    if match := re.fullmatch(r"(\d+)-plus", slug):
        return int(match[1]), 200
    return None


@rule("W210", "same-as-last-quarter")
def identical_to_last_quarter(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """A headline is exactly what it was last quarter (and not zero)."""
    for measure in Measure:
        name = f"reach.{measure.value}"
        typed = outcome.numbers.get(name)
        if typed and facts.previous.get(measure.value) == typed:
            yield Problem(
                "W210", Section.REACH, name, f"{measure.label}: {whole(typed)}, the same as last quarter.", whole(typed)
            )


@rule("W211", "personal-data")
def text_looks_like_personal_data(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """A narrative seems to hold a date of birth, telephone number or postcode. Remove it: no person may be named."""
    for box in outcome.boxes:
        if box.section in {Section.CONTACTS, Section.DECLARATION} or box.name not in outcome.texts:
            continue
        text = outcome.texts[box.name]
        if _DATE_OF_BIRTH.search(text) or _PHONE.search(text) or _POSTCODE.search(text):
            message = (
                f"“{box.label}” seems to hold a telephone number, postcode or date of birth. "
                "Take it out if it is about a person."
            )
            yield Problem("W211", box.section, box.name, message)


@rule("W212", "forecast-underspend")
def forecast_underspend_in_quarter_three(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """In the third quarter, spend to date plus forecast falls short of the award: it can still be moved."""
    actual, forecast = spend_of(outcome, "actual"), spend_of(outcome, "forecast")
    if facts.monitoring_return.quarter.number != 3 or actual is None or forecast is None:
        return
    short = facts.award - facts.spent_before - actual - forecast
    if short * 100 > limit("underspend_percent") * facts.award:
        message = f"You expect to leave {pounds(short)} of {pounds(facts.award)} unspent on 31 March."
        yield Problem("W212", Section.SPEND, _spend_box(outcome), message, pounds(short))


@rule("W213", "earlier-quarter-open")
def earlier_quarter_not_settled(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """An earlier quarter has not been approved yet, so the year to date is not complete. A grantee is asked about it
    only while it is theirs to send.
    """
    for quarter in facts.earlier_not_settled:
        with_grantee = quarter in facts.earlier_not_sent
        said = "has not been sent yet" if with_grantee else "is waiting for approval"
        message = f"The return for {quarter} {said}."
        yield Problem("W213", Section.DECLARATION, "", message, quarter, staff_only=not with_grantee)
