"""The plan of a commitment as one whole, by keys that outlive the rows: what a variation keeps as before and after."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections import defaultdict
from decimal import Decimal
from typing import Any

from grants.models import Commitment, Revision
from vru.lib.periods import Quarter

PARTS = ("award", "starts_on", "ends_on", "splits", "shares", "profile", "targets", "indicators")
Plan = dict[str, Any]


def plan_of(commitment: Commitment) -> Plan:
    """What was agreed, as it stands now. Money is whole pence, days are ISO text, figures of indicators decimal text.

    ``award``, ``starts_on``, ``ends_on``; ``splits`` by "source/year" (the year in which the financial year begins);
    ``shares`` by area code; ``profile`` by quarter, then cost heading; ``targets`` by measure, then quarter;
    ``indicators`` by "indicator/version/year", each with ``baseline`` and ``target``. Amounts of nought are left out,
    so that two plans are the same exactly when they are equal. Reads the database, never the object's own copies.
    """
    row = Commitment.objects.get(pk=commitment.pk)
    return {
        "award": row.award_pence,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
        "splits": _splits(row),
        "shares": {
            share.area.code: share.amount_pence
            for share in row.area_shares.select_related("area")
            if share.amount_pence
        },
        "profile": _profile(row),
        "targets": _targets(row),
        "indicators": _indicators(row),
    }


def fingerprint(plan: Plan) -> str:
    """A short text that is the same exactly when two plans are: what a form carries to notice a change meanwhile."""
    return hashlib.sha256(json.dumps(plan, sort_keys=True).encode()).hexdigest()[:16]


def _splits(row: Commitment) -> dict[str, int]:
    splits = row.splits.select_related("source")
    return {split_key(split.source.slug, split.year): split.amount_pence for split in splits if split.amount_pence}


def _profile(row: Commitment) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for line in row.profile_lines.select_related("quarter", "heading"):
        if line.amount_pence:
            found[line.quarter.key][line.heading.slug] = line.amount_pence
    return dict(found)


def _targets(row: Commitment) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for target in row.reach_targets.select_related("quarter"):
        found[target.measure][target.quarter.key] = target.value
    return dict(found)


def _indicators(row: Commitment) -> dict[str, dict[str, str | None]]:
    return {
        indicator_key(each.version.indicator.slug, each.version.number, each.year): {
            "baseline": decimal_text(each.baseline),
            "target": decimal_text(each.target),
        }
        for each in row.indicators.select_related("version__indicator")
    }


def split_key(source: str, year: int) -> str:
    return f"{source}/{year}"


def read_split_key(key: str) -> tuple[str, int]:
    """The source's slug and the year. Raises ValueError for anything else."""
    slug, _, year = key.rpartition("/")
    return slug, int(year)


def indicator_key(indicator: str, version: int, year: int) -> str:
    return f"{indicator}/{version}/{year}"


def read_indicator_key(key: str) -> tuple[str, int, int]:
    """The indicator's slug, its version and the year. Raises ValueError for anything else."""
    slug, version, year = key.rsplit("/", 2)
    return slug, int(version), int(year)


def decimal_text(value: Decimal | None) -> str | None:
    """The same figure always gives the same text: 12.5000 and 12.5 are one target."""
    return None if value is None else f"{value.normalize():f}"


def quarters_of_plan(plan: Plan) -> list[Quarter]:
    """Every quarter that the plan's dates touch, in order."""
    last = datetime.date.fromisoformat(plan["ends_on"])
    quarter, found = Quarter.of(datetime.date.fromisoformat(plan["starts_on"])), []
    while quarter.starts_on <= last:
        found.append(quarter)
        quarter = quarter.next()
    return found


def reported_quarters(commitment: Commitment) -> set[str]:
    """Quarters whose return is approved, by key. Their profile and targets are what was reported against: they stay."""
    rows = Revision.objects.live().filter(monitoring_return__commitment=commitment, approved_at__isnull=False)
    pairs = rows.values_list("monitoring_return__quarter__year", "monitoring_return__quarter__number")
    return {Quarter(year, number).key for year, number in pairs.order_by()}


def total_of(parts: dict[str, int] | dict[str, dict[str, int]]) -> int:
    """Pence of splits, shares or a whole profile."""
    return sum(sum(part.values()) if isinstance(part, dict) else part for part in parts.values())
