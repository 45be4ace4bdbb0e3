"""From a plan's keys to rows, and from a plan to the award: the last step of an approved variation."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models

from grants.actions.award_plan import set_award, set_indicators, set_profile, set_reach_targets, set_term
from grants.actions.awards import set_area_shares, set_funding_splits
from grants.errors import ActionRefused
from grants.models import Commitment, Measure, Variation
from grants.money.plan import Plan, read_indicator_key, read_split_key
from grants.money.plan_rules import changed_parts
from grants.timetable.calendar import reporting_quarter
from programmes.models import Area, CostHeading, FundingSource, IndicatorVersion
from vru.accounts.models import User
from vru.lib.periods import Quarter

Row = TypeVar("Row", bound=models.Model)


def lock_sources(*plans: Plan) -> None:
    """Every source that one of the plans names, in the order of keys, so that no two approvals block each other."""
    slugs = {read_split_key(key)[0] for plan in plans for key in plan["splits"]}
    list(FundingSource.objects.select_for_update().filter(slug__in=slugs).order_by("pk"))


def apply_plan(commitment: Commitment, variation: Variation, by: User) -> None:
    """Replace what differs. ``variation`` was approved in this transaction.

    Raises ``ActionRefused`` for a name that is not there.
    """
    before, after = variation.before, variation.after
    changed = set(changed_parts(before, after))
    if {"starts_on", "ends_on"} & changed:
        days = {name: datetime.date.fromisoformat(after[name]) for name in ("starts_on", "ends_on")}
        set_term(commitment=commitment, by=by, variation=variation, **days)
    if "award" in changed:
        set_award(commitment=commitment, award_pence=after["award"], by=by, variation=variation)
    if {"splits", "award"} & changed:
        set_funding_splits(commitment=commitment, splits=_splits(after), by=by, variation=variation)
    if "shares" in changed:
        set_area_shares(commitment=commitment, shares=_shares(after), by=by, variation=variation)
    if "profile" in changed:
        set_profile(commitment=commitment, lines=_profile(after), by=by, variation=variation)
    if "targets" in changed:
        set_reach_targets(commitment=commitment, targets=_targets(after), by=by, variation=variation)
    if "indicators" in changed:
        set_indicators(commitment=commitment, indicators=_indicators(after), by=by, variation=variation)


def _splits(plan: Plan) -> dict[tuple[FundingSource, int], int]:
    keys = {key: read_split_key(key) for key in plan["splits"]}
    sources = _found(FundingSource.objects.all(), "slug", (slug for slug, _ in keys.values()), "funding source")
    return {(sources[slug], year): plan["splits"][key] for key, (slug, year) in keys.items()}


def _shares(plan: Plan) -> dict[Area, int]:
    areas = _found(Area.objects.all(), "code", plan["shares"], "area")
    return {areas[code]: pence for code, pence in plan["shares"].items()}


def _profile(plan: Plan) -> dict[tuple[Any, CostHeading], int]:
    slugs = {slug for lines in plan["profile"].values() for slug in lines}
    headings = _found(CostHeading.objects.all(), "slug", slugs, "cost heading")
    quarters = {key: reporting_quarter(Quarter.parse(key)) for key in plan["profile"]}
    return {
        (quarters[key], headings[slug]): pence
        for key, lines in plan["profile"].items()
        for slug, pence in lines.items()
    }


def _targets(plan: Plan) -> dict[tuple[Measure, Any], int]:
    keys = {key for quarters in plan["targets"].values() for key in quarters}
    quarters = {key: reporting_quarter(Quarter.parse(key)) for key in sorted(keys)}
    return {
        (Measure(measure), quarters[key]): value for measure, of in plan["targets"].items() for key, value in of.items()
    }


def _indicators(plan: Plan) -> dict[tuple[IndicatorVersion, int], tuple[Decimal | None, Decimal | None]]:
    keys = {key: read_indicator_key(key) for key in plan["indicators"]}
    slugs = {slug for slug, _, _ in keys.values()}
    rows = IndicatorVersion.objects.filter(indicator__slug__in=slugs).select_related("indicator")
    versions = {(row.indicator.slug, row.number): row for row in rows}
    found = {}
    for key, (slug, number, year) in keys.items():
        if (slug, number) not in versions:
            raise ActionRefused(f"There is no indicator “{slug}” in version {number}. Take it out of the plan.")
        wanted = plan["indicators"][key]
        found[versions[slug, number], year] = (_decimal(wanted["baseline"]), _decimal(wanted["target"]))
    return found


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _found(rows: models.QuerySet[Row], field: str, wanted: Iterable[str], noun: str) -> dict[str, Row]:
    """The rows by their key. Raises ``ActionRefused`` for a key that has no row."""
    keys = set(wanted)
    found = {getattr(row, field): row for row in rows.filter(**{f"{field}__in": keys})}
    for key in sorted(keys - set(found)):
        raise ActionRefused(f"There is no {noun} “{key}”. Choose one from the list.")
    return found
