"""Scripts switched off: everything from the list of sections to the receipt, two versions, a workbook and a file."""

from __future__ import annotations

import pytest
from django.test import Client

from grants.models import Attachment, MonitoringReturn, SectionDraft
from grants.workbook.saved import saved_texts
from tests.browser.conftest import PHONE, Enter
from tests.browser.steps import at
from tests.cast import World, complete_answers
from tests.grants.workbooks import filled

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("private_files"),
]


def test_from_the_list_of_sections_to_the_receipt(world: World, enter: Enter) -> None:
    answers = complete_answers(world)
    answers["D"] = {"age.10-14": "4", "age.15-17": "3", "age.not-known": "3"}
    grantee = enter(world.cast.grantee, width=PHONE, scripts=False)
    grantee.open(at(world))
    grantee.press("Start")
    grantee.fill({"reach.new": "lots"})
    grantee.press("Save and continue")
    assert "There is a problem" in grantee.text
    grantee.page.locator(".govuk-error-summary").get_by_role("link").first.click()
    assert grantee.page.locator(":target").input_value() == "lots"
    for letter in ("C", "D", "E", "F"):
        grantee.fill(answers[letter])
        grantee.press("Save and continue")
    assert grantee.heading.endswith("Check your answers")
    grantee.follow("Add What happened")
    grantee.fill(answers["G"])
    grantee.press("Save and come back later")
    grantee.press("Check your answers")
    grantee.press("Go on to the declaration")
    grantee.type_in("Your full name", "Grace Grantee")
    grantee.press("Declare and submit")
    assert "There is a problem" in grantee.text
    for box in grantee.page.locator("textarea").all():
        box.fill("Three families asked us not to record their ages.")
    grantee.press("Declare and submit")
    assert "Return sent" in grantee.text
    world.monitoring_return.refresh_from_db()
    assert world.monitoring_return.status == MonitoringReturn.Status.SUBMITTED


def test_two_versions_are_seen_and_chosen(world: World, enter: Enter) -> None:
    grantee = enter(world.cast.grantee, scripts=False)
    grantee.open(at(world, "section/G/"))
    colleague = Client()
    colleague.force_login(world.cast.signatory)
    colleague.post(at(world, "section/G/"), {"answer.what-went-well": "Theirs.", "version": "0", "save": "1"})
    grantee.type_in("What went well?", "Mine.")
    grantee.press("Save and continue")
    assert grantee.heading.endswith("Somebody else saved this section")
    grantee.press("Save what I chose")
    assert "There is a problem" in grantee.text
    grantee.choose("Both, yours first")
    grantee.press("Save what I chose")
    assert SectionDraft.objects.get(section="G").data["answer.what-went-well"].split() == ["Mine.", "Theirs."]


def test_words_typed_after_the_session_ended_are_there_after_signing_in(world: World, enter: Enter) -> None:
    password = "three hens and a bicycle"
    world.cast.grantee.set_password(password)
    world.cast.grantee.save()
    grantee = enter(world.cast.grantee, scripts=False)
    grantee.open(at(world, "section/G/"))
    grantee.page.context.clear_cookies(name="sessionid")
    grantee.type_in("What went well?", "Ten came every week.")
    grantee.press("Save and come back later")
    assert "What you typed is kept" in grantee.page.locator("body").inner_text()
    grantee.type_in("Email", world.cast.grantee.email)
    grantee.type_in("Password", password)
    grantee.press("Sign in", within=grantee.page.get_by_role("main"))
    assert grantee.page.get_by_label("What went well?").input_value() == "Ten came every week."
    grantee.press("Save and come back later")
    assert SectionDraft.objects.get(section="G").data == {"answer.what-went-well": "Ten came every week."}


def test_a_workbook_and_a_file_are_uploaded(world: World, enter: Enter) -> None:
    grantee = enter(world.cast.grantee, scripts=False)
    grantee.open(at(world, "workbook/"))
    grantee.page.get_by_label("Choose the workbook you filled in").set_input_files(
        {"name": "return.xlsx", "mimeType": "application/octet-stream", "buffer": filled(world, {"reach.new": "10"})}
    )
    grantee.press("Upload and compare")
    grantee.press("Use these answers")
    assert saved_texts(world.monitoring_return) == {"reach.new": "10"}
    grantee.open(at(world, "files/"))
    grantee.page.get_by_label("Choose files").set_input_files(
        {"name": "register.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 a register"}
    )
    grantee.press("Attach")
    assert "1 file is attached." in grantee.text
    assert Attachment.objects.get().name == "register.pdf"
