"""Sessions end, answers get lost, two people write at once: the words stay."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from grants.models import Section, SectionDraft
from tests.cast import World
from tests.factories import QuestionFactory
from vru.accounts.models import User

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
BOX = "answer.what-went-well"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def section(world: World, letter: str = "G") -> str:
    return f"/returns/{world.grant.ref}/2020-21Q2/section/{letter}/"


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def sign_in_again(client: Client, user: User) -> None:
    """As the sign-in page does: the session of before goes on."""
    session = client.session
    kept = dict(session.items())
    client.force_login(user)
    session = client.session
    for name, value in kept.items():
        if not name.startswith("_auth"):
            session[name] = value
    session.save()


def expired(client: Client, world: World, words: str, **headers: str) -> tuple[Client, object]:
    """Somebody types, the session ends, and what they typed is posted."""
    page = client.get(section(world)).content.decode()
    stranger = Client()
    posted = {BOX: words, "version": hidden(page, "version"), "seal": hidden(page, "seal"), "save": "1"}
    return stranger, stranger.post(section(world), posted, **headers)


def test_words_posted_after_the_session_ended_are_there_after_signing_in(world: World) -> None:
    client, answer = expired(signed_in(world.cast.grantee), world, "Ten  came,\nand <i>stayed</i>")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/?next=/returns/")
    assert "What you typed is kept" in client.get(answer["Location"]).content.decode()
    sign_in_again(client, world.cast.grantee)
    page = client.get(section(world)).content.decode()
    assert "Ten  came,\nand &lt;i&gt;stayed&lt;/i&gt;</textarea>" in page
    assert "You were signed out before this was saved" in page
    assert not SectionDraft.objects.exists()
    client.post(section(world), {BOX: "Ten came.", "version": hidden(page, "version"), "save": "1"})
    page = client.get(section(world)).content.decode()
    assert "You were signed out" not in page
    assert ">\nTen came.</textarea>" in page


def test_another_person_at_the_same_computer_does_not_see_them(world: World) -> None:
    client, _ = expired(signed_in(world.cast.grantee), world, "Only for Grace")
    sign_in_again(client, world.cast.signatory)
    assert "Only for Grace" not in client.get(section(world)).content.decode()


@pytest.mark.parametrize("seal", ["", "forged", "WzEsICIvIl0:1abc:def"])
def test_a_stranger_cannot_leave_words_in_a_session(world: World, seal: str) -> None:
    client = Client()
    answer = client.post(section(world), {BOX: "spam", "version": "0", "seal": seal, "save": "1"})
    assert answer.status_code == 302
    assert "kept_words" not in client.session


def test_a_seal_is_good_for_its_own_page_only(world: World) -> None:
    page = signed_in(world.cast.grantee).get(section(world)).content.decode()
    client = Client()
    client.post(section(world, "C"), {"reach.new": "5", "version": "0", "seal": hidden(page, "seal")})
    assert "kept_words" not in client.session


def test_a_save_behind_the_page_says_that_the_session_ended(world: World) -> None:
    client, answer = expired(signed_in(world.cast.grantee), world, "Half a sent", **HTMX)
    body = answer.content.decode()
    assert answer.status_code == 401
    assert "You have been signed out" in body
    assert f"next={section(world).replace('/', '%2F')}" in body
    assert "<html" not in body
    sign_in_again(client, world.cast.grantee)
    assert "Half a sent" in client.get(section(world)).content.decode()


def test_words_kept_over_a_sign_in_do_not_overwrite_what_a_colleague_saved_meanwhile(world: World) -> None:
    client, _ = expired(signed_in(world.cast.grantee), world, "Mine")
    colleague = signed_in(world.cast.signatory)
    colleague.post(section(world), {BOX: "Theirs", "version": "0", "save": "1"})
    sign_in_again(client, world.cast.grantee)
    page = client.get(section(world)).content.decode()
    answer = client.post(section(world), {BOX: "Mine", "version": hidden(page, "version"), "save": "1"})
    assert answer.status_code == 409


def test_a_page_is_no_stranger_to_its_own_save_whose_answer_was_lost(world: World) -> None:
    client = signed_in(world.cast.grantee)
    client.post(section(world), {BOX: "Ten", "version": "0", "page": "abc:1"}, **HTMX)
    answer = client.post(section(world), {BOX: "Ten came", "version": "0", "page": "abc:2"}, **HTMX)
    assert answer.status_code == 200
    late = client.post(section(world), {BOX: "Te", "version": "0", "page": "abc:1"}, **HTMX)
    assert late.status_code == 409, "a save that was overtaken does not bring old words back"
    other = client.post(section(world), {BOX: "Eleven", "version": "0", "page": "xyz:9"}, **HTMX)
    assert other.status_code == 409
    assert SectionDraft.objects.get().data == {BOX: "Ten came"}


@pytest.fixture
def both(world: World) -> tuple[Client, dict[str, str]]:
    """Two boxes that differ, and one that only the colleague filled in; the answer is the page of the conflict."""
    for slug in ("barriers", "learning"):
        QuestionFactory(slug=slug, section=Section.NARRATIVE, text=slug.title(), kind="long")
    theirs = {BOX: "Theirs: eleven", "answer.barriers": "Rain", "answer.learning": "Wait"}
    signed_in(world.cast.signatory).post(section(world), {**theirs, "version": "0", "save": "1"})
    return signed_in(world.cast.grantee), {BOX: "Mine: ten", "answer.barriers": "Snow"}


def test_a_conflict_shows_both_and_keeps_what_is_chosen_box_by_box(
    world: World, both: tuple[Client, dict[str, str]]
) -> None:
    client, mine = both
    answer = client.post(section(world), {**mine, "version": "0", "save": "1"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert all(text in page for text in ("Mine: ten", "Theirs: eleven", "Snow", "Rain", "Signatory"))
    choice = {"resolve": "1", "save": "1", "version": "1", f"keep.{BOX}": "mine", "keep.answer.barriers": "both"}
    assert client.post(section(world), {**mine, **choice}).status_code == 302
    data = SectionDraft.objects.get().data
    assert data == {BOX: "Mine: ten", "answer.barriers": "Snow\n\nRain", "answer.learning": "Wait"}


def test_a_conflict_is_not_decided_by_silence(world: World, both: tuple[Client, dict[str, str]]) -> None:
    client, mine = both
    choice = {"resolve": "1", "save": "1", "version": "1", f"keep.{BOX}": "theirs"}
    answer = client.post(section(world), {**mine, **choice})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Choose which answer to keep: Barriers" in page
    assert 'value="theirs" aria-describedby="theirs-answer.what-went-well" checked' in page
    assert SectionDraft.objects.get().version == 1


def test_a_third_save_during_the_choice_is_shown_before_anything_is_kept(
    world: World, both: tuple[Client, dict[str, str]]
) -> None:
    client, mine = both
    signed_in(world.cast.signatory).post(section(world), {BOX: "Theirs: twelve", "version": "1", "save": "1"})
    choice = {"resolve": "1", "save": "1", "version": "1", f"keep.{BOX}": "mine", "keep.answer.barriers": "mine"}
    answer = client.post(section(world), {**mine, **choice})
    assert answer.status_code == 409
    assert "Theirs: twelve" in answer.content.decode()
    assert SectionDraft.objects.get().data == {BOX: "Theirs: twelve"}


def test_the_page_names_its_owner_and_forbids_the_browser_to_keep_it(world: World) -> None:
    answer = signed_in(world.cast.grantee).get(section(world))
    assert f'data-person="{world.cast.grantee.pk}"' in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_two_windows_of_one_person_are_told_so(world: World) -> None:
    client = signed_in(world.cast.grantee)
    client.post(section(world), {BOX: "At the desk", "version": "0", "page": "a:1", "save": "1"})
    page = client.post(section(world), {BOX: "On the bus", "version": "0", "page": "b:1", "save": "1"}).content.decode()
    assert "You saved this section in another window" in page
    assert "Somebody else" not in page
