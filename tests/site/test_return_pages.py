"""The pages of a return as the server answers them: codes, the text that survives, and the part that saves itself."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from grants.models import MonitoringReturn, ReportingQuarter, SectionDraft
from tests.cast import World, complete_answers
from tests.factories import QuestionFactory

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def client(world: World) -> Client:
    client = Client()
    client.force_login(world.cast.grantee)
    return client


def section(world: World, letter: str) -> str:
    return f"/returns/{world.grant.ref}/2020-21Q2/section/{letter}/"


def draft(letter: str) -> SectionDraft:
    return SectionDraft.objects.get(section=letter)


def test_finishing_a_section_with_a_mistake_is_refused_and_kept(world: World, client: Client) -> None:
    answer = client.post(section(world, "C"), {"reach.new": "<b>forty</b>", "version": "0", "finish": "1"})
    assert answer.status_code == 422
    assert "&lt;b&gt;forty&lt;/b&gt;" in answer.content.decode()
    assert draft("C").data == {"reach.new": "<b>forty</b>"}
    assert not draft("C").is_complete


def test_saving_for_later_takes_anything(world: World, client: Client) -> None:
    answer = client.post(section(world, "C"), {"reach.new": "forty or so", "version": "0", "save": "1"})
    assert answer.status_code == 302
    assert draft("C").data == {"reach.new": "forty or so"}


def test_an_older_window_gets_both_texts(world: World, client: Client) -> None:
    for text in ("first", "second"):
        answer = client.post(section(world, "G"), {"answer.what-went-well": text, "version": "0", "save": "1"})
    assert answer.status_code == 409
    assert "first" in answer.content.decode()
    assert "second" in answer.content.decode()
    assert draft("G").data == {"answer.what-went-well": "first"}


def test_the_same_text_from_an_older_window_is_no_conflict(world: World, client: Client) -> None:
    typed = {"answer.what-went-well": "the same"}
    client.post(section(world, "G"), {**typed, "version": "0", "save": "1"})
    assert client.post(section(world, "G"), {**typed, "version": "0", "finish": "1"}).status_code == 302
    assert draft("G").is_complete


def test_a_save_behind_the_page_answers_with_the_time_and_the_new_version(world: World, client: Client) -> None:
    answer = client.post(section(world, "G"), {"answer.what-went-well": "a", "version": "0"}, **HTMX)
    body = answer.content.decode()
    assert answer.status_code == 200
    assert body.startswith("Saved at ")
    assert 'name="version" value="1"' in body
    assert "<html" not in body


def test_a_late_save_behind_the_page_does_not_take_finished_back(world: World, client: Client) -> None:
    typed = {"answer.what-went-well": "done"}
    client.post(section(world, "G"), {**typed, "version": "0", "finish": "1"})
    client.post(section(world, "G"), {**typed, "version": "0"}, **HTMX)
    assert draft("G").is_complete


def test_a_conflict_behind_the_page_is_a_note_not_a_page(world: World, client: Client) -> None:
    client.post(section(world, "G"), {"answer.what-went-well": "one", "version": "0", "save": "1"})
    answer = client.post(section(world, "G"), {"answer.what-went-well": "two", "version": "0"}, **HTMX)
    assert answer.status_code == 409
    assert "<html" not in answer.content.decode()


def test_a_text_beyond_all_measure_is_refused_with_a_sentence(world: World, client: Client) -> None:
    answer = client.post(section(world, "G"), {"answer.what-went-well": "x" * 200_001, "version": "0", "save": "1"})
    assert answer.status_code == 422
    assert "longer than 200,000 characters" in answer.content.decode()


@pytest.mark.parametrize("letter", ["K", "Z", "c"])
def test_a_section_that_is_not_asked_is_not_found(world: World, client: Client, letter: str) -> None:
    assert client.get(section(world, letter)).status_code == 404


def test_a_question_of_the_declaration_has_a_page(world: World, client: Client) -> None:
    QuestionFactory(slug="true-and-complete", section="K", text="Is it true?", kind="yes_no", is_required=True)
    tasks = client.get(f"/returns/{world.grant.ref}/2020-21Q2/").content.decode()
    assert section(world, "K") in tasks
    client.post(section(world, "K"), {"answer.true-and-complete": "yes", "version": "0", "finish": "1"})
    assert draft("K").is_complete
    assert "Is it true?" in client.get(f"/returns/{world.grant.ref}/2020-21Q2/check/").content.decode()


def test_a_quarter_that_closes_soon_is_said_on_the_page_of_the_return(world: World, client: Client) -> None:
    page = f"/returns/{world.grant.ref}/2020-21Q2/"
    assert "can be filled in until the end of" not in client.get(page).content.decode()
    soon = timezone.localdate() + datetime.timedelta(days=2)
    ReportingQuarter.objects.filter(pk=world.monitoring_return.quarter_id).update(closes_on=soon)
    assert f"can be filled in until the end of {soon:%-d %B %Y}" in client.get(page).content.decode()


def test_a_return_that_is_sent_cannot_be_changed(world: World, client: Client) -> None:
    MonitoringReturn.objects.filter(pk=world.monitoring_return.pk).update(status="submitted")
    answer = client.post(section(world, "G"), {"answer.what-went-well": "late", "version": "0"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "This return has been sent" in page
    assert ">\nlate</textarea>" in page
    assert client.get(section(world, "G")).status_code == 302
    assert not SectionDraft.objects.exists()


def test_a_declaration_without_a_name_or_with_errors_sends_nothing(world: World, client: Client) -> None:
    declare = f"/returns/{world.grant.ref}/2020-21Q2/declaration/"
    assert client.post(declare, {"is_nil": "no"}).status_code == 422
    answer = client.post(declare, {"declared_name": "Grace", "is_nil": "no"})
    assert answer.status_code == 422
    assert "to put right before you submit" in answer.content.decode()
    world.monitoring_return.refresh_from_db()
    assert world.monitoring_return.status == MonitoringReturn.Status.OPEN


def test_a_query_without_words_comes_back_with_the_section_chosen(world: World, client: Client) -> None:
    for letter, typed in complete_answers(world).items():
        client.post(section(world, letter), {**typed, "version": "0", "finish": "1"})
    client.post(f"/returns/{world.grant.ref}/2020-21Q2/declaration/", {"declared_name": "Grace", "is_nil": "no"})
    client.force_login(world.cast.programme_manager)
    answer = client.post(f"/returns/{world.grant.ref}/2020-21Q2/review/query/", {"section": "F", "text": ""})
    assert answer.status_code == 422
    assert '<option value="F" selected>' in answer.content.decode()
