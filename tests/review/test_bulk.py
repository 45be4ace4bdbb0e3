"""Several returns at once: each by itself, what was left out with its reason, a second press harmless."""

from __future__ import annotations

import datetime

import pytest

from grants.actions import bulk
from grants.errors import ActionRefused
from grants.models import MonitoringReturn, Revision
from tests.cast import World
from tests.factories import CommitmentFactory, MembershipFactory, MonitoringReturnFactory, RevisionFactory, UserFactory
from tests.review.sending import send, status_of
from vru.accounts.models import AuditEvent, Role
from vru.jobs.models import Notification, OutboxMessage

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2020, 12, 1)
UNUSUAL = [{"code": "W205", "section": "C", "field": "", "message": "Odd.", "value": "", "staff_only": False}]


def seen(*revisions: Revision) -> dict[int, int]:
    return {revision.monitoring_return_id: revision.number for revision in revisions}


def test_returns_without_warnings_are_approved_and_the_others_say_why_not(world: World) -> None:
    calm = send(world)
    odd = RevisionFactory(warnings=UNUSUAL)
    outcome = bulk.approve_many(seen=seen(calm, odd), by=world.cast.programme_manager)
    assert [item.pk for item in outcome.done] == [calm.monitoring_return_id]
    assert [(item.pk, reason) for item, reason in outcome.skipped] == [
        (odd.monitoring_return_id, "It has 1 warning. Look at it on its own page.")
    ]
    assert AuditEvent.objects.filter(action="return approved").count() == 1


def test_a_second_press_approves_nothing_twice(world: World) -> None:
    revision = send(world)
    bulk.approve_many(seen=seen(revision), by=world.cast.programme_manager)
    again = bulk.approve_many(seen=seen(revision), by=world.cast.programme_manager)
    assert again.done == []
    assert again.skipped[0][1] == "It is approved."


def test_a_newer_version_than_the_one_on_the_preview_is_left_out(world: World) -> None:
    revision = send(world)
    Revision.objects.filter(pk=revision.pk).update(number=2)
    outcome = bulk.approve_many(seen=seen(revision), by=world.cast.programme_manager)
    assert "newer version" in outcome.skipped[0][1]
    assert status_of(world.monitoring_return) == "submitted"


def test_nobody_approves_in_bulk_what_they_sent_themselves(world: World) -> None:
    revision = send(world)
    Revision.objects.filter(pk=revision.pk).update(submitted_by=world.cast.programme_manager)
    outcome = bulk.approve_many(seen=seen(revision), by=world.cast.programme_manager)
    assert outcome.skipped[0][1] == "The person who submitted a return cannot review it."


def test_what_stored_no_warnings_is_looked_at_again(world: World) -> None:
    """An old revision kept none: silence about it is not calm."""
    revision = send(world, {"W206": "Invoices come later."}, F={"spend.labour.actual": "0"})
    Revision.objects.filter(pk=revision.pk).update(warnings=None)
    outcome = bulk.approve_many(seen=seen(revision), by=world.cast.programme_manager)
    assert "warning" in outcome.skipped[0][1]


def test_a_late_approval_is_left_for_its_own_page(world: World) -> None:
    revision = send(world)
    quarter = world.monitoring_return.quarter
    quarter.closes_on = datetime.date(2020, 11, 30)
    quarter.save()
    outcome = bulk.approve_many(seen=seen(revision), by=world.cast.programme_manager)
    assert "Approve it on its own page, with a reason." in outcome.skipped[0][1]


@pytest.mark.parametrize("count", [0, bulk.MOST_AT_ONCE + 1])
def test_none_or_too_many_at_once_are_refused(world: World, count: int) -> None:
    with pytest.raises(ActionRefused):
        bulk.approve_many(seen=dict.fromkeys(range(count), 1), by=world.cast.programme_manager)


def test_a_grantee_is_reminded_once_a_day_with_the_managers_words_in_the_site_only(world: World) -> None:
    keys = [world.monitoring_return.pk]
    manager = world.cast.programme_manager
    first = bulk.remind_many(returns=keys, by=manager, sentence="Ring me if you are stuck.", today=TODAY)
    again = bulk.remind_many(returns=keys, by=manager, sentence="Ring me if you are stuck.", today=TODAY)
    assert len(first.done) == 1
    assert again.skipped[0][1] == "A reminder went out today already."
    told = Notification.objects.filter(user=world.cast.grantee)
    assert told.filter(text="Ring me if you are stuck.").count() == 1
    assert not OutboxMessage.objects.filter(text__contains="Ring me").exists()
    assert AuditEvent.objects.about(world.monitoring_return).get(action="reminder sent").reason.startswith("Ring me")


