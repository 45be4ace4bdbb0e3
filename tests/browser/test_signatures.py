"""A second person signs what a colleague sent: or sends it back, or lets somebody else sign while they are away."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from grants.models import Revision
from tests.browser.conftest import PHONE, Enter, Visitor
from tests.browser.steps import at
from tests.browser.submitted import send_return
from tests.cast import World
from tests.factories import MembershipFactory, UserFactory
from vru.accounts.models import Membership, User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sent(world: World) -> Revision:
    """A return that waits for its second person."""
    world.grant.needs_signatory = True
    world.grant.save(update_fields=["needs_signatory"])
    return send_return(world)


def send_again(grantee: Visitor) -> None:
    grantee.press("Check your answers")
    grantee.press("Go on to the declaration")
    assert "a second person in your organisation must sign" in grantee.text
    grantee.type_in("Your full name", "Grace Grantee")
    grantee.press("Declare and submit")


def test_a_signatory_sends_it_back_and_signs_what_comes_again(sent: Revision, world: World, enter: Enter) -> None:
    signatory = enter(world.cast.signatory, width=PHONE)
    signatory.open("/")
    signatory.follow("Sign the return for 2020-21 Q2")
    signatory.press("Check and sign this return")
    assert "£1,234.50" in signatory.text
    signatory.page.get_by_text("Send it back instead").click()
    signatory.type_in("What should be mended?", "The spend is of another quarter.")
    signatory.press("Send it back")
    assert "The return is back" in signatory.text

    grantee = enter(world.cast.grantee)
    grantee.open(at(world))
    assert "The spend is of another quarter." in grantee.text
    grantee.follow("Spend and forecast")
    grantee.page.get_by_role("group", name="Staff").get_by_role("textbox").first.fill("1,000")
    grantee.press("Save and come back later")
    send_again(grantee)
    assert "Sent for signature" in grantee.text
    assert "A PDF copy is made once the return is signed." in grantee.text

    signatory.open(at(world, "sent/"))
    assert "Your signature is for version 2" in signatory.text
    signatory.press("Sign this return")
    assert "You have signed this return." in signatory.text
    assert Revision.objects.get(number=2).signed_by == world.cast.signatory
    assert Revision.objects.get(number=1).signed_by is None


def test_a_signature_is_not_given_to_a_version_that_was_taken_back(sent: Revision, world: World, enter: Enter) -> None:
    signatory, grantee = enter(world.cast.signatory), enter(world.cast.grantee)
    signatory.open(at(world, "sent/"))
    grantee.open(at(world, "sent/"))
    grantee.page.get_by_text("Take it back to change it").click()
    grantee.press("Take it back")
    grantee.follow("People reached")
    grantee.type_in("Contacts", "1,200")
    grantee.press("Save and come back later")
    send_again(grantee)
    signatory.press("Sign this return")
    assert "A newer version was sent after you opened this page." in signatory.text
    assert not Revision.objects.filter(signed_at__isnull=False).exists()


def test_a_colleague_signs_while_the_signatory_is_away(sent: Revision, world: World, enter: Enter) -> None:
    colleague: User = UserFactory(name="Colette Colleague")
    MembershipFactory(user=colleague, organisation=world.grant.organisation, role=Membership.Role.SUBMITTER)
    signatory = enter(world.cast.signatory)
    signatory.open("/organisation/delegations/")
    signatory.press("Let them sign")
    signatory.mend("Choose who may sign.")
    signatory.page.get_by_label("Who may sign?").select_option("Colette Colleague")
    signatory.type_day("To", timezone.localdate() + datetime.timedelta(days=7))
    signatory.type_in("Why?", "On leave")
    signatory.press("Let them sign")
    assert "Colette Colleague may sign in your name" in signatory.text
    delegate = enter(colleague, width=PHONE)
    delegate.open("/")
    delegate.follow("Sign the return for 2020-21 Q2")
    delegate.press("Check and sign this return")
    delegate.press("Sign this return")
    assert "You have signed this return." in delegate.text
    sent.refresh_from_db()
    assert sent.signed_by == colleague
    signatory.open("/organisation/delegations/")
    signatory.press("End now what Colette Colleague may sign")
    assert "The delegation has ended." in signatory.text


def test_whoever_sent_it_cannot_sign_it(sent: Revision, world: World, enter: Enter) -> None:
    grantee = enter(world.cast.grantee)
    grantee.open(at(world, "sent/"))
    assert "can sign: Signatory." in grantee.text
    assert grantee.page.get_by_role("button", name="Sign this return").count() == 0
