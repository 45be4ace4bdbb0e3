"""How a grant's returns are set up, checked and moved on: each page of the unit that is not a review, in a browser."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from grants.models import AssuranceCheck, Commitment, ReportingQuarter
from tests.browser.conftest import PHONE, Enter
from tests.browser.steps import at
from tests.browser.submitted import send_return
from tests.cast import World
from tests.factories import UserFactory
from vru.accounts.models import ApiToken, Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_a_grant_is_asked_changes_with_a_reason(world: World, enter: Enter) -> None:
    manager = enter(world.cast.programme_manager)
    setup = f"/grants/{world.grant.ref}/returns/"
    manager.open(setup)
    manager.follow("Change", exact=False)
    for part in ("schedule", "sections", "breakdowns", "headings", "ages", "signature", "copy"):
        manager.open(f"{setup}change/{part}/")
    manager.open(f"{setup}change/sections/")
    manager.choose("H. Case study")
    manager.press("Save")
    manager.mend("why")
    manager.type_in("Why does this change?", "Core costs only this year.")
    manager.press("Save")
    assert "saved." in manager.text
    assert "Core costs only this year." in manager.text
    grant = Commitment.objects.get(pk=world.grant.pk)
    assert "H" in grant.waived_sections
    grantee = enter(world.cast.grantee, width=PHONE)
    grantee.open(at(world))
    assert "Your grant does not answer: Case study" in grantee.text


def test_a_milestone_is_added_changed_and_taken_out(world: World, enter: Enter) -> None:
    manager = enter(world.cast.programme_manager)
    manager.open(f"/grants/{world.grant.ref}/returns/")
    assert "This grant has no milestones." in manager.text
    manager.follow("Add a milestone")
    manager.press("Save")
    assert manager.page.title().startswith("Error: ")
    manager.type_in("What will have happened?", "Youth workers recruited")
    manager.type_day("By when?", datetime.date(2020, 12, 31))
    for box in manager.page.get_by_label("Why does this change?").all():
        box.fill("Agreed with the charity.")
    manager.press("Save")
    assert "Youth workers recruited" in manager.text
    manager.follow("Change milestone 1")
    manager.type_in("What will have happened?", "Two youth workers recruited")
    for box in manager.page.get_by_label("Why does this change?").all():
        box.fill("Two posts.")
    manager.press("Save")
    assert "Two youth workers recruited" in manager.text
    manager.press("Take out milestone 1")
    assert not world.grant.milestones.exists()


def test_a_check_of_the_registers_is_recorded_and_approval_says_so(world: World, enter: Enter) -> None:
    send_return(world)
    manager = enter(world.cast.programme_manager)
    manager.open(at(world, "checks/"))
    assert "No check is recorded" in manager.text
    manager.press("Record a check")
    manager.press("Record the check")
    assert manager.page.title().startswith("Error: ")
    manager.page.get_by_role("radio").first.check()
    manager.type_day("When was it held?", timezone.localdate())
    for box in manager.page.locator("textarea").all():
        box.fill("Every tenth line of the register: all were there.")
    manager.page.get_by_label("counted in the registers").first.fill("9")
    manager.press("Record the check")
    assert "The check is recorded." in manager.text
    assert (10, 9) in AssuranceCheck.objects.get().counts.values_list("reported", "counted")
    manager.open(at(world, "review/"))
    assert "These figures were checked against the grantee's records" in manager.text
    grantee = enter(world.cast.grantee, width=PHONE)
    grantee.open(at(world, "checks/"))
    assert "Every tenth line of the register" in grantee.text


def test_returns_without_warnings_are_seen_before_they_are_approved_together(world: World, enter: Enter) -> None:
    send_return(world)
    manager = enter(world.cast.programme_manager)
    manager.open("/")
    manager.follow("Approve those that have no warnings")
    assert "1 return" in manager.text
    assert world.grant.title in manager.text
    with manager.page.expect_navigation():
        manager.page.get_by_role("main").get_by_role("button").first.click()
    manager.look()
    world.monitoring_return.refresh_from_db()
    assert world.monitoring_return.status == "approved"


def test_those_who_are_late_are_reminded_and_passed_on_together(world: World, enter: Enter) -> None:
    manager = enter(world.cast.programme_manager)
    manager.open("/")
    manager.follow("Remind them")
    assert world.grant.title in manager.text
    with manager.page.expect_navigation():
        manager.page.get_by_role("main").get_by_role("button").first.click()
    manager.look()
    assert "reminded" in manager.text
    manager.open("/returns/")
    assert world.grant.title in manager.text


def test_returns_chosen_from_the_list_are_given_to_another_manager(world: World, enter: Enter) -> None:
    colleague = UserFactory(name="Second Manager", role=Role.PROGRAMME_MANAGER)
    manager = enter(world.cast.programme_manager)
    manager.open("/returns/?status=approved")
    assert "No returns match" in manager.text
    manager.open("/returns/")
    manager.choose(f"{world.grant.title}, 2020-21 Q2")
    manager.press("Give to another manager")
    assert world.grant.title in manager.text
    manager.press("Give them to this manager")
    manager.mend()
    manager.page.get_by_label("Who reviews them from now?").select_option("Second Manager")
    manager.type_in("Why?", "On leave until spring.")
    manager.press("Give them to this manager")
    assert "now with Second Manager" in manager.text
    world.monitoring_return.refresh_from_db()
    assert world.monitoring_return.reviewer == colleague


def test_a_return_is_waived_with_a_reason_and_asked_for_after_all(world: World, enter: Enter) -> None:
    manager, grantee = enter(world.cast.programme_manager), enter(world.cast.grantee, width=PHONE)
    manager.open(at(world, "waive/"))
    manager.press("Waive this return")
    manager.mend("Say why.")
    manager.type_in("Why?", "The club was closed all quarter.")
    manager.press("Waive this return")
    assert "The return is waived." in manager.text
    grantee.open(at(world))
    assert "Nothing is needed for this quarter." in grantee.text
    manager.open(at(world, "waive/"))
    manager.type_in("Why?", "It opened again in September.")
    manager.press("Ask for it after all")
    assert "The return is asked for again." in manager.text
    grantee.open(at(world))
    assert grantee.page.get_by_role("button", name="Start").is_visible()


def test_a_quarter_is_closed_with_a_reason(world: World, enter: Enter) -> None:
    manager = enter(world.cast.programme_manager)
    manager.open("/returns/quarters/")
    manager.open(f"/returns/quarters/{world.monitoring_return.quarter.key}/cut-off/")
    manager.type_day("Cut-off", datetime.date(2021, 1, 31))
    manager.press("Save")
    assert manager.page.title().startswith("Error: ")
    manager.type_in("Why this day?", "The report is written in February.")
    manager.press("Save")
    assert "the cut-off is saved." in manager.text
    quarter = ReportingQuarter.objects.get(pk=world.monitoring_return.quarter_id)
    assert quarter.closes_on == datetime.date(2021, 1, 31)


def test_the_rules_and_the_dead_ends_of_a_return_are_readable(world: World, enter: Enter) -> None:
    grantee = enter(world.cast.grantee, width=PHONE)
    grantee.open("/returns/rules/")
    assert "R101" in grantee.text
    grantee.open(at(world, "history/"))
    assert "Nothing has been sent yet" in grantee.text
    grantee.open(at(world, "declaration/?nil=yes"))
    grantee.type_in("Your full name", "Grace Grantee")
    grantee.press("Declare and submit")
    grantee.mend("why")
    grantee.type_in("If there is nothing to report, say why", "The club was closed all quarter.")
    grantee.press("Declare and submit")
    assert "The club was closed all quarter." in grantee.text


def test_a_key_is_made_shown_once_and_revoked(world: World, enter: Enter) -> None:
    grantee = enter(world.cast.grantee)
    grantee.open("/organisation/keys/")
    assert "There are no keys" in grantee.text
    grantee.press("Make a key")
    grantee.press("Make the key")
    grantee.mend("Say which system will use the key.")
    grantee.type_in("Which system will use the key?", "Case management system")
    with grantee.page.expect_response(lambda answer: answer.request.method == "POST"):
        grantee.page.get_by_role("button", name="Make the key").click()
    grantee.page.get_by_role("heading", name="Your new key").wait_for()
    grantee.look()
    secret = grantee.page.locator("code").inner_text()
    assert len(secret) > 20
    grantee.press("I have copied it")
    assert secret not in grantee.text
    grantee.follow("Revoke", exact=False)
    with grantee.page.expect_navigation():
        grantee.page.get_by_role("main").get_by_role("button").first.click()
    grantee.look()
    assert "is revoked" in grantee.text
    assert ApiToken.objects.get().revoked_at is not None
