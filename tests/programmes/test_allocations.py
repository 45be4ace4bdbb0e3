"""Sources and allocations: the original and its restatements, each with who, when and why; and leave to go above."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from programmes.actions.funding import add_source, edit_source, state_allocation
from programmes.actions.overcommitment import approve_overcommitment, ask_overcommitment, end_overcommitment
from programmes.errors import ProgrammeRefused
from programmes.models import Allocation, FundingSource, Overcommitment
from tests.cast import STAFF, Cast
from tests.factories import AllocationFactory, FundingSourceFactory, OvercommitmentFactory, UserFactory
from vru.accounts.models import AuditEvent, Role, User
from vru.lib.layers import Layer

pytestmark = pytest.mark.django_db
DAY = datetime.date(2020, 7, 1)
FINANCE = frozenset({"finance_officer"})


def state(source: FundingSource, pence: int, by: User, **options: Any) -> Allocation:
    return state_allocation(
        source=source, year=2020, layer=Layer.RECORDED, amount_pence=pence, by=by, stated_on=DAY, **options
    )


def ask(source: FundingSource, by: User, pence: int = 500) -> Overcommitment:
    return ask_overcommitment(
        source=source, year=2020, layer=Layer.RECORDED, amount_pence=pence, reason="Two will underspend.", by=by
    )


ACTS: dict[str, tuple[Callable[[FundingSource, User], object], frozenset[str]]] = {
    "add a source": (
        lambda source, by: add_source(title="Lottery", funder="A lottery", kind="other", by=by),
        FINANCE,
    ),
    "edit a source": (
        lambda source, by: edit_source(source=source, title="Renamed", funder="X", kind="local", by=by),
        FINANCE,
    ),
    "state an allocation": (lambda source, by: state(source, 5, by), FINANCE),
    "ask to go above": (ask, frozenset({"finance_officer", "programme_manager", "director"})),
    "approve going above": (
        lambda source, by: approve_overcommitment(overcommitment=OvercommitmentFactory(source=source), by=by),
        frozenset({"director"}),
    ),
    "end going above": (
        lambda source, by: end_overcommitment(
            overcommitment=OvercommitmentFactory(source=source), by=by, reason="Not needed."
        ),
        frozenset({"finance_officer", "director"}),
    ),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("person", [*STAFF, "grantee"])
def test_who_may_do_what_with_sources(cast: Cast, act: str, person: str) -> None:
    perform, allowed = ACTS[act]
    source = FundingSourceFactory()
    if person in allowed:
        perform(source, cast.named(person))
        assert AuditEvent.objects.filter(actor=cast.named(person)).count() == 1
        return
    with pytest.raises(ProgrammeRefused, match="Only"):
        perform(source, cast.named(person))
    assert not AuditEvent.objects.filter(actor=cast.named(person)).exists()


def test_a_source_gets_its_short_name_once_and_keeps_it(cast: Cast) -> None:
    source = add_source(title="  Mayor's core fund ", funder="Mayor", kind="mayoral", by=cast.finance_officer)
    assert (source.slug, source.title) == ("mayors-core-fund", "Mayor's core fund")
    edit_source(source=source, title="Core fund", funder="Mayor", kind="mayoral", by=cast.finance_officer)
    source.refresh_from_db()
    assert (source.slug, source.title) == ("mayors-core-fund", "Core fund")
    with pytest.raises(ProgrammeRefused, match="already"):
        add_source(title="Mayors core fund", funder="Mayor", kind="mayoral", by=cast.finance_officer)


@pytest.mark.parametrize(
    ("title", "kind", "message"),
    [
        ("", "local", "Give the source a title"),
        ("!!!", "local", "letters or numbers"),
        ("Add", "local", "letters or numbers"),
        ("x" * 201, "local", "longer than 200"),
        ("a\0b", "local", "hidden character"),
        ("Fund", "lottery", "what kind"),
    ],
)
def test_a_source_that_cannot_be_named_is_refused(cast: Cast, title: str, kind: str, message: str) -> None:
    with pytest.raises(ProgrammeRefused, match=message):
        add_source(title=title, funder="X", kind=kind, by=cast.finance_officer)


def test_a_restatement_stands_beside_the_original_with_its_reason(cast: Cast) -> None:
    source = FundingSourceFactory()
    state(source, 1_000, cast.finance_officer)
    state(source, 700, cast.finance_officer, because="Cut by the funder.")
    rows = list(source.allocations.order_by("sequence"))
    assert [(row.sequence, row.amount_pence, row.restated_because) for row in rows] == [
        (1, 1_000, ""),
        (2, 700, "Cut by the funder."),
    ]
    assert Allocation.objects.current().get().amount_pence == 700
    assert {row.stated_by for row in rows} == {cast.finance_officer}
    event = AuditEvent.objects.about(source).first()
    assert event is not None
    assert (event.details["before"], event.details["after"], event.reason) == (1_000, 700, "Cut by the funder.")


def test_a_restatement_needs_a_reason_and_a_difference(cast: Cast) -> None:
    source = AllocationFactory(amount_pence=1_000).source
    with pytest.raises(ProgrammeRefused, match="Say why"):
        state(source, 700, cast.finance_officer)
    with pytest.raises(ProgrammeRefused, match="nothing to restate"):
        state(source, 1_000, cast.finance_officer, because="Again.")
    with pytest.raises(ProgrammeRefused, match="below nought"):
        state(source, -1, cast.finance_officer, because="Less.")
    assert source.allocations.count() == 1


def test_nobody_restates_what_they_have_not_read(cast: Cast) -> None:
    source = AllocationFactory(amount_pence=1_000).source
    state(source, 900, cast.finance_officer, because="First.", expected_sequence=1)
    with pytest.raises(ProgrammeRefused, match="after you opened the page"):
        state(source, 800, cast.finance_officer, because="Second.", expected_sequence=1)


def test_layers_keep_their_own_allocations(cast: Cast) -> None:
    source = AllocationFactory(layer=Layer.PUBLISHED).source
    assert state(source, 5, cast.finance_officer).sequence == 1


def test_approval_needs_somebody_else_and_counts_once(cast: Cast) -> None:
    asked = ask(FundingSourceFactory(), cast.director)
    with pytest.raises(ProgrammeRefused, match="another director"):
        approve_overcommitment(overcommitment=asked, by=cast.director)
    second = UserFactory(role=Role.DIRECTOR)
    approve_overcommitment(overcommitment=asked, by=second)
    with pytest.raises(ProgrammeRefused, match="approved already"):
        approve_overcommitment(overcommitment=asked, by=second)
    assert list(Overcommitment.objects.in_force()) == [asked]


def test_the_database_itself_keeps_four_eyes_on_going_above(cast: Cast) -> None:
    asked = OvercommitmentFactory(asked_by=cast.director)
    with pytest.raises(IntegrityError), transaction.atomic():
        Overcommitment.objects.filter(pk=asked.pk).update(approved_by=cast.director, approved_at="2020-07-01T12:00Z")


def test_one_request_waits_at_a_time_and_an_ended_one_is_not_approved(cast: Cast) -> None:
    source = FundingSourceFactory()
    asked = ask(source, cast.programme_manager)
    with pytest.raises(ProgrammeRefused, match="waits for the director"):
        ask(source, cast.finance_officer)
    end_overcommitment(overcommitment=asked, by=cast.programme_manager, reason="Not needed any more.")
    with pytest.raises(ProgrammeRefused, match="has ended"):
        approve_overcommitment(overcommitment=asked, by=cast.director)
    with pytest.raises(ProgrammeRefused, match="ended already"):
        end_overcommitment(overcommitment=asked, by=cast.director, reason="Again.")
    assert ask(source, cast.finance_officer).pk != asked.pk


def test_what_is_in_force_is_not_ended_by_the_manager_who_asked(cast: Cast) -> None:
    asked = ask(FundingSourceFactory(), cast.programme_manager)
    approve_overcommitment(overcommitment=asked, by=cast.director)
    with pytest.raises(ProgrammeRefused, match="Only the director"):
        end_overcommitment(overcommitment=asked, by=cast.programme_manager, reason="Not needed.")
    end_overcommitment(overcommitment=asked, by=cast.finance_officer, reason="Two grants ended early.")
    assert not Overcommitment.objects.in_force().exists()


@pytest.mark.parametrize("pence", [0, -1])
def test_going_above_by_nothing_is_refused(cast: Cast, pence: int) -> None:
    with pytest.raises(ProgrammeRefused, match="above £0"):
        ask(FundingSourceFactory(), cast.finance_officer, pence)
