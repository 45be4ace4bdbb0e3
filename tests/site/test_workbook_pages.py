"""The pages of the workbook: download, upload, compare, decide, and who may."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from grants.models import MonitoringReturn, WorkbookUpload
from grants.workbook.reading import read_file
from grants.workbook.saved import saved_texts
from grants.workbook.understand import understand
from tests.cast import World
from tests.grants.workbooks import as_upload, blank, complete, filled, parts_of, save
from vru.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"default": storage}


def signed_in(user: User, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(user)
    return client


@pytest.fixture
def client(world: World) -> Client:
    return signed_in(world.cast.grantee)


def page(world: World, *more: object) -> str:
    return "/".join(["/returns", world.grant.ref, "2020-21Q2/workbook", *(f"{part}" for part in more)]) + "/"


def uploaded(world: World, client: Client, data: bytes) -> WorkbookUpload:
    answer = client.post(page(world), {"file": as_upload(data)})
    upload = WorkbookUpload.objects.latest("pk")
    assert (answer.status_code, answer["Location"]) == (302, page(world, upload.pk))
    return upload


def test_the_download_is_this_returns_workbook_filled_in(world: World, client: Client) -> None:
    save(world.monitoring_return, "C", {"reach.new": "12"}, world.cast.grantee)
    answer = client.get(page(world, "download"))
    assert answer["Content-Disposition"] == f'attachment; filename="return-{world.grant.ref}-2020-21Q2.xlsx"'
    assert understand(world.monitoring_return, read_file(answer.content)).texts["reach.new"] == "12"


def test_a_workbook_is_compared_and_then_used(world: World, client: Client) -> None:
    save(world.monitoring_return, "C", {"reach.new": "12"}, world.cast.grantee)
    upload = uploaded(world, client, complete(world))
    shown = client.get(page(world, upload.pk)).content.decode()
    assert "There is nothing to put right." in shown
    assert "Use these answers" in shown
    assert 'data-label="Saved now">12</td>' in shown
    assert 'data-label="In the workbook"><strong>10</strong></td>' in shown
    assert "Put this workbook away" not in shown
    answer = client.post(page(world, upload.pk), {"apply": "1", "seen-C": "1"})
    assert answer["Location"].endswith("/check/")
    assert saved_texts(world.monitoring_return)["reach.new"] == "10"


def test_errors_are_listed_with_sheet_row_column_found_and_wanted(world: World, client: Client) -> None:
    upload = uploaded(world, client, filled(world, {"reach.new": "<b>forty</b>"}))
    shown = client.get(page(world, upload.pk)).content.decode()
    assert "C People reached" in shown
    assert "&lt;b&gt;forty&lt;/b&gt;" in shown
    assert "<b>forty" not in shown
    assert "Enter a whole number" in shown


def test_the_marked_up_copy_holds_the_answers_and_what_is_wanted_and_can_be_uploaded(
    world: World, client: Client
) -> None:
    upload = uploaded(world, client, filled(world, {"reach.new": "forty", "answer.what-went-well": "Much."}))
    answer = client.get(page(world, upload.pk, "marked-up"))
    assert "-to-put-right.xlsx" in answer["Content-Disposition"]
    parts = parts_of(answer.content)
    assert any(b"is not a number" in text for name, text in parts.items() if name.startswith("xl/comments"))
    assert b"To put right" in parts["xl/workbook.xml"]
    understood = understand(world.monitoring_return, read_file(answer.content))
    assert understood.texts["reach.new"] == "forty"
    assert understood.texts["answer.what-went-well"] == "Much."


def test_a_refused_file_is_said_at_the_box_and_listed_below(world: World, client: Client) -> None:
    answer = client.post(page(world), {"file": as_upload(b"Question,Answer\n", "answers.csv")})
    assert answer.status_code == 422
    assert "CSV file" in answer.content.decode()
    assert "answers.csv" in answer.content.decode()
    upload = WorkbookUpload.objects.get()
    shown = client.get(page(world, upload.pk)).content.decode()
    assert "could not be used" in shown
    assert "Use these answers" not in shown
    assert client.get(page(world, upload.pk, "marked-up")).status_code == 302


def test_no_file_is_said_in_plain_words(world: World, client: Client) -> None:
    answer = client.post(page(world))
    assert answer.status_code == 422
    assert "Choose the workbook you filled in." in answer.content.decode()
    assert "The file is empty." in client.post(page(world), {"file": as_upload(b"")}).content.decode()


def test_a_save_between_looking_and_saying_yes_is_shown_and_nothing_is_replaced(world: World, client: Client) -> None:
    upload = uploaded(world, client, filled(world, {"reach.new": "10"}))
    save(world.monitoring_return, "C", {"reach.new": "12"}, world.cast.signatory)
    answer = client.post(page(world, upload.pk), {"apply": "1"})
    assert answer.status_code == 409
    assert "Nothing was replaced" in answer.content.decode()
    assert 'name="seen-C" value="1"' in answer.content.decode()
    assert saved_texts(world.monitoring_return) == {"reach.new": "12"}
    client.post(page(world, upload.pk), {"apply": "1", "seen-C": "1"})
    assert saved_texts(world.monitoring_return) == {"reach.new": "10"}


def test_a_second_yes_of_a_double_click_is_told_that_it_is_done(world: World, client: Client) -> None:
    upload = uploaded(world, client, filled(world, {"reach.new": "10"}))
    client.post(page(world, upload.pk), {"apply": "1"})
    answer = client.post(page(world, upload.pk), {"apply": "1"}, follow=True)
    assert "decided on already" in answer.content.decode()
    assert saved_texts(world.monitoring_return) == {"reach.new": "10"}


def test_a_discarded_workbook_can_no_longer_be_looked_into(world: World, client: Client) -> None:
    upload = uploaded(world, client, filled(world, {"answer.what-went-well": "A secret."}))
    client.post(page(world, upload.pk), {"discard": "1"})
    assert "A secret." not in client.get(page(world, upload.pk)).content.decode()
    assert saved_texts(world.monitoring_return) == {}


def test_a_workbook_that_says_the_same_has_nothing_to_use(world: World, client: Client) -> None:
    upload = uploaded(world, client, blank(world))
    shown = client.get(page(world, upload.pk)).content.decode()
    assert "nothing would change" in shown
    assert "Use these answers" not in shown


def test_a_return_that_was_sent_says_why_no_workbook_can_be_uploaded(world: World, client: Client) -> None:
    MonitoringReturn.objects.filter(pk=world.monitoring_return.pk).update(status="submitted")
    shown = client.get(page(world)).content.decode()
    assert "has been sent" in shown
    assert "Upload and compare" not in shown
    answer = client.post(page(world), {"file": as_upload(blank(world))})
    assert (answer.status_code, WorkbookUpload.objects.count()) == (422, 0)


def test_outsiders_find_nothing_and_staff_may_neither_look_nor_upload(world: World, client: Client) -> None:
    upload = uploaded(world, client, filled(world, {"reach.new": "10"}))
    addresses = [page(world), page(world, "download"), page(world, upload.pk), page(world, upload.pk, "marked-up")]
    outside, staff = signed_in(world.cast.outside_grantee), signed_in(world.cast.programme_manager)
    for address in addresses:
        assert outside.get(address).status_code == 404
        assert staff.get(address).status_code == 302
    for address in (page(world), page(world, upload.pk)):
        assert outside.post(address, {"apply": "1"}).status_code == 404
        assert staff.post(address, {"apply": "1"}).status_code == 403
    assert saved_texts(world.monitoring_return) == {}


def test_an_upload_is_found_only_under_its_own_return(world: World, client: Client) -> None:
    upload = uploaded(world, client, filled(world, {"reach.new": "10"}))
    other = f"/returns/{world.other_grant.ref}/2020-21Q2/workbook/{upload.pk}/"
    assert signed_in(world.cast.outside_grantee).get(other).status_code == 404


def test_an_upload_without_the_forms_own_token_is_refused(world: World) -> None:
    strict = signed_in(world.cast.grantee, enforce_csrf_checks=True)
    assert strict.post(page(world), {"file": as_upload(blank(world))}).status_code == 403
    assert not WorkbookUpload.objects.exists()
