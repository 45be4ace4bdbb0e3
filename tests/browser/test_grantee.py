"""The grantee's journey: what is due, each section, what to mend, what to explain, the declaration and the receipt."""

from __future__ import annotations

import pytest

from grants.models import MonitoringReturn, SectionDraft
from tests.browser.conftest import Enter
from tests.browser.submitted import send_return
from tests.cast import World, complete_answers
from tests.factories import ReturnQueryFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TITLES = {"C": "People reached", "D": "Who the new people are", "E": "Outcomes", "F": "Spend and forecast"}


def tasks(world: World) -> str:
    return f"/returns/{world.grant.ref}/{world.monitoring_return.quarter.key}/"


def test_a_return_from_the_first_page_to_the_receipt(world: World, enter: Enter) -> None:
    answers = complete_answers(world)
    # Three of ten are not known: above the share that asks for a sentence.
    answers["D"] = {"age.10-14": "4", "age.15-17": "3", "age.not-known": "3"}
    grantee = enter(world.cast.grantee)
    grantee.open("/")
    assert "Overdue" in grantee.text
    grantee.follow("Return for 2020-21 Q2")
    assert "You have finished 0 of" in grantee.text

    grantee.press("Start")
    assert grantee.heading.endswith(TITLES["C"])
    grantee.fill({"reach.new": "about 40"})
    grantee.press("Save and continue")
    assert grantee.page.title().startswith("Error: ")
    assert grantee.page.input_value('[name="reach.new"]') == "about 40"
    grantee.page.locator(".govuk-error-summary a").first.click()
    assert grantee.page.evaluate("document.activeElement.name") == "reach.new"
    grantee.fill(answers["C"])
    grantee.press("Save and continue")
    assert "People reached: saved." in grantee.text

    grantee.open(f"{tasks(world)}check/")
    assert "to put right before you submit" in grantee.text
    grantee.open(tasks(world))
    grantee.press("Continue")
    for letter in ("D", "E", "F"):
        assert grantee.heading.endswith(TITLES[letter])
        grantee.fill(answers[letter])
        grantee.press("Save and continue")
    assert grantee.heading.endswith("Check your answers")
    grantee.open(tasks(world))
    grantee.follow("What happened")
    grantee.fill(answers["G"])
    grantee.press("Save and come back later")

    grantee.open(f"{tasks(world)}check/")
    assert "Please explain" in grantee.text
    grantee.press("Go on to the declaration")
    grantee.press("Declare and submit")
    assert "Explain in a sentence" in grantee.text
    for box in grantee.page.locator("textarea").all():
        box.fill("Three families asked us not to record their ages.")
    grantee.fill({"declared_name": "Grace Grantee"})
    grantee.press("Declare and submit")
    assert "Return sent" in grantee.text
    assert "Grace Grantee" in grantee.text
    world.monitoring_return.refresh_from_db()
    assert world.monitoring_return.status == MonitoringReturn.Status.SUBMITTED


def test_what_is_typed_is_saved_behind_the_page(world: World, enter: Enter) -> None:
    grantee = enter(world.cast.grantee)
    grantee.open(f"{tasks(world)}section/G/")
    grantee.fill({"answer.what-went-well": "Half a sentence"})
    grantee.page.wait_for_selector("#save-status:has-text('Saved at')")
    draft = SectionDraft.objects.get(monitoring_return=world.monitoring_return, section="G")
    assert draft.data == {"answer.what-went-well": "Half a sentence"}
    grantee.fill({"answer.what-went-well": "A whole sentence."})
    grantee.press("Save and continue")
    assert "What happened: saved." in grantee.text


def test_a_breakdown_counts_towards_the_new_people(world: World, enter: Enter) -> None:
    grantee = enter(world.cast.grantee)
    grantee.open(f"{tasks(world)}section/C/")
    grantee.fill({"reach.new": "10"})
    grantee.press("Save and come back later")
    grantee.follow(TITLES["D"])
    grantee.fill({"age.10-14": "4", "age.15-17": "1"})
    said = grantee.page.locator(".app-running-total").inner_text()
    assert said == "Total so far: 5 of 10 new people. 5 still to place."
    grantee.press("Save and continue")
    assert grantee.page.locator(".govuk-error-summary").is_visible()


def test_two_windows_see_both_texts_and_choose(world: World, enter: Enter) -> None:
    first, second = enter(world.cast.grantee), enter(world.cast.signatory)
    for person in (first, second):
        person.open(f"{tasks(world)}section/G/")
    first.fill({"answer.what-went-well": "Mine: ten came."})
    first.press("Save and come back later")
    second.fill({"answer.what-went-well": "Ours: eleven came.\nEvery week."})
    second.press("Save and continue")
    assert second.heading.endswith("Somebody else saved this section")
    assert "Mine: ten came." in second.text
    assert "Ours: eleven came." in second.text
    second.page.get_by_label("What you typed").check()
    second.press("Save what I chose")
    draft = SectionDraft.objects.get(monitoring_return=world.monitoring_return, section="G")
    assert draft.data["answer.what-went-well"].splitlines() == ["Ours: eleven came.", "Every week."]


def test_a_query_is_answered_and_the_return_sent_again(world: World, enter: Enter) -> None:
    revision = send_return(world)
    MonitoringReturn.objects.filter(pk=world.monitoring_return.pk).update(status="queried")
    ReturnQueryFactory(revision=revision, text="Is ten the right number?", raised_by=world.cast.programme_manager)
    grantee = enter(world.cast.grantee)
    grantee.open("/")
    assert "Question to answer" in grantee.text
    grantee.follow("Return for 2020-21 Q2")
    grantee.page.get_by_label("Your answer").fill("Yes: we counted the register twice.")
    grantee.press("Save answer")
    assert "Your answer is saved." in grantee.text
    grantee.press("Check your answers")
    grantee.press("Go on to the declaration")
    grantee.fill({"declared_name": "Grace Grantee"})
    grantee.press("Declare and submit")
    assert "2020-21Q2 v2" in grantee.text


def test_a_signatory_reads_what_was_sent_and_signs(world: World, enter: Enter) -> None:
    world.grant.needs_signatory = True
    world.grant.save(update_fields=["needs_signatory"])
    revision = send_return(world)
    signatory = enter(world.cast.signatory)
    signatory.open(tasks(world))
    signatory.press("Check and sign this return")
    assert "Your signature is for version 1" in signatory.text
    signatory.press("Sign this return")
    assert "You have signed this return." in signatory.text
    revision.refresh_from_db()
    assert revision.signed_by == world.cast.signatory


def test_another_organisation_finds_nothing(world: World, enter: Enter) -> None:
    outsider = enter(world.cast.outside_grantee)
    assert outsider.open(tasks(world)).status == 404
    outsider.open("/organisation/")
    assert "Rivals (invented)" in outsider.text
    assert "Bright Futures" not in outsider.text
