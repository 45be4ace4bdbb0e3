"""W2xx about money: what is unusual in spend and forecast, and what the grantee is asked to explain."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from grants.models import Section
from grants.validation.amounts import NEW, first_spend_box, limit, new_people, people, pounds, spend_of
from grants.validation.facts import ReturnFacts
from grants.validation.outcome import Outcome, Problem
from grants.validation.registry import rule


@rule("W201", "over-award")
def spend_and_forecast_above_award(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """Spend so far plus forecast is more than the award. What is above it must come from elsewhere (match)."""
    actual, forecast = spend_of(outcome, "actual"), spend_of(outcome, "forecast")
    if actual is None and forecast is None:
        return
    expected = facts.spent_before + (actual or Decimal(0)) + (forecast or Decimal(0))
    if expected > facts.award:
        message = (
            f"Spend to date and forecast come to {pounds(expected)}, {pounds(expected - facts.award)} above the award "
            f"of {pounds(facts.award)}. Say who pays for the rest: it counts as match funding."
        )
        yield Problem("W201", Section.SPEND, first_spend_box(outcome), message, pounds(expected))


@rule("W202", "spend-off-profile", thresholds=("spend_off_profile_percent",))
def spend_far_from_profile(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """Spend differs from the profile of the same period by more than {spend_off_profile_percent}%."""
    actual = spend_of(outcome, "actual")
    if actual is None or facts.profile is None:
        return
    if abs(actual - facts.profile) * 100 > limit("spend_off_profile_percent") * facts.profile:
        message = f"You spent {pounds(actual)}; you planned to spend {pounds(facts.profile)} in this period."
        yield Problem("W202", Section.SPEND, first_spend_box(outcome), message, pounds(actual))


@rule("W205", "spend-without-people")
def spend_without_people(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """Money was spent but nobody new was supported."""
    actual = spend_of(outcome, "actual")
    if new_people(outcome) == 0 and actual:
        yield Problem("W205", Section.REACH, NEW, f"You spent {pounds(actual)} but supported no new people.", "0")


@rule("W206", "people-without-spend")
def people_without_spend(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """New people were supported but no money was spent."""
    new = new_people(outcome)
    if new and spend_of(outcome, "actual") == 0:
        message = f"You supported {people(new)} but spent nothing."
        yield Problem("W206", Section.SPEND, first_spend_box(outcome), message, "£0.00")


@rule("W208", "unit-cost-above-others", staff_only=True, thresholds=("unit_cost_times_median",))
def unit_cost_above_others(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """Cost per new person is more than {unit_cost_times_median} times the programme's median. Shown to staff only: it
    speaks of other grantees.
    """
    new, actual = new_people(outcome), spend_of(outcome, "actual")
    if not new or actual is None or not facts.typical_unit_cost:
        return
    cost = actual / new
    if cost > limit("unit_cost_times_median") * facts.typical_unit_cost:
        message = f"{pounds(cost)} a new person; the programme's median is {pounds(facts.typical_unit_cost)}."
        yield Problem("W208", Section.SPEND, first_spend_box(outcome), message, pounds(cost), staff_only=True)


@rule("W212", "forecast-underspend", thresholds=("underspend_percent",))
def forecast_underspend_in_quarter_three(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """In the third quarter, the year's spend plus forecast leaves more than {underspend_percent}% of the year's money
    unspent: it can still be moved.
    """
    actual, forecast = spend_of(outcome, "actual"), spend_of(outcome, "forecast")
    if facts.monitoring_return.quarter.number != 3 or actual is None or forecast is None:
        return
    short = facts.award_this_year - facts.spent_before_this_year - actual - forecast
    if short * 100 > limit("underspend_percent") * facts.award_this_year:
        message = (
            f"You expect to leave {pounds(short)} of this year's {pounds(facts.award_this_year)} unspent on 31 March."
        )
        yield Problem("W212", Section.SPEND, first_spend_box(outcome), message, pounds(short))


@rule("W214", "delivery-after-year-end")
def spend_is_for_delivery_after_year_end(outcome: Outcome, facts: ReturnFacts) -> Iterable[Problem]:
    """Part of the last quarter's spend is for delivery after 31 March, on money that must be delivered by then."""
    later = outcome.numbers.get("spend.accruals")
    if later:
        message = (
            f"{pounds(later)} is for delivery after 31 March, but part of this grant must be spent and delivered by "
            "then. Say what it is for and when it will be delivered."
        )
        yield Problem("W214", Section.SPEND, "spend.accruals", message, pounds(later))
