"""What people are told, and where: notices, what comes by mail, the mail that came back, invitations and their ends."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.utils import timezone

from tests.browser.conftest import PHONE, Enter
from tests.browser.steps import at, last_mail_to
from tests.browser.submitted import send_return
from tests.cast import World
from tests.factories import InvitationFactory, OutboxMessageFactory
from vru.accounts.actions.invitations import hash_of
from vru.accounts.models import Invitation, Membership
from vru.jobs.models import MessagePreference, OutboxMessage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "violet tractor sunday"


def test_a_notice_leads_to_its_page_and_is_read(world: World, enter: Enter) -> None:
    manager, grantee = enter(world.cast.programme_manager), enter(world.cast.grantee, width=PHONE)
    grantee.open("/notifications/")
    assert "Nothing yet" in grantee.text
    send_return(world)
    manager.open(at(world, "review/figure/reach.new/"))
    manager.type_in("What do you want to say?", "Is ten the right number?")
    manager.press("Send")
    grantee.open("/notifications/")
    notices = grantee.page.get_by_role("listitem").filter(has_text="New:")
    unread = notices.count()
    assert unread >= 1
    notice = notices.filter(has_text=re.compile("question|query", re.IGNORECASE)).first
    with grantee.page.expect_navigation():
        notice.get_by_role("button", name=re.compile("^Open the page")).click()
    grantee.look()
    assert "Is ten the right number?" in grantee.text
    grantee.open("/notifications/")
    assert grantee.page.get_by_role("listitem").filter(has_text="New:").count() == unread - 1
    if unread > 1:
        grantee.press("Mark all as read")
    assert grantee.page.get_by_text("New:").count() == 0


def test_a_person_chooses_what_comes_by_mail(world: World, enter: Enter) -> None:
    grantee = enter(world.cast.grantee, width=PHONE)
    grantee.open("/notifications/")
    grantee.follow("Choose what also comes by email")
    boxes = grantee.page.get_by_role("checkbox")
    assert boxes.count() > 1
    boxes.first.set_checked(not boxes.first.is_checked())
    chosen = boxes.first.is_checked()
    grantee.press("Save")
    assert "Your choice is saved." in grantee.text
    grantee.open("/notifications/preferences/")
    assert grantee.page.get_by_role("checkbox").first.is_checked() == chosen
    assert MessagePreference.objects.filter(user=world.cast.grantee).exists()


def test_mail_that_came_back_is_found_explained_and_sent_again(world: World, enter: Enter) -> None:
    manager = enter(world.cast.programme_manager)
    manager.open("/outbox/")
    assert "No mail has been written" in manager.text
    bounced = OutboxMessageFactory(to="old@example.org", subject="Your return", status="bounced", error="No such box.")
    manager.open("/outbox/")
    manager.type_in("Address or subject", "nobody@example.org")
    manager.press("Apply filters")
    assert "No message is like that" in manager.text
    manager.open("/outbox/?status=bounced")
    assert "No such box." in manager.text
    manager.follow("Your return")
    assert "Nobody receives mail at this address." in manager.text
    manager.press("Send again")
    assert "is waiting to be sent again." in manager.text
    bounced.refresh_from_db()
    assert bounced.status == OutboxMessage.Status.QUEUED


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ("accepted", "This invitation has been accepted"),
        ("expired", "This invitation is too old"),
        ("withdrawn", "This invitation was withdrawn"),
        ("unknown", "This link does not work"),
    ],
)
def test_a_link_that_is_no_good_says_why(world: World, enter: Enter, end: str, said: str) -> None:
    now = timezone.now()
    ends: dict[str, dict[str, Any]] = {
        "accepted": {"accepted_at": now, "accepted_by": world.cast.nobody},
        "expired": {"expires_at": now - datetime.timedelta(days=1)},
        "withdrawn": {"withdrawn_at": now},
        "unknown": {"secret_hash": hash_of("another secret")},
    }
    changes = {"secret_hash": hash_of("secret"), **ends[end]}
    InvitationFactory(organisation=world.grant.organisation, **changes)
    newcomer = enter(width=PHONE)
    newcomer.open("/invitation/secret/")
    assert newcomer.heading == said


def test_somebody_known_joins_and_is_taken_off_again(world: World, enter: Enter) -> None:
    signatory = enter(world.cast.signatory)
    people = f"/organisation/{world.grant.organisation.ref}/people/"
    signatory.open(people)
    signatory.type_in("Their full name", "Nobody")
    signatory.type_in("Their email address", world.cast.nobody.email)
    signatory.choose("Fill in and send returns")
    signatory.press("Send the invitation")
    found = re.search(r"(/invitation/\S+/)", last_mail_to(world.cast.nobody.email).text)
    assert found
    known = enter(world.cast.nobody, width=PHONE)
    known.open(found[1])
    with known.page.expect_navigation():
        known.page.get_by_role("main").get_by_role("button").click()
    known.look()
    assert f"You now act for {world.grant.organisation.name}." in known.text
    signatory.open(people)
    signatory.follow("Remove Nobody", exact=False)
    with signatory.page.expect_navigation():
        signatory.page.get_by_role("main").get_by_role("button").click()
    signatory.look()
    assert "no longer acts for" in signatory.text
    assert not Membership.objects.current().filter(user=world.cast.nobody).exists()
    assert known.open(at(world)).status == 404
    assert Invitation.objects.get().accepted_at is not None
