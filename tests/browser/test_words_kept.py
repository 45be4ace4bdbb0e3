"""What somebody typed outlives a lost connection, an ended session, a closed page and the back button."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from grants.models import SectionDraft
from tests.browser.conftest import Enter, Visitor
from tests.cast import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BOX = "answer.what-went-well"


def section(world: World) -> str:
    return f"/returns/{world.grant.ref}/{world.monitoring_return.quarter.key}/section/G/"


def status(visitor: Visitor, text: str) -> None:
    visitor.page.wait_for_selector(f"#save-status:has-text('{text}')")


def kept(visitor: Visitor) -> Any:
    return visitor.page.evaluate("Object.keys(sessionStorage).filter(name => name.startsWith('typed:'))")


def cut_off(visitor: Visitor) -> None:
    """No save gets through, while pages still open."""
    visitor.page.route(
        "**/section/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )


def saved() -> str:
    return str(SectionDraft.objects.get(section="G").data[BOX])


def sign_in(visitor: Visitor, world: World) -> None:
    client = Client()
    client.force_login(world.cast.grantee)
    visitor.page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": visitor.base}]
    )


def test_a_lost_connection_is_said_and_the_words_go_when_it_is_back(world: World, enter: Enter) -> None:
    grantee = enter(world.cast.grantee, width=375)
    grantee.open(section(world))
    grantee.page.context.set_offline(True)
    grantee.fill({BOX: "Typed in a tunnel"})
    status(grantee, "There is no connection")
    assert kept(grantee)
    grantee.page.context.set_offline(False)
    status(grantee, "Saved at")
    assert saved() == "Typed in a tunnel"
    assert kept(grantee) == []


def test_words_of_a_page_that_was_lost_come_back_and_are_saved(world: World, enter: Enter) -> None:
    grantee = enter(world.cast.grantee)
    grantee.open(section(world))
    cut_off(grantee)
    grantee.fill({BOX: "Half a thought"})
    status(grantee, "There is no connection")
    grantee.page.unroute_all()
    grantee.open(section(world))
    assert grantee.page.input_value(f'[name="{BOX}"]') == "Half a thought"
    status(grantee, "Saved at")
    assert saved() == "Half a thought"


def test_an_ended_session_is_said_and_the_words_are_there_after_signing_in(world: World, enter: Enter) -> None:
    grantee = enter(world.cast.grantee)
    grantee.open(section(world))
    Session.objects.all().delete()
    grantee.fill({BOX: "Ten came every week."})
    status(grantee, "You have been signed out")
    assert kept(grantee)
    assert grantee.page.input_value(f'[name="{BOX}"]') == "Ten came every week."
    grantee.follow("Sign in again")
    assert "/account/login/" in grantee.page.url
    sign_in(grantee, world)
    grantee.open(section(world))
    assert grantee.page.input_value(f'[name="{BOX}"]') == "Ten came every week."
    status(grantee, "Saved at")
    assert saved() == "Ten came every week."


def test_a_save_by_the_button_leaves_nothing_in_the_browser(world: World, enter: Enter) -> None:
    grantee = enter(world.cast.grantee)
    grantee.open(section(world))
    grantee.fill({BOX: "Saved by hand"})
    assert kept(grantee)
    grantee.press("Save and come back later")
    assert kept(grantee) == []
    assert "saved=" not in grantee.page.url


def test_signing_out_leaves_nothing_in_the_browser(world: World, enter: Enter) -> None:
    grantee = enter(world.cast.grantee)
    grantee.open(section(world))
    cut_off(grantee)
    grantee.fill({BOX: "For nobody else"})
    status(grantee, "There is no connection")
    grantee.open("/account/logout/")
    grantee.press("Sign out", within=grantee.page.get_by_role("main"))
    assert kept(grantee) == []


def test_a_double_click_saves_once(world: World, enter: Enter) -> None:
    grantee = enter(world.cast.grantee)
    grantee.open(section(world))
    grantee.fill({BOX: "Once"})
    with grantee.page.expect_navigation():
        grantee.page.get_by_role("button", name="Save and come back later").dblclick()
    assert "What happened: saved." in grantee.text
    assert SectionDraft.objects.get(section="G").version == 1


def test_the_back_button_shows_what_is_saved_and_saves_on(world: World, enter: Enter) -> None:
    grantee = enter(world.cast.grantee)
    grantee.open(section(world))
    grantee.fill({BOX: "First"})
    grantee.press("Save and come back later")
    grantee.page.go_back()
    assert grantee.page.input_value(f'[name="{BOX}"]') == "First"
    grantee.fill({BOX: "First and second"})
    grantee.press("Save and come back later")
    assert "What happened: saved." in grantee.text
    assert saved() == "First and second"


def test_a_colleagues_words_are_not_written_over_by_what_comes_back(world: World, enter: Enter) -> None:
    grantee = enter(world.cast.grantee)
    grantee.open(section(world))
    cut_off(grantee)
    grantee.fill({BOX: "Mine, unsaved"})
    status(grantee, "There is no connection")
    client = Client()
    client.force_login(world.cast.signatory)
    client.post(section(world), {BOX: "Theirs", "version": "0", "save": "1"})
    grantee.page.unroute_all()
    grantee.open(section(world))
    status(grantee, "saved this section after you opened it")
    assert saved() == "Theirs"
    grantee.press("Save and come back later")
    assert "Mine, unsaved" in grantee.text
    assert "Theirs" in grantee.text