def test_what_is_not_overdue_or_reaches_nobody_is_not_reminded(world: World) -> None:
    early = bulk.remind_many(
        returns=[world.monitoring_return.pk], by=world.cast.programme_manager, today=datetime.date(2020, 10, 1)
    )
    assert "It is not overdue" in early.skipped[0][1]
    lonely = MonitoringReturnFactory(quarter=world.monitoring_return.quarter, status="open")
    outcome = bulk.remind_many(returns=[lonely.pk], by=world.cast.programme_manager, today=TODAY)
    assert "Nobody at the organisation" in outcome.skipped[0][1]


def test_returns_change_hands_with_a_reason_and_the_grant_keeps_its_manager(world: World) -> None:
    other = UserFactory(role=Role.PROGRAMME_MANAGER)
    manager, item = world.cast.programme_manager, world.monitoring_return
    bulk.reassign_returns(returns=[item.pk], to=other, reason="I am away.", by=manager)
    assert list(MonitoringReturn.objects.reviewed_by(other)) == [item]
    assert item not in MonitoringReturn.objects.reviewed_by(manager)
    world.grant.refresh_from_db()
    assert world.grant.manager == manager
    again = bulk.reassign_returns(returns=[item.pk], to=other, reason="I am away.", by=manager)
    assert "already" in again.skipped[0][1]
    assert AuditEvent.objects.about(item).get(action="return reassigned").details["after"] == other.name


def test_grants_change_hands_with_their_returns_when_that_is_asked(world: World) -> None:
    other, manager = UserFactory(role=Role.PROGRAMME_MANAGER), world.cast.programme_manager
    given = {"returns": [world.monitoring_return.pk], "to": other, "reason": "She leaves.", "by": manager}
    bulk.reassign_returns(**given)
    bulk.reassign_returns(**given, with_grants=True)
    world.grant.refresh_from_db()
    assert world.grant.manager == other
    assert MonitoringReturn.objects.get(pk=world.monitoring_return.pk).reviewer is None
    assert "already" in bulk.reassign_returns(**given, with_grants=True).skipped[0][1]


def test_a_grant_changes_hands_once(world: World) -> None:
    other = UserFactory(role=Role.PROGRAMME_MANAGER)
    for _ in range(2):
        bulk.reassign_grant(grant=world.grant, to=other, reason="New portfolio.", by=world.cast.programme_manager)
    world.grant.refresh_from_db()
    assert world.grant.manager == other
    assert AuditEvent.objects.about(world.grant).filter(action="grant reassigned").count() == 1


def test_only_managers_hand_over_and_only_to_managers_and_with_a_reason(world: World) -> None:
    keys, manager = [world.monitoring_return.pk], world.cast.programme_manager
    with pytest.raises(ActionRefused, match="Only a programme manager"):
        bulk.reassign_returns(returns=keys, to=manager, reason="x", by=world.cast.analyst)
    with pytest.raises(ActionRefused, match="is not a programme manager"):
        bulk.reassign_returns(returns=keys, to=world.cast.analyst, reason="x", by=manager)
    with pytest.raises(ActionRefused, match="Say why"):
        bulk.reassign_returns(returns=keys, to=manager, reason=" ", by=manager)


def test_a_manager_who_acts_for_the_organisation_cannot_approve_it_in_bulk(world: World) -> None:
    revision = send(world)
    MembershipFactory(user=world.cast.programme_manager, organisation=world.grant.organisation)
    outcome = bulk.approve_many(seen=seen(revision), by=world.cast.programme_manager)
    assert "somebody else must review" in outcome.skipped[0][1]


def test_one_refusal_undoes_no_other(world: World) -> None:
    calm = send(world)
    unsigned = RevisionFactory(
        monitoring_return__commitment=CommitmentFactory(needs_signatory=True, programme=world.grant.programme)
    )
    outcome = bulk.approve_many(seen=seen(unsigned, calm), by=world.cast.programme_manager)
    assert [item.pk for item in outcome.done] == [calm.monitoring_return_id]
    assert "signature" in outcome.skipped[0][1]
