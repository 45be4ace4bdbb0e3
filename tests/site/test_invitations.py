"""From an invitation to *Your grants*: who may invite, what a link does, and what becomes of one that is no good."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.cast import World
from tests.factories import InvitationFactory, MembershipFactory, UserFactory
from vru.accounts.actions.invitations import InvitationRefused, accept_as_newcomer, hash_of
from vru.accounts.models import AuditEvent, Invitation, Membership, Organisation, User
from vru.jobs.actions import send_queued
from vru.jobs.models import OutboxMessage

pytestmark = pytest.mark.django_db
GOOD = {"name": "Ngozi O'Neill", "password": "violet tractor sunday"}


@pytest.fixture(autouse=True)
def _no_attempts_counted() -> None:
    cache.clear()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ours(world: World) -> Organisation:
    organisation: Organisation = world.grant.organisation
    return organisation


def people_page(world: World) -> str:
    return f"/organisation/{ours(world).ref}/people/"


def invited(world: World, **changes: Any) -> Invitation:
    invitation: Invitation = InvitationFactory(
        organisation=ours(world), secret_hash=hash_of("secret"), email="new@example.org", name="Ngozi", **changes
    )
    return invitation


def link_in_the_mail() -> str:
    found = re.search(r"http://localhost:8000(/invitation/\S+/)", OutboxMessage.objects.latest("pk").text)
    assert found
    return found[1]


def wanted(**changes: str) -> dict[str, str]:
    return {"name": "Ngozi", "email": "New@Example.org", "role": "submitter", **changes}


@pytest.mark.parametrize("person", ["programme_manager", "administrator", "signatory"])
def test_invited_person_opens_the_link_and_lands_on_their_grants(world: World, person: str) -> None:
    assert client_of(world.cast.named(person)).post(people_page(world), wanted()).status_code == 302
    newcomer = Client()
    page = newcomer.get(link_in_the_mail()).content.decode()
    assert ours(world).name in page
    assert world.cast.named(person).name in page
    landed = newcomer.post(link_in_the_mail(), GOOD, follow=True).content.decode()
    assert world.grant.title in landed
    user = User.objects.get(email="new@example.org")
    assert (user.name, user.check_password(GOOD["password"])) == ("Ngozi O'Neill", True)
    assert user.memberships.get().role == Membership.Role.SUBMITTER
    assert AuditEvent.objects.about(ours(world)).filter(action="invitation accepted", actor=user).exists()


def test_mail_says_who_invites_to_what_and_until_when_in_both_forms(world: World) -> None:
    client_of(world.cast.signatory).post(people_page(world), wanted())
    mail = OutboxMessage.objects.get()
    until = timezone.localdate() + timedelta(days=14)
    for text in (mail.text, mail.html):
        for fact in (world.cast.signatory.name, f"{until:%-d %B %Y}", link_in_the_mail()):
            assert fact in text
    assert (mail.to, mail.holds_secret) == ("new@example.org", True)


def test_secret_is_kept_only_as_a_hash(world: World) -> None:
    client_of(world.cast.signatory).post(people_page(world), wanted())
    secret = link_in_the_mail().split("/")[2]
    invitation = Invitation.objects.get()
    assert invitation.secret_hash == hash_of(secret)
    send_queued(now=timezone.now())
    kept = [str(row) for model in (Invitation, OutboxMessage, AuditEvent) for row in model.objects.values()]
    assert not any(secret in row for row in kept)


@pytest.mark.parametrize(
    ("person", "status"),
    [("grantee", 403), ("auditor", 403), ("director", 403), ("outside_grantee", 404), ("nobody", 404)],
)
def test_others_may_not_invite(world: World, person: str, status: int) -> None:
    assert client_of(world.cast.named(person)).post(people_page(world), wanted()).status_code == status
    assert not Invitation.objects.exists()


def test_signatory_of_another_organisation_may_not_invite_here(world: World) -> None:
    other = MembershipFactory(organisation=world.other_grant.organisation, role="signatory").user
    assert client_of(other).post(people_page(world), wanted()).status_code == 404


def test_submitter_sees_the_people_but_no_form(world: World) -> None:
    page = client_of(world.cast.grantee).get(people_page(world)).content.decode()
    assert world.cast.signatory.name in page
    assert "Send the invitation" not in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": ""}, "Enter their email address."),
        ({"email": "not an address"}, "Enter an email address like"),
        ({"role": ""}, "Choose what they will do"),
        ({"name": ""}, "Enter their full name."),
    ],
)
def test_form_says_what_is_missing(world: World, changes: dict[str, str], sentence: str) -> None:
    response = client_of(world.cast.signatory).post(people_page(world), wanted(**changes))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Invitation.objects.exists()


def test_somebody_who_has_the_role_already_is_not_invited(world: World) -> None:
    response = client_of(world.cast.signatory).post(people_page(world), wanted(email=world.cast.grantee.email))
    assert (response.status_code, Invitation.objects.count()) == (422, 0)
    assert "already" in response.content.decode()


def test_member_of_staff_is_not_invited(world: World) -> None:
    response = client_of(world.cast.signatory).post(people_page(world), wanted(email=world.cast.analyst.email))
    assert "on the unit&#x27;s staff" in response.content.decode()


def test_second_click_invites_once(world: World) -> None:
    client = client_of(world.cast.signatory)
    codes = [client.post(people_page(world), wanted()).status_code for _ in range(2)]
    assert codes == [302, 422]
    assert (Invitation.objects.count(), OutboxMessage.objects.count()) == (1, 1)


def test_opening_the_link_changes_nothing(world: World) -> None:
    invitation = invited(world)
    for _ in range(3):
        assert Client().get("/invitation/secret/").status_code == 200
        Client().head("/invitation/secret/")
    invitation.refresh_from_db()
    assert (invitation.accepted_at, User.objects.filter(email="new@example.org").exists()) == (None, False)


def test_link_works_once(world: World) -> None:
    invited(world)
    Client().post("/invitation/secret/", GOOD)
    for response in (Client().get("/invitation/secret/"), Client().post("/invitation/secret/", GOOD)):
        assert response.status_code == 410
        assert "has been accepted" in response.content.decode()
    assert User.objects.filter(email="new@example.org").count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"withdrawn_at": timezone.now()}, "was withdrawn"),
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, "too old"),
    ],
)
def test_link_that_is_over_says_why_and_lets_nobody_in(world: World, changes: dict[str, Any], sentence: str) -> None:
    invited(world, **changes)
    for response in (Client().get("/invitation/secret/"), Client().post("/invitation/secret/", GOOD)):
        assert (response.status_code, sentence in response.content.decode()) == (410, True)
    assert not User.objects.filter(email="new@example.org").exists()


def test_wrong_link_says_what_to_do(world: World) -> None:
    response = Client().get("/invitation/wrong/")
    assert response.status_code == 404
    assert "Check that you opened the whole link" in response.content.decode()


def test_guessing_links_is_slowed_down(world: World) -> None:
    codes = [Client().get(f"/invitation/guess-{number}/").status_code for number in range(12)]
    assert codes[:10] == [404] * 10
    assert 429 in codes[10:]


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short", "too short"),
        ("1q2w3e4r5t6y", "too common"),
        ("new@example.org", "too similar"),
        ("", "Choose a password."),
    ],
)
def test_weak_password_is_refused_with_the_reason(world: World, password: str, sentence: str) -> None:
    invited(world)
    response = Client().post("/invitation/secret/", {**GOOD, "password": password})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not User.objects.filter(email="new@example.org").exists()


def test_somebody_with_an_account_signs_in_and_accepts(world: World) -> None:
    user = UserFactory(email="new@example.org")
    invited(world, role="signatory")
    page = Client().get("/invitation/secret/").content.decode()
    assert "/account/login/?next=/invitation/secret/" in page
    client = client_of(user)
    assert "Accept" in client.get("/invitation/secret/").content.decode()
    assert world.grant.title in client.post("/invitation/secret/", follow=True).content.decode()
    assert user.memberships.get().role == Membership.Role.SIGNATORY


def test_nobody_sets_the_password_of_an_account_that_exists(world: World) -> None:
    user = UserFactory(email="new@example.org")
    invited(world)
    assert Client().post("/invitation/secret/", GOOD).status_code == 403
    user.refresh_from_db()
    assert not user.check_password(GOOD["password"])
    assert not user.memberships.exists()


def test_somebody_else_who_is_signed_in_cannot_accept(world: World) -> None:
    invited(world)
    client = client_of(world.cast.nobody)
    assert "signed in as" in client.get("/invitation/secret/").content.decode()
    assert client.post("/invitation/secret/").status_code == 403
    assert not world.cast.nobody.memberships.exists()


def test_sending_again_makes_a_new_link_and_the_old_one_dies(world: World) -> None:
    client = client_of(world.cast.programme_manager)
    client.post(people_page(world), wanted())
    first = link_in_the_mail()
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    client.post(f"{people_page(world)}invitations/{Invitation.objects.get().pk}/send/")
    second = link_in_the_mail()
    assert first != second
    assert (Client().get(first).status_code, Client().get(second).status_code) == (404, 200)
    assert OutboxMessage.objects.count() == 2


def test_withdrawn_invitation_leaves_the_list_and_is_recorded(world: World) -> None:
    invitation, client = invited(world), client_of(world.cast.signatory)
    address = f"{people_page(world)}invitations/{invitation.pk}/withdraw/"
    client.post(address)
    client.post(address)
    assert "new@example.org" not in client.get(people_page(world)).content.decode()[-4000:]
    assert AuditEvent.objects.about(ours(world)).filter(action="invitation withdrawn").count() == 1


def test_accepted_invitation_is_neither_withdrawn_nor_sent_again(world: World) -> None:
    invitation = invited(world)
    Client().post("/invitation/secret/", GOOD)
    client = client_of(world.cast.signatory)
    for verb, sentence in (("withdraw", "was accepted"), ("send", "cannot be sent again")):
        page = client.post(f"{people_page(world)}invitations/{invitation.pk}/{verb}/", follow=True)
        assert sentence in page.content.decode()


def test_invitation_of_another_organisation_is_not_found_under_ours(world: World) -> None:
    theirs = InvitationFactory(organisation=world.other_grant.organisation)
    client = client_of(world.cast.signatory)
    assert client.post(f"{people_page(world)}invitations/{theirs.pk}/withdraw/").status_code == 404


def test_removing_a_person_ends_what_they_may_do_and_is_recorded(world: World) -> None:
    colleague = MembershipFactory(organisation=ours(world))
    client = client_of(world.cast.signatory)
    address = f"{people_page(world)}{colleague.pk}/remove/"
    assert colleague.user.name in client.get(address).content.decode()
    assert Membership.objects.current().filter(pk=colleague.pk).exists()
    assert client.post(address).status_code == 302
    assert not Membership.objects.current().filter(pk=colleague.pk).exists()
    assert client_of(colleague.user).get(f"/grants/{world.grant.ref}/").status_code == 404
    event = AuditEvent.objects.about(ours(world)).get(action="person removed")
    assert (event.actor, event.details["person"]) == (world.cast.signatory, colleague.user_id)


def test_last_submitter_is_removed_only_after_a_warning(world: World) -> None:
    last = world.cast.grantee.memberships.get()
    client = client_of(world.cast.programme_manager)
    address = f"{people_page(world)}{last.pk}/remove/"
    response = client.post(address)
    assert response.status_code == 422
    assert "is the last person" in response.content.decode()
    assert Membership.objects.current().filter(pk=last.pk).exists()
    assert client.post(address, {"although_last": "1"}).status_code == 302
    assert not Membership.objects.current().filter(pk=last.pk).exists()


def test_signatory_who_removes_themselves_is_sent_home(world: World) -> None:
    mine = world.cast.signatory.memberships.get()
    response = client_of(world.cast.signatory).post(f"{people_page(world)}{mine.pk}/remove/", {"although_last": "1"})
    assert (response.status_code, response["Location"]) == (302, "/")


def test_sign_up_page_stays_closed(world: World) -> None:
    invited(world)
    Client().post("/account/signup/", {"email": "x@example.org", "password1": "a b c d e f g", "password2": "a"})
    assert not User.objects.filter(email="x@example.org").exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_people_with_one_link_at_once_make_one_account(world: World) -> None:
    invited(world)

    def accept(name: str) -> int:
        try:
            return Client().post("/invitation/secret/", {**GOOD, "name": name}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=4) as pool:
        codes = list(pool.map(accept, ["Ngozi", "Nadia", "Noor", "Nell"]))
    assert set(codes) <= {302, 403, 410}
    assert User.objects.filter(email="new@example.org").count() == 1
    assert Membership.objects.filter(user__email="new@example.org").count() == 1


def test_an_account_made_in_the_same_moment_is_met_with_a_sentence(world: World, monkeypatch: Any) -> None:
    """Two organisations invited one person: the second acceptance finds the address taken after it had looked."""
    invitation = InvitationFactory(organisation=world.grant.organisation, email="both@example.org")
    UserFactory(email="both@example.org")
    monkeypatch.setattr("django.db.models.query.QuerySet.exists", lambda self: False)
    with pytest.raises(InvitationRefused, match="Sign in with it"):
        accept_as_newcomer(invitation=invitation, name="Noor", password=GOOD["password"])
