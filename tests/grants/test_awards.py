"""Splits and shares sum to the award to the penny, whatever is thrown at them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from grants.actions.awards import change_status, set_area_shares, set_funding_splits
from grants.errors import ActionRefused
from grants.models import Commitment
from tests.cast import World
from tests.factories import AreaFactory, CommitmentFactory, FundingSourceFactory
from vru.lib.money import split_pence
from vru.lib.state_machine import TransitionRefused


class SplitProperties(TestCase):
    @settings(max_examples=30, deadline=None)
    @given(
        award=st.integers(0, 10**9),
        weights=st.lists(st.integers(0, 100), min_size=1, max_size=5),
        off=st.integers(-3, 3),
    )
    def test_splits_are_taken_only_when_they_sum_to_the_penny(self, award: int, weights: list[int], off: int) -> None:
        if not sum(weights):
            weights[0] = 1
        grant = CommitmentFactory(award_pence=award, status="draft")
        parts = split_pence(award, weights)
        parts[0] += off
        splits = {(FundingSourceFactory(), 2020): part for part in parts}
        if off == 0:
            set_funding_splits(commitment=grant, splits=splits, by=None)
            assert sum(row.amount_pence for row in grant.splits.all()) == award
        else:
            with pytest.raises(ActionRefused):
                set_funding_splits(commitment=grant, splits=splits, by=None)
            assert grant.splits.count() == 0


def test_area_shares_must_sum_to_the_award(world: World) -> None:
    areas = [AreaFactory(), AreaFactory()]
    with pytest.raises(ActionRefused, match=r"£0\.01 short of the award"):
        set_area_shares(commitment=world.grant, shares={areas[0]: 999_999}, by=None)
    set_area_shares(
        commitment=world.grant, shares={areas[0]: 400_000, areas[1]: 600_000}, by=world.cast.finance_officer
    )
    assert world.grant.area_shares.count() == 2


def test_grant_without_whole_splits_cannot_be_accepted(world: World) -> None:
    grant = CommitmentFactory(status=Commitment.Status.OFFERED)
    with pytest.raises(ActionRefused, match="short of the award"):
        change_status(commitment=grant, to=Commitment.Status.ACCEPTED, by=world.cast.programme_manager)


def test_status_moves_only_along_the_table(world: World) -> None:
    with pytest.raises(TransitionRefused, match="cannot become"):
        change_status(commitment=world.grant, to=Commitment.Status.RECONCILED, by=world.cast.programme_manager)
    moved = change_status(
        commitment=world.grant, to=Commitment.Status.SUSPENDED, by=world.cast.programme_manager, reason="Audit"
    )
    assert moved.status == Commitment.Status.SUSPENDED
