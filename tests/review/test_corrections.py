"""A correction typed by the unit: old, new, why, who typed it, and another who approves it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from grants.actions import review
from grants.actions.corrections import correct_return
from grants.errors import ActionRefused, ReturnNotAcceptable
from grants.models import Cell, MonitoringReturn, Revision
from tests.cast import World
from tests.factories import MembershipFactory, UserFactory
from tests.review.sending import send_and_approve, status_of
from vru.accounts.models import AuditEvent, Role

pytestmark = pytest.mark.django_db
RIGHT = {"reach.new": "8", "age.10-14": "2"}


def correct(world: World, **options: object) -> Revision:
    return correct_return(
        monitoring_return=world.monitoring_return,
        **{"changes": RIGHT, "reason": "They rang: two were counted twice.", "by": world.cast.programme_manager}
        | options,  # type: ignore[arg-type]
    )


def new_people(revision: Revision) -> int:
    return Cell.objects.get(revision=revision, measure="new", category__dimension__slug="total").value


def test_a_correction_counts_only_once_another_manager_approves_it(world: World) -> None:
    first = send_and_approve(world)
    second = correct(world)
    approved = Revision.objects.live().filter(approved_at__isnull=False)
    assert [new_people(row) for row in approved] == [10]
    with pytest.raises(ActionRefused, match="submitted a return cannot review"):
        review.approve_return(monitoring_return=world.monitoring_return, by=world.cast.programme_manager)
    other = UserFactory(role=Role.PROGRAMME_MANAGER)
    review.approve_return(monitoring_return=world.monitoring_return, by=other)
    assert [new_people(row) for row in approved.all()] == [8]
    assert (second.channel, second.correction_reason) == ("unit", "They rang: two were counted twice.")
    first.refresh_from_db()
    assert first.superseded_at is not None


def test_a_correction_keeps_everything_else_and_says_what_changed(world: World) -> None:
    first = send_and_approve(world)
    second = correct(world)
    assert second.spend_lines.get().actual_pence == first.spend_lines.get().actual_pence == 123_450
    assert second.answers.get().text == first.answers.get().text
    event = AuditEvent.objects.about(world.monitoring_return).get(action="return corrected by the unit")
    assert {change["box"]: (change["was"], change["now"]) for change in event.details["changes"]} == {
        "reach.new": ("10", "8"),
        "age.10-14": ("4", "2"),
    }


def test_a_correction_that_breaks_a_rule_leaves_the_return_as_it_was(world: World) -> None:
    send_and_approve(world)
    with pytest.raises(ReturnNotAcceptable):
        correct(world, changes={"reach.new": "8"})
    assert status_of(world.monitoring_return) == "approved"
    assert Revision.objects.count() == 1


def test_a_correction_needs_a_reason_a_change_and_a_manager_of_the_unit(world: World) -> None:
    send_and_approve(world)
    with pytest.raises(ActionRefused, match="Say why"):
        correct(world, reason=" ")
    with pytest.raises(ActionRefused, match="Nothing is different"):
        correct(world, changes={"reach.new": "10"})
    with pytest.raises(ActionRefused, match="Only a programme manager"):
        correct(world, by=world.cast.analyst)
    MembershipFactory(user=world.cast.programme_manager, organisation=world.grant.organisation)
    with pytest.raises(ActionRefused, match="You act for this organisation"):
        correct(world)


def test_only_an_approved_return_is_corrected_and_a_second_click_is_refused(world: World) -> None:
    with pytest.raises(ActionRefused, match="Only an approved return"):
        correct(world)
    send_and_approve(world)
    correct(world)
    with pytest.raises(ActionRefused, match="Only an approved return"):
        correct(world)
    assert Revision.objects.count() == 2


def test_a_correction_needs_no_signature_of_the_grantee_and_drops_drafts_of_the_old_figures(world: World) -> None:
    send_and_approve(world)
    world.grant.needs_signatory = True
    world.grant.save()
    correct(world)
    assert not world.monitoring_return.drafts.exists()
    assert not MonitoringReturn.objects.awaiting_signature().exists()
    review.approve_return(monitoring_return=world.monitoring_return, by=UserFactory(role=Role.PROGRAMME_MANAGER))
    assert status_of(world.monitoring_return) == "approved"


def test_the_page_of_a_correction_keeps_what_was_typed_and_shows_each_mistake(world: World) -> None:
    send_and_approve(world)
    client = Client()
    client.force_login(world.cast.programme_manager)
    page = reverse("returns:correct", args=[world.grant.ref, world.monitoring_return.quarter.key])
    assert 'value="10"' in client.get(page).content.decode()
    wrong = client.post(page, {"reach.new": "eight", "reason": "They rang."})
    assert wrong.status_code == 422
    assert 'value="eight"' in wrong.content.decode()
    right = client.post(page, RIGHT | {"reason": "They rang.", "revision": "1"})
    assert right.status_code == 302
    shown = client.get(right["Location"]).content.decode()
    assert "They rang." in shown
    assert "Approved before" in shown
    assert "cannot review it" in shown
