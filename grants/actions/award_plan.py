"""The plan of an award: dates, amount, profile, reach targets and indicators.

Free while the award is a draft. After that only ``approve_variation`` changes it, in its own transaction and with the
variation it approves: nothing that was offered is edited in place. What was never recorded (an award read from an old
register has no profile) may be recorded once, whatever the status.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from decimal import Decimal

from django.db import transaction

from grants.actions.schedule import lock_commitment
from grants.errors import ActionRefused
from grants.models import (
    Commitment,
    CommitmentIndicator,
    Measure,
    ProfileLine,
    ReachTarget,
    ReportingQuarter,
    Variation,
)
from grants.money.plan_rules import MOST_PENCE, term_problem
from programmes.models import CostHeading, IndicatorVersion
from vru.accounts.models import AuditEvent, User
from vru.accounts.permissions import PLANNERS_OF_AWARDS
from vru.lib.money import Money
from vru.lib.periods import FinancialYear


def begin_plan_change(
    commitment: Commitment, by: User | None, variation: Variation | None, *, part: str = ""
) -> Commitment:
    """The award's row, locked, if its plan may change now; ``by`` None is the site itself (imports, demonstrations).

    ``part``: the relation that holds what is to be changed. Raises ``ActionRefused`` past the draft unless
    ``variation`` is this award's own and approved, or nothing of the part was ever recorded.
    """
    if by is not None and not by.has_role(*PLANNERS_OF_AWARDS):
        raise ActionRefused("Only a programme manager, a finance officer or the director can change an award.")
    locked = lock_commitment(commitment)
    if locked.status == Commitment.Status.DRAFT:
        return locked
    if variation is None:
        if part and not getattr(locked, part).exists():
            return locked
        raise ActionRefused(
            f"{locked.ref} has been offered, so its plan changes only by a variation, with a reason and a second "
            "person's approval. Propose a variation."
        )
    row = Variation.objects.get(pk=variation.pk)
    if row.commitment_id != locked.pk:
        raise ActionRefused(f"Variation {row.number} is about another award than {locked.ref}.")
    if row.status != Variation.Status.APPROVED:
        raise ActionRefused(f"Variation {row.number} is not approved. Only an approved variation changes an award.")
    return locked


def why(variation: Variation | None) -> str:
    """The reason kept in the audit trail beside a change that a variation made."""
    return f"Variation {variation.number}: {variation.reason}" if variation else ""


def check_parts(parts: Collection[int], award: int, what: str, *, partial: bool = False) -> None:
    """Raises ``ActionRefused`` unless ``parts`` sum to ``award``; ``partial`` lets them come to less, never to more."""
    total = sum(parts)
    if any(part < 0 for part in parts):
        raise ActionRefused(f"{what} cannot be negative.")
    if total == award or (partial and total < award):
        return
    gap = Money(abs(award - total))
    side = "short of" if total < award else "above"
    raise ActionRefused(f"{what} come to {Money(total)}, which is {gap} {side} the award of {Money(award)}.")


def may_be_partial(commitment: Commitment, partial: bool) -> bool:
    """Half a plan is kept only while the award is a draft."""
    return partial and commitment.status == Commitment.Status.DRAFT


@transaction.atomic
def set_award(
    *, commitment: Commitment, award_pence: int, by: User | None, variation: Variation | None = None
) -> Commitment:
    """Change the amount. The caller of a variation sets splits, shares and profile anew in the same transaction."""
    locked = begin_plan_change(commitment, by, variation)
    if award_pence < 0:
        raise ActionRefused("An award cannot be negative.")
    if award_pence > MOST_PENCE:
        raise ActionRefused(f"No award is {Money(award_pence)}. Check the pounds and pence.")
    before = locked.award_pence
    if before == award_pence:
        return locked
    locked.award_pence = award_pence
    locked.save(update_fields=["award_pence"])
    AuditEvent.record("award set", locked, by=by, reason=why(variation), before=before, after=award_pence)
    return locked


@transaction.atomic
def set_term(
    *,
    commitment: Commitment,
    starts_on: datetime.date,
    ends_on: datetime.date,
    by: User | None,
    variation: Variation | None = None,
) -> Commitment:
    """Change the first and last day. Plans of quarters outside them are refused later, when they are set or offered."""
    locked = begin_plan_change(commitment, by, variation)
    problem = term_problem(starts_on, ends_on)
    if problem:
        raise ActionRefused(problem)
    before = {"starts_on": str(locked.starts_on), "ends_on": str(locked.ends_on)}
    after = {"starts_on": str(starts_on), "ends_on": str(ends_on)}
    if before == after:
        return locked
    locked.starts_on, locked.ends_on = starts_on, ends_on
    locked.save(update_fields=["starts_on", "ends_on"])
    AuditEvent.record("term set", locked, by=by, reason=why(variation), before=before, after=after)
    return locked


@transaction.atomic
def set_profile(
    *,
    commitment: Commitment,
    lines: Mapping[tuple[ReportingQuarter, CostHeading], int],
    by: User | None,
    variation: Variation | None = None,
    partial: bool = False,
) -> Commitment:
    """Replace the planned spend. ``lines`` maps (quarter, cost heading) to pence; they sum to the award.

    ``partial`` keeps a profile that comes to less, while the award is a draft. Raises ``ActionRefused`` for a quarter
    outside the award's dates.
    """
    locked = begin_plan_change(commitment, by, variation, part="profile_lines")
    _check_quarters(locked, {quarter for (quarter, _), pence in lines.items() if pence})
    what = "The amounts of the profile"
    check_parts(lines.values(), locked.award_pence, what, partial=may_be_partial(locked, partial))
    before = {f"{row.quarter.key}/{row.heading.slug}": row.amount_pence for row in _profile_of(locked)}
    after = {f"{quarter.key}/{heading.slug}": pence for (quarter, heading), pence in lines.items() if pence}
    if before == after:
        return locked
    locked.profile_lines.all().delete()
    ProfileLine.objects.bulk_create(
        ProfileLine(commitment=locked, quarter=quarter, heading=heading, amount_pence=pence)
        for (quarter, heading), pence in lines.items()
        if pence
    )
    AuditEvent.record("profile set", locked, by=by, reason=why(variation), before=before, after=after)
    return locked


def _profile_of(commitment: Commitment) -> list[ProfileLine]:
    return list(commitment.profile_lines.select_related("quarter", "heading"))


@transaction.atomic
def set_reach_targets(
    *,
    commitment: Commitment,
    targets: Mapping[tuple[Measure, ReportingQuarter], int],
    by: User | None,
    variation: Variation | None = None,
) -> Commitment:
    """Replace how many people each quarter should reach. ``targets`` maps (measure, quarter) to a whole number."""
    locked = begin_plan_change(commitment, by, variation, part="reach_targets")
    if any(value < 0 for value in targets.values()):
        raise ActionRefused("A target cannot be negative.")
    _check_quarters(locked, {quarter for _, quarter in targets})
    rows = locked.reach_targets.select_related("quarter")
    before = {f"{row.measure}/{row.quarter.key}": row.value for row in rows}
    after = {f"{measure.value}/{quarter.key}": value for (measure, quarter), value in targets.items()}
    if before == after:
        return locked
    locked.reach_targets.all().delete()
    ReachTarget.objects.bulk_create(
        ReachTarget(commitment=locked, measure=measure, quarter=quarter, value=value)
        for (measure, quarter), value in targets.items()
    )
    AuditEvent.record("reach targets set", locked, by=by, reason=why(variation), before=before, after=after)
    return locked


@transaction.atomic
def set_indicators(
    *,
    commitment: Commitment,
    indicators: Mapping[tuple[IndicatorVersion, int], tuple[Decimal | None, Decimal | None]],
    by: User | None,
    variation: Variation | None = None,
) -> Commitment:
    """Replace what the award reports. Maps (indicator version, first year) to (baseline, target); either may be None.

    Raises ``ActionRefused`` for a year outside the award, two versions of one indicator in a year, and a target below
    nought.
    """
    locked = begin_plan_change(commitment, by, variation, part="indicators")
    _check_indicators(locked, indicators)
    rows = locked.indicators.select_related("version__indicator")
    before = {f"{row.version}/{row.year}": [_text(row.baseline), _text(row.target)] for row in rows}
    after = {
        f"{version}/{year}": [_text(baseline), _text(target)]
        for (version, year), (baseline, target) in indicators.items()
    }
    if before == after:
        return locked
    locked.indicators.all().delete()
    CommitmentIndicator.objects.bulk_create(
        CommitmentIndicator(commitment=locked, version=version, year=year, baseline=baseline, target=target)
        for (version, year), (baseline, target) in indicators.items()
    )
    AuditEvent.record("indicators set", locked, by=by, reason=why(variation), before=before, after=after)
    return locked


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _check_indicators(
    commitment: Commitment, indicators: Mapping[tuple[IndicatorVersion, int], tuple[Decimal | None, Decimal | None]]
) -> None:
    first, last = FinancialYear.of(commitment.starts_on).start, FinancialYear.of(commitment.ends_on).start
    seen: set[tuple[int, int]] = set()
    for (version, year), (_, target) in indicators.items():
        if not first <= year <= last:
            raise ActionRefused(f"{FinancialYear(year)} is outside the dates of this award.")
        if (version.indicator_id, year) in seen:
            raise ActionRefused(f"“{version.indicator}” is asked twice for {FinancialYear(year)}. Choose one version.")
        seen.add((version.indicator_id, year))
        if target is not None and target < 0:
            raise ActionRefused(f"The target of “{version.indicator}” cannot be negative.")


def _check_quarters(commitment: Commitment, quarters: Collection[ReportingQuarter]) -> None:
    for quarter in quarters:
        period = quarter.period
        if not (commitment.starts_on <= period.ends_on and period.starts_on <= commitment.ends_on):
            raise ActionRefused(f"{period} is outside the dates of this award.")
