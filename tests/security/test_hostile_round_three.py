"""Attacks on the life of a return: by its own people, by rivals, and by staff who decide about themselves."""

from __future__ import annotations

import datetime
import io
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grants.actions import review
from grants.actions.corrections import correct_return
from grants.actions.extensions import ask_extension, give_extension, grant_extension, refuse_extension
from grants.actions.notes import write_note
from grants.errors import ActionRefused
from grants.models import MonitoringReturn, Revision, Section, SectionDraft
from grants.workbook.make import return_workbook
from tests.cast import World
from tests.factories import MembershipFactory
from tests.grants.test_return_actions import fill_in, submit
from tests.security.test_hostile_returns import address, signed_in, status

HUGE = 99999999999999999999999
FORMULA = '=HYPERLINK("http://evil.example",A1)'


def closed(world: World) -> None:
    quarter = world.monitoring_return.quarter
    quarter.closes_on = timezone.localdate() - datetime.timedelta(days=1)
    quarter.save()


def test_a_closed_return_is_not_sent_by_posting_the_declaration(world: World) -> None:
    fill_in(world)
    closed(world)
    sent = {"declared_name": "Gia Grantee", "is_nil": "no"}
    signed_in(world.cast.grantee).post(address(world, "declare"), sent)
    assert not Revision.objects.exists()
    assert status(world) == "draft"


@pytest.mark.parametrize("name", ["programme_manager", "auditor", "director", "nobody", "outside_grantee"])
def test_nobody_but_its_own_people_sends_a_return(world: World, name: str) -> None:
    fill_in(world)
    sent = {"declared_name": "Some Body", "is_nil": "no"}
    signed_in(world.cast.named(name)).post(address(world, "declare"), sent)
    assert not Revision.objects.exists()


@pytest.mark.parametrize("name", ["attachment", "workbook-upload", "workbook-marked", "copy"])
def test_a_number_that_no_row_can_have_is_not_found(world: World, name: str) -> None:
    ours = [world.grant.ref, world.monitoring_return.quarter.key, HUGE]
    assert signed_in(world.cast.grantee).get(reverse(f"returns:{name}", args=ours)).status_code == 404


@pytest.mark.parametrize("name", ["notification-open", "notification-read", "outbox-send", "outbox-message"])
def test_a_message_number_that_no_row_can_have_is_not_found(world: World, name: str) -> None:
    client = signed_in(world.cast.administrator)
    act = client.get if name == "outbox-message" else client.post
    assert act(reverse(name, args=[HUGE])).status_code == 404


def test_staff_who_act_for_a_grantee_give_it_neither_time_nor_a_waiver(world: World) -> None:
    manager, item = world.cast.programme_manager, world.monitoring_return
    until = timezone.localdate() + datetime.timedelta(days=3)
    asked = ask_extension(monitoring_return=item, until=until, reason="Flood.", by=world.cast.grantee)
    MembershipFactory(user=manager, organisation=world.grant.organisation)
    for act in (
        lambda: give_extension(monitoring_return=item, by=manager, reason="For us."),
        lambda: grant_extension(extension=asked, by=manager),
        lambda: refuse_extension(extension=asked, by=manager, note="No."),
        lambda: review.waive_return(monitoring_return=item, by=manager, reason="For us."),
    ):
        with pytest.raises(ActionRefused, match="You act for this organisation"):
            act()
    asked.refresh_from_db()
    assert (asked.status, status(world)) == ("asked", "open")


def test_a_correction_is_approved_by_another_and_only_as_it_was_looked_at(world: World) -> None:
    fill_in(world)
    submit(world)
    manager, item = world.cast.programme_manager, world.monitoring_return
    review.approve_return(monitoring_return=item, by=manager)
    correct_return(monitoring_return=item, changes={"reach.contacts": "7"}, reason="Typed wrongly.", by=manager, seen=1)
    client = signed_in(manager)
    client.post(address(world, "approve"), {"revision": "2"})
    client.post(reverse("returns:bulk-approve"), {"seen": f"{item.pk}.2"})
    assert status(world) == "submitted"
    for stale in ("1", "", "-2", "9" * 40):
        with pytest.raises(ActionRefused):
            review.approve_return(monitoring_return=item, by=manager, seen=int(stale[:8]) if stale.isdecimal() else 0)
    assert status(world) == "submitted"


