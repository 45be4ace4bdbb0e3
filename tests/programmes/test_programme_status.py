"""A programme's status moves only along its table, by those who may, with a reason where one is owed."""

from __future__ import annotations

import pytest

from programmes.actions.programmes import NEEDS_A_REASON, change_status
from programmes.errors import ProgrammeRefused
from programmes.models import PROGRAMME_STATES, Programme
from tests.cast import Cast
from tests.factories import ObjectiveFactory, ProgrammeFactory
from vru.accounts.models import AuditEvent
from vru.lib.state_machine import TransitionRefused

STEPS = [(frm, to) for frm in Programme.Status for to in Programme.Status]


@pytest.mark.parametrize(("frm", "to"), STEPS)
def test_every_step_is_taken_or_refused_as_the_table_says(
    cast: Cast, frm: Programme.Status, to: Programme.Status
) -> None:
    programme = ProgrammeFactory(status=frm, primary_objective=ObjectiveFactory())
    if PROGRAMME_STATES.can(frm, to):
        moved = change_status(programme=programme, to=to, by=cast.programme_manager, reason="Agreed by the board.")
        assert moved.status == to
        event = AuditEvent.objects.about(programme).get()
        assert (event.details["before"], event.details["after"]) == (frm.value, to.value)
    else:
        with pytest.raises(TransitionRefused):
            change_status(programme=programme, to=to, by=cast.programme_manager, reason="Agreed by the board.")
        assert AuditEvent.objects.about(programme).count() == 0


@pytest.mark.parametrize("to", sorted(NEEDS_A_REASON))
def test_stopping_a_programme_needs_a_reason(cast: Cast, to: Programme.Status) -> None:
    frm = next(state for state in Programme.Status if PROGRAMME_STATES.can(state, to))
    with pytest.raises(ProgrammeRefused, match="Say why"):
        change_status(programme=ProgrammeFactory(status=frm), to=to, by=cast.director, reason=" ")


def test_programme_without_a_main_objective_is_not_approved(cast: Cast) -> None:
    programme = ProgrammeFactory(status=Programme.Status.DRAFT, primary_objective=None)
    with pytest.raises(ProgrammeRefused, match="main objective"):
        change_status(programme=programme, to=Programme.Status.APPROVED, by=cast.director)


@pytest.mark.parametrize("person", ["finance_officer", "analyst", "auditor", "administrator", "grantee"])
def test_others_cannot_change_a_programme(cast: Cast, person: str) -> None:
    with pytest.raises(ProgrammeRefused, match="Only a programme manager"):
        change_status(programme=ProgrammeFactory(status="draft"), to=Programme.Status.APPROVED, by=cast.named(person))
