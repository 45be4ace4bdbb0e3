"""Two people in one section, and one person who clicks twice: both versions are seen, and nothing is sent twice."""

from __future__ import annotations

import pytest
from django.utils import timezone

from grants.models import Revision, SectionDraft
from tests.browser.conftest import PHONE, Enter
from tests.browser.steps import at, save_status
from tests.cast import World, complete_answers
from tests.factories import QuestionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WELL, BARRIERS = "What went well?", "What got in the way?"


def saved(world: World, section: str = "G") -> dict[str, str]:
    data: dict[str, str] = SectionDraft.objects.get(monitoring_return=world.monitoring_return, section=section).data
    return data


def save_everything(world: World) -> None:
    for letter, answers in complete_answers(world).items():
        SectionDraft.objects.create(
            monitoring_return=world.monitoring_return,
            section=letter,
            data=answers,
            saved_by=world.cast.grantee,
            saved_at=timezone.now(),
            is_complete=True,
        )


def test_each_box_that_differs_is_decided_by_itself(world: World, enter: Enter) -> None:
    QuestionFactory(slug="barriers", section="G", text=BARRIERS, kind="long", is_required=False)
    first, second = enter(world.cast.signatory), enter(world.cast.grantee, width=PHONE)
    for person in (first, second):
        person.open(at(world, "section/G/"))
    first.type_in(WELL, "Theirs: ten came.")
    first.type_in(BARRIERS, "Theirs: a leaking roof.")
    first.press("Save and come back later")
    second.type_in(WELL, "Mine: eleven came.")
    second.type_in(BARRIERS, "Mine: two members of staff left.")
    second.press("Save and come back later")
    assert second.heading.endswith("Somebody else saved this section")
    assert saved(world)["answer.what-went-well"] == "Theirs: ten came."
    second.press("Save what I chose")
    assert second.page.title().startswith("Error: ")
    second.mend(WELL)
    second.choose("What you typed", within=second.page.get_by_role("group", name=WELL))
    second.choose("Both, yours first", within=second.page.get_by_role("group", name=BARRIERS))
    second.press("Save what I chose")
    assert "What happened: saved." in second.text
    kept = saved(world)
    assert kept["answer.what-went-well"] == "Mine: eleven came."
    assert kept["answer.barriers"].split() == [
        "Mine:",
        "two",
        "members",
        "of",
        "staff",
        "left.",
        "Theirs:",
        "a",
        "leaking",
        "roof.",
    ]


def test_a_second_tab_of_one_person_sees_both_and_may_keep_what_is_saved(world: World, enter: Enter) -> None:
    first = enter(world.cast.grantee)
    second = first.in_another_tab()
    for tab in (first, second):
        tab.open(at(world, "section/G/"))
    first.type_in(WELL, "Typed in the first tab.")
    save_status(first, "Saved at")
    second.type_in(WELL, "Typed in the second tab.")
    second.press("Save and continue")
    assert second.heading.endswith("You saved this section in another window")
    assert "Typed in the first tab." in second.text
    assert "Typed in the second tab." in second.text
    second.follow("Keep everything that is saved")
    assert second.page.get_by_label(WELL).input_value() == "Typed in the first tab."
    assert saved(world) == {"answer.what-went-well": "Typed in the first tab."}


def test_a_double_clicked_declaration_is_one_revision(world: World, enter: Enter) -> None:
    save_everything(world)
    grantee = enter(world.cast.grantee)
    grantee.open(at(world, "declaration/"))
    grantee.type_in("Your full name", "Grace Grantee")
    with grantee.page.expect_navigation(url="**/sent/"):
        grantee.page.get_by_role("button", name="Declare and submit").dblclick()
    grantee.look()
    assert "Return sent" in grantee.text
    assert Revision.objects.count() == 1


def test_two_tabs_that_both_declare_send_one_revision(world: World, enter: Enter) -> None:
    save_everything(world)
    first = enter(world.cast.grantee)
    second = first.in_another_tab()
    for tab in (first, second):
        tab.open(at(world, "declaration/"))
        tab.type_in("Your full name", "Grace Grantee")
    for tab in (first, second):
        tab.press("Declare and submit")
        assert tab.page.url.endswith("/sent/")
    assert Revision.objects.count() == 1


def test_the_back_button_after_a_save_goes_back_and_on_again(world: World, enter: Enter) -> None:
    grantee = enter(world.cast.grantee, width=PHONE)
    grantee.open(at(world))
    grantee.follow("People reached")
    grantee.type_in("New people supported", "10")
    grantee.press("Save and come back later")
    grantee.page.go_back()
    assert grantee.page.get_by_label("New people supported").input_value() == "10"
    grantee.page.go_back()
    assert grantee.page.url.endswith(at(world))
    grantee.follow("People reached")
    grantee.type_in("New people supported", "11")
    grantee.press("Save and come back later")
    assert saved(world, "C") == {"reach.new": "11"}