@pytest.mark.parametrize(
    "name", ["approve", "query", "reopen", "correct", "waive", "extension-give", "assurance-record"]
)
def test_a_grantee_decides_nothing_about_its_own_return(world: World, name: str) -> None:
    fill_in(world)
    submit(world)
    sent = {"revision": "1", "section": "C", "text": "x", "reason": "x", "act": "waive", "one_click": "1"}
    for person in (world.cast.grantee, world.cast.signatory):
        assert signed_in(person).post(address(world, name), sent).status_code == 403
    assert status(world) == "submitted"


@pytest.fixture
def whispered(world: World) -> World:
    """Sent, with a note and a warning that only the unit may read."""
    fill_in(world)
    revision = submit(world)
    revision.warnings = [
        {"code": "W208", "section": "F", "field": "", "message": "WHISPER dearer", "value": "£1", "staff_only": True}
    ]
    revision.save()
    write_note(
        revision=revision,
        section=Section.REACH,
        field="reach.new",
        text="WHISPER note",
        by=world.cast.programme_manager,
    )
    return world


@pytest.mark.parametrize("name", ["tasks", "receipt", "history", "assurance", "extension", "attachments", "workbook"])
def test_what_only_the_unit_may_read_is_on_no_page_of_the_grantee(whispered: World, name: str) -> None:
    manager = whispered.cast.programme_manager
    assert "WHISPER" in signed_in(manager).get(address(whispered, "review")).content.decode()
    for person in (whispered.cast.grantee, whispered.cast.signatory):
        response = signed_in(person).get(address(whispered, name), follow=True)
        assert "WHISPER" not in response.content.decode()


def test_what_only_the_unit_may_read_is_not_in_the_api(whispered: World) -> None:
    client = signed_in(whispered.cast.grantee)
    ours = [whispered.grant.ref, whispered.monitoring_return.quarter.key]
    for name in ("api-return", "api-return-draft", "api-return-template"):
        response = client.get(reverse(name, args=ours))
        assert response.status_code == 200
        assert b"WHISPER" not in response.content
    checked = client.post(reverse("api-return-validation", args=ours), "{}", content_type="application/json")
    assert b"W208" not in checked.content


def test_a_workbook_holds_typed_text_as_text_and_leads_nowhere(world: World) -> None:
    fill_in(world, G={"answer.what-went-well": FORMULA})
    with zipfile.ZipFile(io.BytesIO(return_workbook(world.monitoring_return))) as book:
        names, parts = book.namelist(), {name: book.read(name).decode() for name in book.namelist()}
    assert not [name for name in names if "externalLink" in name or "vba" in name.lower()]
    assert not [name for name, part in parts.items() if 'TargetMode="External"' in part]
    assert "HYPERLINK" in parts["xl/sharedStrings.xml"]
    assert not [name for name, part in parts.items() if "<f>" in part and "HYPERLINK" in part]


def test_words_of_one_person_are_not_shown_to_the_next_at_the_same_machine(world: World) -> None:
    client = signed_in(world.cast.grantee)
    page = address(world, "section", "G")
    seal = client.get(page).context["seal"]
    client.cookies.pop("sessionid")
    words = {"answer.what-went-well": "PRIVATE WORDS", "seal": seal, "version": "0"}
    assert client.post(page, words).status_code == 302
    client.force_login(world.cast.signatory, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "PRIVATE WORDS" not in client.get(page).content.decode()
    assert not SectionDraft.objects.exists()


@pytest.mark.parametrize("tampered", ["", "x", "1:2:3"])
def test_nobody_signed_out_stores_words_without_the_pages_seal(world: World, tampered: str) -> None:
    client = Client()
    client.post(address(world, "section", "G"), {"answer.what-went-well": "x" * 1000, "seal": tampered})
    assert "kept_words" not in client.session


def test_a_save_behind_the_page_needs_the_pages_token(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.cast.grantee, backend="allauth.account.auth_backends.AuthenticationBackend")
    sent: dict[str, Any] = {"version": "0", "reach.new": "5"}
    assert client.post(address(world, "section", "C"), sent, headers={"HX-Request": "true"}).status_code == 403
    assert not MonitoringReturn.objects.get(pk=world.monitoring_return.pk).drafts.exists()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_no_answer_leads_to_another_site(world: World, target: str) -> None:
    client = signed_in(world.cast.programme_manager)
    sent = {"next": target, "back": target, "reason": "Flood.", "one_click": "1", "revision": "1"}
    for name in ("extension-give", "approve"):
        response = client.post(address(world, name), sent)
        assert "evil" not in response.headers.get("Location", "")
