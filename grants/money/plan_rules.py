"""What a changed plan must keep to: sums, dates, what was reported already, and what the kind of change covers."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db.models import Sum

from grants.errors import ActionRefused
from grants.models import Commitment, SpendLine, Variation
from grants.money.plan import PARTS, Plan, quarters_of_plan, read_split_key, reported_quarters, total_of
from vru.lib.money import Money
from vru.lib.periods import EARLIEST, LATEST, FinancialYear, Quarter, long_date

Kind = Variation.Kind
# What each kind of change may touch. A change of the award carries everything that follows from it.
COVERED: dict[str, frozenset[str]] = {
    Kind.AWARD: frozenset(PARTS),
    Kind.REPROFILE: frozenset({"splits", "profile"}),
    Kind.TERM: frozenset({"starts_on", "ends_on", "splits", "profile", "targets", "indicators"}),
    Kind.TARGETS: frozenset({"targets", "indicators"}),
}
NAMES = {
    "award": "the award",
    "starts_on": "the first day",
    "ends_on": "the last day",
    "splits": "the funding splits",
    "shares": "the area shares",
    "profile": "the profile",
    "targets": "the targets",
    "indicators": "the indicators",
}


# £100bn: what a wrong unit reaches, and no award does. Sums of such amounts still fit the database's columns.
MOST_PENCE = 10**13
LONGEST_TERM = datetime.timedelta(days=3660)


def term_problem(starts_on: datetime.date, ends_on: datetime.date) -> str:
    """What is wrong with an award's dates, as a sentence; empty when they can be kept.

    A mistyped year would make a grid of hundreds of quarters on every page of the award.
    """
    if ends_on < starts_on:
        return f"The award cannot end on {long_date(ends_on)}, before it starts on {long_date(starts_on)}."
    if not (is_plain_day(starts_on) and is_plain_day(ends_on)):
        return f"Awards begin and end between the years {EARLIEST + 1} and {LATEST - 1}. Check the years."
    if ends_on - starts_on > LONGEST_TERM:
        return "An award runs for ten years at most. Check the years."
    return ""


def is_plain_day(day: datetime.date) -> bool:
    """Whether the day lies in a financial year that the site knows."""
    return EARLIEST < day.year < LATEST


def changed_parts(before: Plan, after: Plan) -> list[str]:
    return [part for part in PARTS if before.get(part) != after.get(part)]


def check_plan(commitment: Commitment, kind: str, before: Plan, after: Plan, *, effective_on: datetime.date) -> None:
    """Raises ``ActionRefused`` with the first thing that is wrong with ``after``, and how to mend it.

    Money of a financial year that ended before ``effective_on`` stays where it was, and so do the profile and targets
    of quarters with an approved return: what was reported, and what it was compared with, is not rewritten.
    """
    _check_shape(after)
    if not is_plain_day(effective_on):
        raise ActionRefused("Check the year of the day from which the change counts.")
    changed = changed_parts(before, after)
    if not changed:
        raise ActionRefused("Nothing would change. Change at least one amount, date or target.")
    outside = [NAMES[part] for part in changed if part not in COVERED[kind]]
    if outside:
        raise ActionRefused(
            f"A variation of this kind ({Kind(kind).label.lower()}) cannot change {' or '.join(outside)}. "
            "Choose “Change of the award” to change them together."
        )
    _check_sums(before, after, changed)
    _check_quarters(commitment, before, after)
    _check_past_years(before, after, effective_on)
    if after["award"] < before["award"]:
        _check_spent(commitment, after["award"])


def _check_shape(after: Plan) -> None:
    if set(after) != set(PARTS):
        raise ActionRefused("The plan is not whole: it needs the award, dates, splits, shares, profile and targets.")
    amounts = [after["award"], *_leaves(after["splits"]), *_leaves(after["shares"]), *_leaves(after["profile"])]
    if any(isinstance(each, bool) or not isinstance(each, int) or each < 0 for each in amounts):
        raise ActionRefused("Amounts are whole pence and never negative.")
    if any(isinstance(each, bool) or not isinstance(each, int) or each < 0 for each in _leaves(after["targets"])):
        raise ActionRefused("Targets are whole numbers of people and never negative.")
    if after["award"] > MOST_PENCE:
        raise ActionRefused(f"No award is {Money(after['award'])}. Check the pounds and pence.")
    problem = term_problem(_day(after["starts_on"]), _day(after["ends_on"]))
    if problem:
        raise ActionRefused(problem)


def _leaves(parts: Mapping[str, Any]) -> list[Any]:
    return [leaf for part in parts.values() for leaf in (part.values() if isinstance(part, dict) else [part])]


def _check_sums(before: Plan, after: Plan, changed: list[str]) -> None:
    """Splits and shares always sum to the award. So does a profile that changes, or that must follow a new award."""
    _must_sum(after["splits"], after["award"], "The funding splits")
    # An award read from an old register may have no shares or profile yet; a variation need not invent them.
    if after["shares"] or before["shares"]:
        _must_sum(after["shares"], after["award"], "The area shares")
    if "profile" in changed or ("award" in changed and before["profile"]):
        _must_sum(after["profile"], after["award"], "The amounts of the profile")


def _must_sum(parts: Mapping[str, Any], award: int, what: str) -> None:
    total = total_of(dict(parts))
    if total != award:
        side = "short of" if total < award else "above"
        gap = Money(abs(award - total))
        raise ActionRefused(f"{what} come to {Money(total)}, which is {gap} {side} the award of {Money(award)}.")


def _check_quarters(commitment: Commitment, before: Plan, after: Plan) -> None:
    within = {quarter.key for quarter in quarters_of_plan(after)}
    reported = reported_quarters(commitment)
    for key in sorted(reported - within):
        raise ActionRefused(f"The return for {Quarter.parse(key)} is approved, so the award has to cover that quarter.")
    for key in sorted(reported):
        if before["profile"].get(key, {}) != after["profile"].get(key, {}):
            raise ActionRefused(
                f"The return for {Quarter.parse(key)} is approved, so its profile stays. Change later quarters."
            )
        if _targets_in(before, key) != _targets_in(after, key):
            raise ActionRefused(
                f"The return for {Quarter.parse(key)} is approved, so its targets stay. Change later quarters."
            )
    asked = set(after["profile"]) | {key for quarters in after["targets"].values() for key in quarters}
    for key in sorted(asked - within):
        raise ActionRefused(f"{Quarter.parse(key)} is outside the dates of this award. Move its amounts and targets.")


def _targets_in(plan: Plan, quarter: str) -> dict[str, int]:
    return {measure: quarters[quarter] for measure, quarters in plan["targets"].items() if quarter in quarters}


def _check_past_years(before: Plan, after: Plan, effective_on: datetime.date) -> None:
    current = FinancialYear.of(effective_on).start
    for key in sorted(set(before["splits"]) | set(after["splits"])):
        year = read_split_key(key)[1]
        if year < current and before["splits"].get(key, 0) != after["splits"].get(key, 0):
            raise ActionRefused(
                f"{FinancialYear(year)} has ended by {long_date(effective_on)}, so its money stays where it was. "
                "Change the splits of later years, or choose an earlier day."
            )


def _check_spent(commitment: Commitment, award: int) -> None:
    """An award is never cut below what approved returns say was spent: that money was agreed and is gone.

    Paying it back is a matter of a correction of the return first. Cutting below what was *paid* is another thing: what
    was paid and not spent comes back as a recovery debt.
    """
    spent = approved_spend(commitment)
    if award < spent:
        raise ActionRefused(
            f"Approved returns say that {Money(spent)} was spent, so the award cannot fall to {Money(award)}. "
            f"Leave at least {Money(spent)}, or have the return corrected first."
        )


def approved_spend(commitment: Commitment) -> int:
    """Pence that approved returns of all years say was spent, without match funding."""
    lines = SpendLine.objects.filter(
        revision__monitoring_return__commitment=commitment,
        revision__approved_at__isnull=False,
        revision__superseded_at__isnull=True,
    )
    return lines.aggregate(total=Sum("actual_pence"))["total"] or 0


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)
