"""W2xx about people, words and earlier quarters: what is unusual. The grantee explains it in a sentence, which
becomes the reviewer's agenda.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from grants.models import Measure, MonitoringReturn, Section
from grants.validation.amounts import (
    NEW,
    breakdown_sums,
    called,
    first_spend_box,
    limit,
    new_people,
    people,
    pounds,
    spend_of,
    whole,
)
from grants.validation.facts import ReturnFacts
from grants.validation.outcome import Outcome, Problem
from grants.validation.personal_data import signs_of_personal_data
from grants.validation.registry import rule

Status = MonitoringReturn.Status
OLDEST = 200
_YEARS = re.compile(r"(?:age-?)?(?P<from>\d+)-(?:to-)?(?P<to>\d+)")
_OVER = re.compile(r"(?:age-?)?(?P<from>\d+)-(?:plus|and-over)|over-(?P<above>\d+)")
_UNDER = re.compile(r"under-(?P<below>\d+)")
_WAITING = {
    Status.SCHEDULED: "has not been opened yet",
    Status.SUBMITTED: "is waiting for approval",
    Status.OPEN: "has not been sent yet",
    Status.DRAFT: "has not been sent yet",
    Status.QUERIED: "was queried and waits for your answer",
    Status.REOPENED: "is open for a correction, which has not been sent yet",
}
_NOT_THEIRS = frozenset({Status.SCHEDULED, Status.SUBMITTED})


@rule("W203", "reach-off-target", thresholds=("reach_off_target_percent",))
def reach_far_from_target(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """New people differ from the target of the same period by more than {reach_off_target_percent}%."""
    new = new_people(outcome)
    if new is None or facts.reach_target is None:
        return
    if abs(new - facts.reach_target) * 100 > limit("reach_off_target_percent") * facts.reach_target:
        message = f"You reported {people(new)}; the target for this period was {whole(facts.reach_target)}."
        yield Problem("W203", Section.REACH, NEW, message, whole(new))


@rule("W204", "much-not-known", thresholds=("not_known_percent",))
def much_is_not_known(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """More than {not_known_percent}% of a breakdown is "not known"."""
    sums = breakdown_sums(outcome)
    for box in outcome.boxes:
        if box.category is None or box.category.kind != "not_known" or box.name not in outcome.numbers:
            continue
        title, _, total = sums[box.category.dimension.slug]
        if total and outcome.numbers[box.name] * 100 / total > limit("not_known_percent"):
            message = f"{title}: {whole(outcome.numbers[box.name])} of {whole(total)} people are not known."
            yield Problem("W204", Section.BREAKDOWNS, box.name, message, whole(outcome.numbers[box.name]))


@rule("W207", "indirect-far-above-direct", thresholds=("indirect_times_direct",))
def indirect_far_above_direct(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """Indirect reach is more than {indirect_times_direct} times the new people supported directly."""
    indirect, new = outcome.numbers.get("reach.indirect"), new_people(outcome)
    if indirect and new is not None and indirect > limit("indirect_times_direct") * max(new, Decimal(1)):
        message = f"{whole(indirect)} people reached indirectly, against {whole(new)} directly. Say how you counted."
        yield Problem("W207", Section.REACH, "reach.indirect", message, whole(indirect))


@rule("W209", "outside-age-range")
def people_outside_the_age_range(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """People were supported whose age band lies wholly outside the ages the grant is for. A band that overlaps those
    ages (18 to 25 beside 15 to 24) passes.
    """
    grant = facts.monitoring_return.commitment
    if grant.youngest_age is None and grant.oldest_age is None:
        return
    youngest, oldest = grant.youngest_age or 0, grant.oldest_age if grant.oldest_age is not None else OLDEST
    meant = f"{youngest} to {oldest}" if grant.oldest_age is not None else f"{youngest} and over"
    for box in outcome.boxes:
        if box.category is None or box.category.dimension.slug != "age" or not outcome.numbers.get(box.name):
            continue
        band = age_band(box.category.slug)
        if band and (band[1] < youngest or band[0] > oldest):
            count = outcome.numbers[box.name]
            who = "person" if count == 1 else "people"
            message = f"{whole(count)} {who} aged {box.label.lower()}; the grant is for ages {meant}."
            yield Problem("W209", Section.BREAKDOWNS, box.name, message, whole(count))


def age_band(slug: str) -> tuple[int, int] | None:
    """(youngest, oldest) of an age category: "15-17" → (15, 17), "25-plus" → (25, 200), "under-10" → (0, 9); None
    when it is not an age.
    """
    if match := _YEARS.fullmatch(slug):
        return int(match["from"]), int(match["to"])
    if match := _OVER.fullmatch(slug):
        return (int(match["from"]), OLDEST) if match["from"] else (int(match["above"]) + 1, OLDEST)
    if match := _UNDER.fullmatch(slug):
        return 0, int(match["below"]) - 1
    return None


@rule("W210", "same-as-last-quarter", thresholds=("same_as_last_quarter_from",))
def identical_to_last_quarter(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """A count of people or a result of {same_as_last_quarter_from} or more, or the total spend, is exactly what it was
    last quarter: it may have been copied. Smaller numbers repeat by chance.
    """
    before, least = facts.last_time, limit("same_as_last_quarter_from")
    for measure in Measure:
        name = f"reach.{measure.value}"
        typed = outcome.numbers.get(name)
        if typed is not None and typed >= least and before.reach.get(measure.value) == typed:
            yield Problem(
                "W210", Section.REACH, name, f"{measure.label}: {whole(typed)}, as last quarter.", whole(typed)
            )
    for box in outcome.boxes:
        # One finding for each indicator, at its first box. A stock may well stand still.
        if box.version is None or box.version.kind == "stock" or box.part not in ("value", "numerator"):
            continue
        now = tuple(outcome.numbers.get(f"{box.name.removesuffix(box.part)}{part}") for part in _READING)
        if max(map(abs, filter(None, now)), default=0) >= least and before.readings.get(box.version.pk) == now:
            shown = " of ".join(f"{number.normalize():,f}" for number in now if number is not None)
            yield Problem("W210", box.section, box.name, f"{box.group}: {shown}, as last quarter.", shown)
    spent = spend_of(outcome, "actual")
    if spent and before.spent == spent:
        message = f"Total spend: {pounds(spent)}, to the penny as last quarter."
        yield Problem("W210", Section.SPEND, first_spend_box(outcome), message, pounds(spent))


_READING = ("value", "numerator", "denominator")


@rule("W211", "personal-data")
def text_looks_like_personal_data(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """A narrative seems to hold a name with a date, a date of birth, a telephone number or a postcode. Remove it: no
    person may be named.
    """
    for box in outcome.boxes:
        if box.section in {Section.CONTACTS, Section.DECLARATION} or box.name not in outcome.texts or box.choices:
            continue
        signs = signs_of_personal_data(outcome.texts[box.name])
        if signs:
            listed = " and ".join([", ".join(signs[:-1]), signs[-1]] if len(signs) > 1 else signs)
            message = f"“{called(box)}” seems to hold {listed}. Take it out if it is about a person."
            yield Problem("W211", box.section, box.name, message)


@rule("W213", "earlier-quarter-open")
def earlier_quarter_not_settled(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """An earlier quarter is missing, queried or not approved yet, so the year to date is not complete. It stops
    nothing, and a grantee is asked about it only while it is theirs to send.
    """
    for earlier in facts.unsettled:
        message = f"The return for {earlier.quarter} {_WAITING[earlier.status]}."
        staff_only = earlier.status in _NOT_THEIRS
        yield Problem("W213", Section.DECLARATION, "", message, earlier.quarter, staff_only=staff_only)


@rule("W215", "year-to-date-differs")
def year_to_date_differs_from_the_returns(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """The grantee's own year to date is not the new people of the year's returns added up, this one with them."""
    typed, new = outcome.numbers.get("ytd.new"), new_people(outcome)
    if typed is None or new is None:
        return
    computed = (facts.new_sent or 0) + new
    if typed != computed:
        message = (
            f"Your records say {people(typed)} since 1 April; your returns, with this one, add up to {whole(computed)}."
        )
        yield Problem("W215", Section.REACH, "ytd.new", message, whole(typed))
