"""An award's plan is free in a draft, and afterwards changes only by an approved variation."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from grants.actions.award_plan import set_award, set_indicators, set_profile, set_reach_targets, set_term
from grants.actions.awards import set_area_shares, set_funding_splits
from grants.errors import ActionRefused
from grants.models import Commitment, Measure, Variation
from tests.cast import Cast
from tests.factories import (
    AllocationFactory,
    AreaFactory,
    CommitmentFactory,
    CostHeadingFactory,
    IndicatorVersionFactory,
    ReportingQuarterFactory,
    VariationFactory,
)
from vru.accounts.models import AuditEvent, User

Change = Callable[[Commitment, User | None, Variation | None], Any]
AWARD = 10_000_000


def _splits(grant: Commitment, by: User | None, variation: Variation | None) -> Any:
    return set_funding_splits(
        commitment=grant, splits={(AllocationFactory().source, 2020): AWARD}, by=by, variation=variation
    )


def _shares(grant: Commitment, by: User | None, variation: Variation | None) -> Any:
    return set_area_shares(commitment=grant, shares={AreaFactory(): AWARD}, by=by, variation=variation)


def _profile(grant: Commitment, by: User | None, variation: Variation | None) -> Any:
    lines = {(ReportingQuarterFactory(), CostHeadingFactory()): AWARD}
    return set_profile(commitment=grant, lines=lines, by=by, variation=variation)


def _reach(grant: Commitment, by: User | None, variation: Variation | None) -> Any:
    targets = {(Measure.NEW, ReportingQuarterFactory()): 40}
    return set_reach_targets(commitment=grant, targets=targets, by=by, variation=variation)


def _indicators(grant: Commitment, by: User | None, variation: Variation | None) -> Any:
    indicators = {(IndicatorVersionFactory(), 2020): (None, Decimal(80))}
    return set_indicators(commitment=grant, indicators=indicators, by=by, variation=variation)


def _term(grant: Commitment, by: User | None, variation: Variation | None) -> Any:
    first, last = datetime.date(2020, 4, 1), grant.ends_on + datetime.timedelta(days=1)
    return set_term(commitment=grant, starts_on=first, ends_on=last, by=by, variation=variation)


def _amount(grant: Commitment, by: User | None, variation: Variation | None) -> Any:
    return set_award(commitment=grant, award_pence=grant.award_pence + 1, by=by, variation=variation)


PARTS: list[Change] = [_splits, _shares, _profile, _reach, _indicators]
CHANGES: list[Change] = [*PARTS, _term, _amount]
PAST_THE_DRAFT = [status for status in Commitment.Status if status != Commitment.Status.DRAFT]


@pytest.mark.parametrize("change", CHANGES)
def test_a_draft_changes_freely_and_keeps_who_did_it(cast: Cast, change: Change) -> None:
    grant = CommitmentFactory(status=Commitment.Status.DRAFT)
    change(grant, cast.programme_manager, None)
    assert AuditEvent.objects.about(grant).get().actor == cast.programme_manager


@pytest.mark.parametrize("change", CHANGES)
def test_past_the_draft_nothing_changes_without_a_variation(cast: Cast, change: Change) -> None:
    grant = CommitmentFactory(status=Commitment.Status.DRAFT)
    change(grant, None, None)
    for status in PAST_THE_DRAFT:
        Commitment.objects.filter(pk=grant.pk).update(status=status)
        grant.refresh_from_db()
        with pytest.raises(ActionRefused, match="only by a variation"):
            change(grant, cast.programme_manager, None)


@pytest.mark.parametrize("change", CHANGES)
def test_an_approved_variation_changes_it_and_its_reason_is_kept(cast: Cast, change: Change) -> None:
    variation = VariationFactory(status="approved", approved_by=cast.director, approved_at="2020-09-01T12:00:00Z")
    change(variation.commitment, cast.director, variation)
    assert variation.reason in AuditEvent.objects.about(variation.commitment).first().reason


@pytest.mark.parametrize("change", CHANGES)
def test_a_proposed_variation_or_another_awards_changes_nothing(cast: Cast, change: Change) -> None:
    proposed = VariationFactory(status="proposed", approved_by=None, approved_at=None)
    with pytest.raises(ActionRefused, match="is not approved"):
        change(proposed.commitment, cast.director, proposed)
    approved = VariationFactory(status="approved", approved_by=cast.director, approved_at="2020-09-01T12:00:00Z")
    with pytest.raises(ActionRefused, match="another award"):
        change(CommitmentFactory(), cast.director, approved)


@pytest.mark.parametrize("change", PARTS)
def test_what_was_never_recorded_may_be_recorded_once(cast: Cast, change: Change) -> None:
    grant = CommitmentFactory()
    change(grant, cast.finance_officer, None)
    with pytest.raises(ActionRefused, match="only by a variation"):
        change(grant, cast.finance_officer, None)


@pytest.mark.parametrize("change", CHANGES)
def test_only_those_who_plan_awards_change_them(cast: Cast, change: Change) -> None:
    grant = CommitmentFactory(status=Commitment.Status.DRAFT)
    for person in ("analyst", "auditor", "administrator", "grantee", "signatory", "nobody"):
        with pytest.raises(ActionRefused, match="Only a programme manager"):
            change(grant, cast.named(person), None)


def test_half_a_profile_is_kept_in_a_draft_and_never_more_than_the_award(cast: Cast) -> None:
    grant = CommitmentFactory(status=Commitment.Status.DRAFT)
    cell = (ReportingQuarterFactory(), CostHeadingFactory())
    set_profile(commitment=grant, lines={cell: 100}, by=cast.programme_manager, partial=True)
    assert grant.profile_lines.get().amount_pence == 100
    with pytest.raises(ActionRefused, match=r"£0\.01 above the award"):
        set_profile(commitment=grant, lines={cell: AWARD + 1}, by=cast.programme_manager, partial=True)
    with pytest.raises(ActionRefused, match="short of the award"):
        set_profile(commitment=CommitmentFactory(), lines={cell: 100}, by=cast.programme_manager, partial=True)


def test_a_quarter_outside_the_dates_cannot_be_planned(cast: Cast) -> None:
    grant = CommitmentFactory(status=Commitment.Status.DRAFT)
    late = ReportingQuarterFactory(year=2021, number=1)
    with pytest.raises(ActionRefused, match="outside the dates"):
        set_profile(commitment=grant, lines={(late, CostHeadingFactory()): AWARD}, by=None)
    with pytest.raises(ActionRefused, match="outside the dates"):
        set_reach_targets(commitment=grant, targets={(Measure.NEW, late): 5}, by=None)
    with pytest.raises(ActionRefused, match="outside the dates"):
        set_indicators(commitment=grant, indicators={(IndicatorVersionFactory(), 2021): (None, None)}, by=None)


def test_an_award_cannot_end_before_it_starts_nor_be_negative(cast: Cast) -> None:
    grant = CommitmentFactory(status=Commitment.Status.DRAFT)
    with pytest.raises(ActionRefused, match="before it starts"):
        set_term(commitment=grant, starts_on=grant.ends_on, ends_on=grant.starts_on, by=cast.director)
    with pytest.raises(ActionRefused, match="negative"):
        set_award(commitment=grant, award_pence=-1, by=cast.director)


def test_the_same_again_is_no_event(cast: Cast) -> None:
    grant = CommitmentFactory(status=Commitment.Status.DRAFT)
    cell = (ReportingQuarterFactory(), CostHeadingFactory())
    for _ in range(2):
        set_profile(commitment=grant, lines={cell: AWARD}, by=cast.programme_manager)
    assert AuditEvent.objects.about(grant).count() == 1
