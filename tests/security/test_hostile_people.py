"""Somebody who wants to act for an organisation, or sign for it, and should not."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grants.actions.signing import sign_revision, who_can_sign
from grants.actions.submission import submit_return
from grants.errors import ActionRefused
from tests.cast import World
from tests.factories import DelegationFactory, MembershipFactory, UserFactory
from tests.grants.test_return_actions import fill_in
from tests.security.test_hostile_returns import signed_in
from vru.accounts.actions.api_tokens import create_token
from vru.accounts.actions.invitations import (
    MAILS_A_DAY,
    InvitationRefused,
    accept_as_member,
    invite,
    remove_member,
)
from vru.accounts.models import Invitation, Membership, Role, StaffRole, User
from vru.jobs.models import Notification, OutboxMessage

PASSWORD = "three words long enough"


def invited(world: World, email: str, role: str = "signatory") -> tuple[Invitation, str]:
    return invite(organisation=world.grant.organisation, email=email, name="Al", role=role, by=world.cast.signatory)


def delegated(world: World, giver: User, to: User) -> None:
    today = timezone.localdate()
    DelegationFactory(
        organisation=world.grant.organisation, signatory=giver, delegate=to, starts_on=today, ends_on=today
    )


def test_nobody_signs_in_the_name_of_the_person_who_submitted(world: World) -> None:
    world.grant.needs_signatory = True
    world.grant.save()
    signatory, stand_in = world.cast.signatory, world.cast.grantee
    delegated(world, signatory, stand_in)
    fill_in(world)
    revision = submit_return(monitoring_return=world.monitoring_return, by=signatory, declared_name="Sig Natory")
    assert who_can_sign(revision, timezone.localdate()) == []
    with pytest.raises(ActionRefused, match="cannot also sign"):
        sign_revision(revision=revision, by=stand_in)
    assert signed_in(stand_in).get(reverse("home")).context["to_sign"] == []
    assert not Notification.objects.filter(user__in=[signatory, stand_in], topic="signature").exists()
    second = UserFactory()
    MembershipFactory(user=second, organisation=world.grant.organisation, role=Membership.Role.SIGNATORY)
    delegated(world, second, stand_in)
    assert set(who_can_sign(revision, timezone.localdate())) == {second, stand_in}
    assert sign_revision(revision=revision, by=stand_in).signed_by == stand_in


def test_an_invitation_ends_with_the_right_of_who_made_it(world: World) -> None:
    """A leaver who invites an address of their own first would come back through it."""
    organisation, leaver = world.grant.organisation, world.cast.signatory
    successor = UserFactory()
    MembershipFactory(user=successor, organisation=organisation, role=Membership.Role.SIGNATORY)
    _, secret = invited(world, "alias@elsewhere.example")
    kept, _ = invite(organisation=organisation, email="new@x.example", name="N", role="submitter", by=successor)
    remove_member(membership=leaver.memberships.get(), by=successor)
    sent = {"name": "Al Ias", "password": PASSWORD}
    assert Client().post(reverse("invitation", args=[secret]), sent).status_code == 410
    assert not User.objects.filter(email="alias@elsewhere.example").exists()
    kept.refresh_from_db()
    assert kept.withdrawn_at is None


def test_an_invitation_of_a_manager_outlives_their_membership_elsewhere(world: World) -> None:
    manager, organisation = world.cast.programme_manager, world.grant.organisation
    made, _ = invite(organisation=organisation, email="n@x.example", name="N", role="submitter", by=manager)
    theirs = MembershipFactory(user=manager, organisation=organisation, role=Membership.Role.SIGNATORY)
    remove_member(membership=theirs, by=world.cast.signatory)
    made.refresh_from_db()
    assert made.withdrawn_at is None


def test_who_joined_the_units_staff_meanwhile_cannot_accept(world: World) -> None:
    person = world.cast.nobody
    made, _ = invited(world, person.email)
    StaffRole.objects.create(user=person, role=Role.PROGRAMME_MANAGER)
    with pytest.raises(InvitationRefused, match="staff"):
        accept_as_member(invitation=made, by=User.objects.get(pk=person.pk))
    assert not person.memberships.exists()


def test_an_organisation_cannot_make_the_site_write_to_strangers_without_end(world: World) -> None:
    client, ref = signed_in(world.cast.signatory), world.grant.organisation.ref
    for number in range(MAILS_A_DAY + 3):
        sent = {"name": "Some Body", "email": f"a{number}@elsewhere.example", "role": "submitter"}
        response = client.post(reverse("organisation-people", args=[ref]), sent)
    assert response.status_code == 422
    assert "tomorrow" in response.content.decode()
    again = reverse("invitation-send", args=[ref, Invitation.objects.order_by("pk")[0].pk])
    client.post(again)
    assert OutboxMessage.objects.count() == Invitation.objects.count() == MAILS_A_DAY


@pytest.mark.parametrize("tampered", [{"role": "administrator"}, {"role": ""}, {"role": "signatory\x00"}])
def test_an_invitation_has_no_role_but_those_offered(world: World, tampered: dict[str, str]) -> None:
    sent = {"name": "Some Body", "email": "a@elsewhere.example", **tampered, "organisation": "other", "is_staff": "1"}
    address = reverse("organisation-people", args=[world.grant.organisation.ref])
    assert signed_in(world.cast.signatory).post(address, sent).status_code == 422
    assert not Invitation.objects.exists()


def test_the_link_is_the_sites_own_whatever_host_the_request_named(world: World, settings: object) -> None:
    settings.ALLOWED_HOSTS = ["*"]  # type: ignore[attr-defined]
    settings.SITE_URL = "https://returns.example.org"  # type: ignore[attr-defined]
    sent = {"name": "Some Body", "email": "a@elsewhere.example", "role": "submitter"}
    address = reverse("organisation-people", args=[world.grant.organisation.ref])
    headers = {"host": "evil.example", "x-forwarded-host": "evil.example"}
    assert signed_in(world.cast.signatory).post(address, sent, headers=headers).status_code == 302
    mail = OutboxMessage.objects.get()
    assert "evil.example" not in mail.text + mail.html
    assert "https://returns.example.org/invitation/" in mail.text


def test_accepting_gives_the_browser_a_new_session(world: World) -> None:
    _, secret = invited(world, "new@elsewhere.example", "submitter")
    client = Client()
    planted = client.session
    planted["x"] = 1
    planted.save()
    client.cookies["sessionid"] = planted.session_key
    client.post(reverse("invitation", args=[secret]), {"name": "Ne W", "password": PASSWORD})
    assert client.cookies["sessionid"].value not in {"", planted.session_key}
    assert client.get(reverse("home")).status_code == 200


def test_a_link_used_once_says_so_to_whoever_replays_it(world: World) -> None:
    _, secret = invited(world, "new@elsewhere.example", "submitter")
    sent = {"name": "Ne W", "password": PASSWORD}
    address = reverse("invitation", args=[secret])
    assert Client().post(address, sent).status_code == 302
    assert Client().post(address, sent | {"password": "another one of theirs"}).status_code == 410
    assert User.objects.filter(email="new@elsewhere.example").count() == 1
    assert User.objects.get(email="new@elsewhere.example").check_password(PASSWORD)


def test_the_keys_of_who_left_stay_shut_when_they_are_invited_back(world: World) -> None:
    organisation, leaver = world.grant.organisation, world.cast.grantee
    token, secret = create_token(organisation=organisation, by=leaver, name="Old", scopes=["returns:read"], days=365)
    bearer = {"authorization": f"Bearer {secret}"}
    assert Client().get(reverse("api-returns"), headers=bearer).status_code == 200
    remove_member(membership=leaver.memberships.get(), by=world.cast.programme_manager, although_last=True)
    assert Client().get(reverse("api-returns"), headers=bearer).status_code == 401
    MembershipFactory(user=leaver, organisation=organisation)
    assert Client().get(reverse("api-returns"), headers=bearer).status_code == 401
    token.refresh_from_db()
    assert token.revoked_by == world.cast.programme_manager
