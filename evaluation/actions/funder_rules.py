"""Funder rules as finance writes them: what must hold of a source's money, in which years, and where it is written."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from evaluation.funder_rules import RuleRefused, check_rule
from programmes.models import FunderRule, FundingSource
from vru.accounts.models import AuditEvent, User
from vru.accounts.permissions import can_keep_money

LONGEST_TITLE, LONGEST_SLUG, LONGEST_PLACE = 200, 60, 200


@transaction.atomic
def save_rule(
    *,
    source: FundingSource,
    title: str,
    kind: str,
    numerator: str,
    denominator: str,
    threshold_percent: Decimal | None,
    first_year: int,
    last_year: int | None,
    place: str,
    by: User,
    rule: FunderRule | None = None,
) -> FunderRule:
    """Add a rule, or change ``rule``. Raises ``RuleRefused`` for a rule that could never be judged as it is written."""
    if not can_keep_money(by):
        raise RuleRefused("Only a finance officer can write funder rules.")
    name = title.strip()
    if not name or len(name) > LONGEST_TITLE or "\0" in name + place:
        raise RuleRefused(f"Give the rule a title of at most {LONGEST_TITLE} characters.")
    if last_year is not None and last_year < first_year:
        raise RuleRefused("The last year cannot be before the first.")
    values: dict[str, Any] = {
        "title": name,
        "kind": kind,
        "numerator": numerator.strip(),
        "denominator": denominator.strip(),
        "threshold_percent": threshold_percent,
        "first_year": first_year,
        "last_year": last_year,
        "place": place.strip()[:LONGEST_PLACE],
    }
    # Two people who add a rule of one name at once wait here for each other.
    held = FundingSource.objects.select_for_update().get(pk=source.pk)
    row = (
        FunderRule.objects.select_for_update(of=("self",)).select_related("source").get(pk=rule.pk)
        if rule is not None
        else FunderRule(source=held, slug=_free_slug(held, name))
    )
    before = {field: getattr(row, field) for field in values} if rule is not None else None
    for field, value in values.items():
        setattr(row, field, value)
    check_rule(row)
    if before == values:
        return row
    row.save()
    action = "funder rule changed" if before else "funder rule added"
    AuditEvent.record(action, row, by=by, before=_written(before) if before else None, after=_written(values))
    return row


def _free_slug(source: FundingSource, title: str) -> str:
    start = re.sub(r"-+$", "", slugify(title)[: LONGEST_SLUG - 4]) or "rule"
    taken = set(source.rules.filter(slug__startswith=start).values_list("slug", flat=True))
    return next(
        slug for slug in (start, *(f"{start}-{number}" for number in range(2, len(taken) + 3))) if slug not in taken
    )


def _written(values: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in values.items()}
