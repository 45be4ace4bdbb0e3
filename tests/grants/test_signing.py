"""The second person's signature: whose, on what, for how long, and what happens instead of it."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from grants.actions.drafts import save_section
from grants.actions.review import answer_query, approve_return, raise_query, reopen_return
from grants.actions.signing import (
    record_sole_officer_waiver,
    sign_revision,
    who_can_sign,
    withdraw_revision,
)
from grants.actions.submission import submit_return
from grants.answers.values import drafts_of
from grants.errors import ActionRefused
from grants.models import MonitoringReturn, Revision, Section, SectionDraft
from tests.cast import World, complete_answers
from tests.factories import DelegationFactory, MembershipFactory, UserFactory
from vru.accounts.models import AuditEvent, Membership, User
from vru.jobs.models import Notification

TODAY = timezone.localdate
DAY = datetime.timedelta(days=1)


@pytest.fixture
def signed_world(world: World) -> World:
    """The grant asks for a second signature, and the return is filled in."""
    world.grant.needs_signatory = True
    world.grant.save()
    for letter, data in complete_answers(world).items():
        save_section(
            monitoring_return=world.monitoring_return,
            section=Section(letter),
            data=data,
            version=0,
            by=world.cast.grantee,
            complete=True,
        )
    return world


def send(world: World, by: User | None = None) -> Revision:
    return submit_return(
        monitoring_return=world.monitoring_return, by=by or world.cast.grantee, declared_name="Gia Grantee"
    )


def status(world: World) -> str:
    return MonitoringReturn.objects.get(pk=world.monitoring_return.pk).status


def colleague(world: World, name: str = "Colleague") -> User:
    user = UserFactory(name=name)
    MembershipFactory(user=user, organisation=world.grant.organisation, role=Membership.Role.SUBMITTER)
    return user


def delegate(world: World, to: User, starts: int = -1, ends: int = 1) -> None:
    DelegationFactory(
        organisation=world.grant.organisation,
        signatory=world.cast.signatory,
        delegate=to,
        starts_on=TODAY() + starts * DAY,
        ends_on=TODAY() + ends * DAY,
    )


def test_an_unsigned_return_waits_for_its_signature_and_is_not_to_review(signed_world: World) -> None:
    revision = send(signed_world)
    assert list(MonitoringReturn.objects.awaiting_signature()) == [signed_world.monitoring_return]
    assert not MonitoringReturn.objects.to_review().exists()
    sign_revision(revision=revision, by=signed_world.cast.signatory)
    assert not MonitoringReturn.objects.awaiting_signature().exists()
    assert list(MonitoringReturn.objects.to_review()) == [signed_world.monitoring_return]


def test_a_return_that_needs_no_signature_is_to_review_at_once(world: World) -> None:
    for letter, data in complete_answers(world).items():
        SectionDraft.objects.create(
            monitoring_return=world.monitoring_return, section=letter, data=data, saved_at=timezone.now()
        )
    send(world)
    assert list(MonitoringReturn.objects.to_review()) == [world.monitoring_return]


def test_an_edit_voids_the_signature(signed_world: World) -> None:
    cast = signed_world.cast
    first = sign_revision(revision=send(signed_world), by=cast.signatory)
    query = raise_query(
        monitoring_return=signed_world.monitoring_return, section=Section.REACH, text="Why?", by=cast.programme_manager
    )
    answer_query(query=query, text="The school was shut.", by=cast.grantee)
    second = send(signed_world)
    assert second.signed_at is None
    assert not MonitoringReturn.objects.to_review().exists()
    with pytest.raises(ActionRefused, match="Only the version waiting"):
        sign_revision(revision=first, by=cast.signatory)
    with pytest.raises(ActionRefused, match="signature"):
        approve_return(monitoring_return=signed_world.monitoring_return, by=cast.programme_manager)


def test_the_submitter_cannot_sign_although_they_are_a_signatory(signed_world: World) -> None:
    revision = send(signed_world, by=signed_world.cast.signatory)
    with pytest.raises(ActionRefused, match="cannot also sign"):
        sign_revision(revision=revision, by=signed_world.cast.signatory)
    assert who_can_sign(revision, TODAY()) == []


def test_a_delegate_signs_in_the_signatorys_name(signed_world: World) -> None:
    stand_in = colleague(signed_world)
    delegate(signed_world, stand_in)
    revision = send(signed_world)
    assert who_can_sign(revision, TODAY()) == [stand_in, signed_world.cast.signatory]
    assert sign_revision(revision=revision, by=stand_in).signed_by == stand_in
    assert AuditEvent.objects.get(action="return signed").details["for"] == signed_world.cast.signatory.name


def test_a_delegate_never_signs_what_they_submitted(signed_world: World) -> None:
    delegate(signed_world, signed_world.cast.grantee)
    revision = send(signed_world)
    with pytest.raises(ActionRefused, match="cannot also sign"):
        sign_revision(revision=revision, by=signed_world.cast.grantee)
    signed_world.grant.sole_officer_waiver = "One officer only."
    signed_world.grant.save()
    revision = Revision.objects.get(pk=revision.pk)
    with pytest.raises(ActionRefused, match="cannot also sign"):
        sign_revision(revision=revision, by=signed_world.cast.grantee)


@pytest.mark.parametrize(("starts", "ends"), [(-5, -1), (1, 5)])
def test_a_delegation_counts_only_on_its_days(signed_world: World, starts: int, ends: int) -> None:
    stand_in = colleague(signed_world)
    delegate(signed_world, stand_in, starts, ends)
    with pytest.raises(ActionRefused, match="Only a signatory"):
        sign_revision(revision=send(signed_world), by=stand_in)


def test_a_delegation_ends_with_the_membership_of_either(signed_world: World) -> None:
    stand_in = colleague(signed_world)
    delegate(signed_world, stand_in)
    revision = send(signed_world)
    Membership.objects.filter(user=signed_world.cast.signatory).update(ended_at=timezone.now())
    with pytest.raises(ActionRefused, match="Only a signatory"):
        sign_revision(revision=revision, by=stand_in)
    Membership.objects.filter(user=signed_world.cast.signatory).update(ended_at=None)
    Membership.objects.filter(user=stand_in).update(ended_at=timezone.now())
    with pytest.raises(ActionRefused, match="Only a signatory"):
        sign_revision(revision=revision, by=stand_in)


def test_an_outsider_cannot_sign_by_another_organisations_delegation(signed_world: World) -> None:
    DelegationFactory(
        organisation=signed_world.other_grant.organisation,
        signatory=signed_world.cast.signatory,
        delegate=signed_world.cast.outside_grantee,
        starts_on=TODAY(),
        ends_on=TODAY(),
    )
    with pytest.raises(ActionRefused, match="Only a signatory"):
        sign_revision(revision=send(signed_world), by=signed_world.cast.outside_grantee)


def test_under_a_recorded_waiver_a_submission_is_complete_without_a_second_person(signed_world: World) -> None:
    manager = signed_world.cast.programme_manager
    record_sole_officer_waiver(commitment=signed_world.grant, by=manager, reason="The charity has one officer.")
    send(signed_world)
    assert list(MonitoringReturn.objects.to_review()) == [signed_world.monitoring_return]
    approve_return(monitoring_return=signed_world.monitoring_return, by=manager)
    assert status(signed_world) == "approved"
    event = AuditEvent.objects.about(signed_world.grant).get()
    assert (event.action, event.reason) == ("second signature waived", "The charity has one officer.")


def test_only_a_programme_manager_waives_and_only_where_a_signature_is_asked(signed_world: World) -> None:
    for person in (signed_world.cast.director, signed_world.cast.signatory):
        with pytest.raises(ActionRefused, match="Only a programme manager"):
            record_sole_officer_waiver(commitment=signed_world.grant, by=person, reason="x")
    with pytest.raises(ActionRefused, match="no second signature"):
        record_sole_officer_waiver(
            commitment=signed_world.other_grant, by=signed_world.cast.programme_manager, reason="x"
        )
    MembershipFactory(user=signed_world.cast.programme_manager, organisation=signed_world.grant.organisation)
    with pytest.raises(ActionRefused, match="somebody else"):
        record_sole_officer_waiver(commitment=signed_world.grant, by=signed_world.cast.programme_manager, reason="x")


def test_the_signatory_sends_it_back_with_a_reason_and_nothing_is_lost(signed_world: World) -> None:
    revision = send(signed_world)
    with pytest.raises(ActionRefused, match="Say what should be mended"):
        withdraw_revision(revision=revision, by=signed_world.cast.signatory)
    withdraw_revision(revision=revision, by=signed_world.cast.signatory, reason="The spend is last year's.")
    revision.refresh_from_db()
    assert status(signed_world) == "draft"
    assert revision.superseded_at is not None
    assert drafts_of(signed_world.monitoring_return)[Section.REACH]["reach.new"] == "10"
    event = AuditEvent.objects.get(action="return sent back unsigned")
    assert (event.reason, event.details["revision"]) == ("The spend is last year's.", 1)
    told = Notification.objects.filter(user=signed_world.cast.grantee, title__contains="sent back instead of signed")
    assert told.count() == 1
    assert send(signed_world).number == 2


def test_those_concerned_are_told_when_it_waits_and_when_it_is_complete(signed_world: World) -> None:
    cast = signed_world.cast
    revision = send(signed_world)
    assert Notification.objects.filter(user=cast.signatory, title__contains="waits for your signature").exists()
    assert not Notification.objects.filter(user=cast.programme_manager).exists()
    sign_revision(revision=revision, by=cast.signatory)
    assert Notification.objects.filter(user=cast.programme_manager, title__contains="sent its return").count() == 1


def test_what_was_sent_survives_a_withdrawal_without_drafts(signed_world: World) -> None:
    revision = send(signed_world)
    SectionDraft.objects.all().delete()
    withdraw_revision(revision=revision, by=signed_world.cast.grantee)
    assert drafts_of(signed_world.monitoring_return)[Section.REACH]["reach.new"] == "10"


def test_the_submitter_takes_back_only_what_is_not_signed(signed_world: World) -> None:
    revision = sign_revision(revision=send(signed_world), by=signed_world.cast.signatory)
    with pytest.raises(ActionRefused, match="no longer waits"):
        withdraw_revision(revision=revision, by=signed_world.cast.grantee)


def test_somebody_who_neither_sent_nor_signs_cannot_take_it_back(signed_world: World) -> None:
    revision = send(signed_world)
    for person in (colleague(signed_world), signed_world.cast.outside_grantee, signed_world.cast.programme_manager):
        with pytest.raises(ActionRefused, match="Only the person who sent it"):
            withdraw_revision(revision=revision, by=person, reason="x")


def test_a_return_that_needs_no_signature_cannot_be_taken_back(signed_world: World) -> None:
    signed_world.grant.needs_signatory = False
    signed_world.grant.save()
    with pytest.raises(ActionRefused, match="no longer waits"):
        withdraw_revision(revision=send(signed_world), by=signed_world.cast.grantee)


def test_a_correction_taken_back_is_a_correction_still(signed_world: World) -> None:
    cast, item = signed_world.cast, signed_world.monitoring_return
    sign_revision(revision=send(signed_world), by=cast.signatory)
    approve_return(monitoring_return=item, by=cast.programme_manager)
    reopen_return(monitoring_return=item, by=cast.programme_manager, reason="Counted twice.")
    withdraw_revision(revision=send(signed_world), by=cast.grantee)
    assert status(signed_world) == "reopened"
    assert Revision.objects.live().get().number == 1
    assert send(signed_world).correction_reason == "Counted twice."


def test_an_answered_query_stays_asked_for_when_the_new_version_is_taken_back(signed_world: World) -> None:
    cast, item = signed_world.cast, signed_world.monitoring_return
    send(signed_world)
    query = raise_query(monitoring_return=item, section=Section.REACH, text="Why?", by=cast.programme_manager)
    answer_query(query=query, text="Shut.", by=cast.grantee)
    withdraw_revision(revision=send(signed_world), by=cast.grantee)
    assert status(signed_world) == "queried"
    assert send(signed_world).number == 3


def test_what_the_unit_typed_for_the_grantee_waits_for_nobodys_signature(signed_world: World) -> None:
    revision = send(signed_world)
    Revision.objects.filter(pk=revision.pk).update(channel=Revision.Channel.UNIT)
    assert not Revision.objects.get(pk=revision.pk).awaits_signature
    assert not MonitoringReturn.objects.awaiting_signature().exists()
    assert list(MonitoringReturn.objects.to_review()) == [signed_world.monitoring_return]
