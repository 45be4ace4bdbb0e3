"""Evidence: a file attached, described, downloaded and removed; and what is refused, said so that it can be mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from grants.models import Attachment
from tests.browser.conftest import PHONE, Enter, Visitor
from tests.browser.steps import at
from tests.browser.submitted import send_return
from tests.cast import World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("private_files"),
]
PDF = b"%PDF-1.7 a register"


def choose_file(visitor: Visitor, name: str, data: bytes) -> None:
    visitor.page.get_by_label("Choose files").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    )


def test_a_register_is_attached_downloaded_and_removed(world: World, enter: Enter) -> None:
    grantee = enter(world.cast.grantee, width=PHONE)
    grantee.open(at(world))
    grantee.follow("Evidence")
    grantee.follow("Attach files")
    assert "No files are attached" in grantee.text
    grantee.press("Attach")
    grantee.mend("Choose")
    choose_file(grantee, "register.pdf", PDF)
    grantee.type_in("What do they show?", "Register of sessions, July to September")
    grantee.press("Attach")
    assert "1 file is attached." in grantee.text
    assert "Not scanned" in grantee.text
    with grantee.page.expect_download() as coming:
        grantee.page.get_by_role("link", name="register.pdf").click()
    assert coming.value.suggested_filename == "register.pdf"
    assert Path(coming.value.path()).read_bytes() == PDF
    grantee.open(at(world, "check/"))
    assert "register.pdf" in grantee.text
    grantee.open(at(world, "files/"))
    grantee.press("Remove register.pdf")
    assert "“register.pdf” is removed." in grantee.text
    assert "No files are attached" in grantee.text


def test_what_is_not_what_its_name_says_is_refused_and_explained(world: World, enter: Enter) -> None:
    grantee = enter(world.cast.grantee)
    grantee.open(at(world, "files/"))
    choose_file(grantee, "register.pdf", b"MZ this is a program, whatever it is called")
    grantee.type_in("What do they show?", "Our register")
    grantee.press("Attach")
    assert grantee.page.title().startswith("Error: ")
    grantee.mend("register.pdf")
    assert grantee.page.get_by_label("What do they show?").input_value() == "Our register"
    assert not Attachment.objects.exists()


def test_a_reviewer_finds_the_files_beside_the_answers_and_others_nothing(world: World, enter: Enter) -> None:
    grantee = enter(world.cast.grantee)
    grantee.open(at(world, "files/"))
    choose_file(grantee, "register.pdf", PDF)
    grantee.press("Attach")
    send_return(world)
    manager = enter(world.cast.programme_manager)
    manager.open(at(world, "review/"))
    with manager.page.expect_download() as coming:
        manager.page.get_by_role("link", name="register.pdf").first.click()
    assert Path(coming.value.path()).read_bytes() == PDF
    outsider = enter(world.cast.outside_grantee)
    assert outsider.open(at(world, "files/")).status == 404
    assert outsider.open(at(world, f"files/{Attachment.objects.get().pk}/")).status == 404
