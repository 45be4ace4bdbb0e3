"""A whole plan worked out from what changes: the award, its dates, or its money of one source and year."""

from __future__ import annotations

import copy
import datetime
from collections import defaultdict
from collections.abc import Collection

from grants.money.plan import Plan, quarters_of_plan, read_split_key, total_of
from vru.lib.money import split_pence
from vru.lib.periods import FinancialYear, Quarter

Lines = dict[str, dict[str, int]]


def replan(
    before: Plan,
    *,
    reported: Collection[str],
    award: int | None = None,
    starts_on: datetime.date | None = None,
    ends_on: datetime.date | None = None,
    effective_on: datetime.date | None = None,
) -> Plan:
    """A proposal to start from: every part in proportion to what it was, to the penny by the largest remainder.

    Splits of years before ``effective_on`` and the quarters in ``reported`` stay as they are; what is left of the award
    is spread over the others. Targets and indicators outside the new dates are left out.
    """
    after = copy.deepcopy(before)
    after["award"] = before["award"] if award is None else award
    if starts_on is not None:
        after["starts_on"] = starts_on.isoformat()
    if ends_on is not None:
        after["ends_on"] = ends_on.isoformat()
    if after["award"] != before["award"]:
        after["splits"] = _splits(before, after["award"], effective_on)
        after["shares"] = in_proportion(after["award"], before["shares"])
    return refit(before, after, reported)


def move_money(before: Plan, key: str, pence: int, *, reported: Collection[str]) -> Plan:
    """The plan with ``pence`` more (less, when negative) of one "source/year": award, split, shares, open quarters."""
    after = copy.deepcopy(before)
    after["award"] = before["award"] + pence
    after["splits"][key] = before["splits"].get(key, 0) + pence
    if not after["splits"][key]:
        del after["splits"][key]
    after["shares"] = in_proportion(after["award"], before["shares"])
    return refit(before, after, reported)


def refit(before: Plan, after: Plan, reported: Collection[str]) -> Plan:
    """Fit the profile and the targets to the dates and the money. A commitment without a profile keeps none."""
    within = [quarter for quarter in quarters_of_plan(after) if quarter.key not in reported]
    fixed = {key: dict(lines) for key, lines in before["profile"].items() if key in reported}
    if before["profile"]:
        spread = _by_year(before, after, fixed, within) or _as_one(before, after, fixed, within)
        after["profile"] = fixed | {key: lines for key, lines in spread.items() if lines}
    kept = {quarter.key for quarter in quarters_of_plan(after)}
    targets = {
        measure: {key: value for key, value in of.items() if key in kept} for measure, of in before["targets"].items()
    }
    after["targets"] = {measure: of for measure, of in targets.items() if of}
    years = {quarter.year for quarter in quarters_of_plan(after)}
    after["indicators"] = {
        key: value for key, value in after["indicators"].items() if int(key.rpartition("/")[2]) in years
    }
    return after


def in_proportion(total: int, weights: dict[str, int]) -> dict[str, int]:
    """``total`` by the keys of ``weights``; parts of nought are left out. Nothing to weigh by gives nothing."""
    if not any(weights.values()):
        return {}
    parts = split_pence(total, list(weights.values()))
    return {key: part for key, part in zip(weights, parts, strict=True) if part}


def _splits(before: Plan, award: int, effective_on: datetime.date | None) -> dict[str, int]:
    first = FinancialYear.of(effective_on).start if effective_on else 0
    past = {key: pence for key, pence in before["splits"].items() if read_split_key(key)[1] < first}
    rest = {key: pence for key, pence in before["splits"].items() if key not in past}
    left = award - sum(past.values())
    return past | in_proportion(left, rest) if rest and left >= 0 else in_proportion(award, before["splits"])


def _by_year(before: Plan, after: Plan, fixed: Lines, within: list[Quarter]) -> Lines | None:
    """Open quarters of each year share what its splits leave; None where a year has no room for what it should hold."""
    wanted: dict[int, int] = defaultdict(int)
    for key, pence in after["splits"].items():
        wanted[read_split_key(key)[1]] += pence
    for key, lines in fixed.items():
        wanted[Quarter.parse(key).year] -= sum(lines.values())
    found: Lines = {}
    for year, pence in sorted(wanted.items()):
        quarters = [quarter for quarter in within if quarter.year == year]
        if pence < 0 or (pence and not quarters):
            return None
        found |= _spread(before, quarters, pence)
    return found


def _as_one(before: Plan, after: Plan, fixed: Lines, within: list[Quarter]) -> Lines:
    return _spread(before, within, max(0, after["award"] - total_of(fixed)))


def _spread(before: Plan, quarters: list[Quarter], pence: int) -> Lines:
    """By the old amounts of those quarters; a quarter that had none weighs like a usual one, by the usual headings."""
    if not quarters:
        return {}
    usual: dict[str, int] = defaultdict(int)
    for lines in before["profile"].values():
        for heading, amount in lines.items():
            usual[heading] += amount
    count = len(before["profile"])
    weights = {
        (quarter.key, heading): amount
        for quarter in quarters
        for heading, amount in (
            before["profile"].get(quarter.key) or {name: total // count for name, total in usual.items()}
        ).items()
    }
    if not any(weights.values()):
        weights = {(quarter.key, heading): 1 for quarter in quarters for heading in usual}
    found: Lines = defaultdict(dict)
    for (key, heading), part in zip(weights, split_pence(pence, list(weights.values())), strict=True):
        if part:
            found[key][heading] = part
    return dict(found)
