"""No source promises more than it was allocated, unless the director approved it, whoever presses and when."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from grants.actions.awards import change_status
from grants.errors import ActionRefused
from grants.models import Commitment
from grants.money.headroom import check_headroom, headroom_of, headrooms
from programmes.models import FundingSource
from tests.factories import (
    AllocationFactory,
    CommitmentFactory,
    FundingSourceFactory,
    FundingSplitFactory,
    OvercommitmentFactory,
    ProgrammeFactory,
    UserFactory,
)
from vru.accounts.models import Role, User
from vru.lib.layers import Layer

Status = Commitment.Status
YEAR = 2020


def promised(source: FundingSource, pence: int, status: str = Status.ACTIVE, year: int = YEAR) -> Commitment:
    """A commitment that takes ``pence`` of the source in the year."""
    grant = CommitmentFactory(status=status, award_pence=pence)
    FundingSplitFactory(commitment=grant, source=source, year=year, amount_pence=pence)
    return grant


def approved(source: FundingSource, pence: int) -> None:
    OvercommitmentFactory(
        source=source, year=YEAR, amount_pence=pence, approved_by=UserFactory(), approved_at=timezone.now()
    )


def manager() -> User:
    user: User = UserFactory(role=Role.PROGRAMME_MANAGER)
    return user


@pytest.mark.django_db
@pytest.mark.parametrize("status", Status.values)
def test_everything_past_a_draft_takes_headroom(status: str) -> None:
    source = AllocationFactory(amount_pence=1_000).source
    promised(source, 400, status)
    room = headroom_of(source, YEAR, Layer.RECORDED)
    assert room.committed == (0 if status == Status.DRAFT else 400)
    assert room.left == room.limit - room.committed


@pytest.mark.django_db
def test_latest_restatement_and_approvals_in_force_make_the_limit() -> None:
    source = AllocationFactory(amount_pence=1_000).source
    AllocationFactory(source=source, sequence=2, amount_pence=700, restated_because="Cut by the funder.")
    approved(source, 50)
    OvercommitmentFactory(source=source, year=YEAR, amount_pence=9_999)
    OvercommitmentFactory(
        source=source,
        year=YEAR,
        amount_pence=8_888,
        approved_by=UserFactory(),
        approved_at=timezone.now(),
        ended_by=UserFactory(),
        ended_at=timezone.now(),
    )
    room = headroom_of(source, YEAR, Layer.RECORDED)
    assert (room.allocated, room.approved_above, room.limit) == (700, 50, 750)


@pytest.mark.django_db
def test_other_layers_and_other_years_take_nothing() -> None:
    source = AllocationFactory(amount_pence=1_000).source
    grant = CommitmentFactory(status=Status.ACTIVE, programme=ProgrammeFactory(layer=Layer.ILLUSTRATIVE))
    FundingSplitFactory(commitment=grant, source=source, year=YEAR, amount_pence=600)
    promised(source, 300, year=YEAR + 1)
    assert headroom_of(source, YEAR, Layer.RECORDED).left == 1_000
    every = headrooms(Layer.RECORDED)
    assert every[source.pk, YEAR].left == 1_000
    assert every[source.pk, YEAR + 1].left == -300


@pytest.mark.django_db
def test_offer_within_the_allocation_goes_through_to_the_last_penny() -> None:
    source = AllocationFactory(amount_pence=1_000).source
    promised(source, 600)
    draft = promised(source, 400, Status.DRAFT)
    assert change_status(commitment=draft, to=Status.OFFERED, by=manager()).status == Status.OFFERED


@pytest.mark.django_db
def test_offer_a_penny_above_is_refused_with_how_much_is_left() -> None:
    source = AllocationFactory(amount_pence=1_000).source
    promised(source, 600)
    draft = promised(source, 401, Status.DRAFT)
    with pytest.raises(ActionRefused, match=r"£4\.00 left to promise .* £0\.01 too much.*director approves"):
        change_status(commitment=draft, to=Status.OFFERED, by=manager())
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


@pytest.mark.django_db
def test_offer_above_goes_through_once_the_director_approved_as_much() -> None:
    source = AllocationFactory(amount_pence=1_000).source
    draft = promised(source, 1_200, Status.DRAFT)
    OvercommitmentFactory(source=source, year=YEAR, amount_pence=200)
    with pytest.raises(ActionRefused):
        change_status(commitment=draft, to=Status.OFFERED, by=manager())
    approved(source, 200)
    assert change_status(commitment=draft, to=Status.OFFERED, by=manager()).status == Status.OFFERED


@pytest.mark.django_db
def test_year_without_an_allocation_is_refused_by_name() -> None:
    draft = promised(FundingSourceFactory(title="Mayor's core fund"), 5, Status.DRAFT, year=2021)
    with pytest.raises(ActionRefused, match="Nothing is allocated from Mayor's core fund in 2021-22"):
        change_status(commitment=draft, to=Status.OFFERED, by=manager())


@pytest.mark.django_db
def test_acceptance_is_refused_where_the_allocation_was_cut_after_the_offer() -> None:
    source = AllocationFactory(amount_pence=1_000).source
    offered = promised(source, 1_000, Status.OFFERED)
    AllocationFactory(source=source, sequence=2, amount_pence=900, restated_because="Cut by the funder.")
    with pytest.raises(ActionRefused, match=r"£1\.00 too much"):
        change_status(commitment=offered, to=Status.ACCEPTED, by=manager())


@pytest.mark.django_db
def test_what_is_taken_already_may_shrink_in_a_broken_source_and_may_not_grow() -> None:
    source = AllocationFactory(amount_pence=1_000).source
    grant = promised(source, 1_500)
    already = {(source, YEAR): 1_500}
    check_headroom(grant, {(source, YEAR): 1_400}, already=already)
    with pytest.raises(ActionRefused, match=r"£5\.01 too much"):
        check_headroom(grant, {(source, YEAR): 1_501}, already=already)


class HeadroomProperties(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(allocated=st.integers(0, 500), above=st.integers(0, 200), wants=st.lists(st.integers(1, 300), max_size=5))
    def test_whatever_is_offered_the_source_never_promises_more_than_it_may(
        self, allocated: int, above: int, wants: list[int]
    ) -> None:
        source = AllocationFactory(amount_pence=allocated).source
        if above:
            approved(source, above)
        by = manager()
        for pence in wants:
            room = headroom_of(source, YEAR, Layer.RECORDED)
            draft = promised(source, pence, Status.DRAFT)
            if pence <= room.left:
                change_status(commitment=draft, to=Status.OFFERED, by=by)
            else:
                with pytest.raises(ActionRefused):
                    change_status(commitment=draft, to=Status.OFFERED, by=by)
            assert headroom_of(source, YEAR, Layer.RECORDED).left >= 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_offers_made_at_once_for_the_last_pounds_exactly_one_succeeds() -> None:
    source, other = AllocationFactory(amount_pence=1_000).source, AllocationFactory(amount_pence=1_000).source
    by = manager()
    drafts = [CommitmentFactory(status=Status.DRAFT, award_pence=1_400) for _ in range(4)]
    for number, draft in enumerate(drafts):
        # Written in either order, so that locks taken in the order of rows would wait for each other for ever.
        for one in (source, other) if number % 2 else (other, source):
            FundingSplitFactory(commitment=draft, source=one, year=YEAR, amount_pence=700)

    def offer(draft: Commitment) -> bool:
        try:
            change_status(commitment=draft, to=Status.OFFERED, by=by)
        except ActionRefused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(max_workers=4) as pool:
        outcomes = list(pool.map(offer, drafts))
    assert outcomes.count(True) == 1
    assert headroom_of(source, YEAR, Layer.RECORDED).committed == 700
