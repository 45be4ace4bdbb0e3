"""Evidence files: taken in by what they are, kept privately, given only to those who may see the return."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from grants.actions.attachments import attach_file, remove_attachment
from grants.errors import ActionRefused
from grants.models import Attachment
from tests.cast import World
from tests.factories import RevisionFactory
from vru.accounts.models import AuditEvent, User
from vru.lib.files import scanning

PDF = b"%PDF-1.7 a register"


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path) -> Path:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    }
    return tmp_path


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(world: World, name: str = "attachments", *extra: Any) -> str:
    return reverse(f"returns:{name}", args=[world.grant.ref, world.monitoring_return.quarter.key, *extra])


def attach(world: World, data: bytes = PDF, name: str = "register.pdf") -> Attachment:
    return attach_file(
        monitoring_return=world.monitoring_return, name=name, data=data, description="", by=world.cast.grantee
    )


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_grantee_attaches_two_files_at_once_and_gets_them_back_as_downloads(world: World) -> None:
    client = signed_in(world.cast.grantee)
    written = io.BytesIO()
    Image.new("RGB", (4, 4)).save(written, format="JPEG")
    files = [
        SimpleUploadedFile("register.exe", PDF, content_type="application/x-msdownload"),
        SimpleUploadedFile("photo.jpg", written.getvalue(), content_type="image/jpeg"),
    ]
    response = client.post(page(world), {"chosen": files, "description": "Registers"}, follow=True)
    assert "2 files are attached" in response.content.decode()
    assert "Not scanned" in response.content.decode()
    register, photo = world.monitoring_return.attachments.all()
    assert (register.name, register.content_type) == ("register.pdf", "application/pdf")
    assert photo.content_type == "image/jpeg"
    download = client.get(page(world, "attachment", register.pk))
    assert b"".join(download.streaming_content) == PDF
    assert download["Content-Disposition"].startswith("attachment")
    assert download["X-Content-Type-Options"] == "nosniff"
    world.monitoring_return.refresh_from_db()
    assert world.monitoring_return.status == "draft"


def test_a_file_that_is_refused_does_not_take_the_others_with_it(world: World) -> None:
    files = [SimpleUploadedFile("a.pdf", PDF), SimpleUploadedFile("film.gif", b"GIF89a....")]
    response = signed_in(world.cast.grantee).post(page(world), {"chosen": files, "description": ""})
    assert response.status_code == 422
    text = response.content.decode()
    assert "1 file is attached" in text
    assert "“film.gif” was not attached" in text
    assert world.monitoring_return.attachments.count() == 1


def test_nothing_chosen_is_said_at_the_box(world: World) -> None:
    response = signed_in(world.cast.grantee).post(page(world), {"description": "x"})
    assert response.status_code == 422
    assert "Choose a file to attach." in response.content.decode()


def test_the_same_file_twice_is_kept_once(world: World, store: Path) -> None:
    assert attach(world).pk == attach(world).pk
    assert len(stored(store)) == 1


def test_too_large_and_too_many_are_refused_with_the_limit(world: World, settings: Any, store: Path) -> None:
    settings.ATTACHMENT_MAX_BYTES = 1024 * 1024
    with pytest.raises(ActionRefused, match="larger than 1 MB"):
        attach(world, PDF + b"x" * 1024 * 1024)
    settings.ATTACHMENT_MAX_FILES = 1
    attach(world)
    with pytest.raises(ActionRefused, match="can have 1 files"):
        attach(world, PDF + b"2")
    assert len(stored(store)) == 1


def test_a_request_larger_than_any_form_is_refused_unread(world: World, settings: Any) -> None:
    settings.REQUEST_MAX_BYTES = 1000
    response = signed_in(world.cast.grantee).post(page(world), {"chosen": SimpleUploadedFile("a.pdf", PDF * 200)})
    assert response.status_code == 413
    assert "too large" in response.content.decode()
    assert not world.monitoring_return.attachments.exists()


def test_a_removed_file_is_deleted_unless_a_version_was_sent_with_it(
    world: World, store: Path, django_capture_on_commit_callbacks: Any
) -> None:
    never_sent = attach(world)
    with django_capture_on_commit_callbacks(execute=True):
        remove_attachment(attachment=never_sent, by=world.cast.grantee)
    assert stored(store) == []
    client = signed_in(world.cast.grantee)
    assert client.get(page(world, "attachment", never_sent.pk)).status_code == 404
    sent = attach(world, PDF + b"sent")
    RevisionFactory(
        monitoring_return=world.monitoring_return, submitted_by=world.cast.grantee, submitted_at=sent.uploaded_at
    )
    with django_capture_on_commit_callbacks(execute=True):
        remove_attachment(attachment=sent, by=world.cast.grantee)
    assert len(stored(store)) == 1
    assert client.get(page(world, "attachment", sent.pk)).status_code == 200
    assert AuditEvent.objects.filter(action="file removed").count() == 2


def test_outsiders_find_no_file_and_staff_may_read_but_not_change(world: World) -> None:
    kept = attach(world)
    outside = signed_in(world.cast.outside_grantee)
    assert outside.get(page(world)).status_code == 404
    assert outside.get(page(world, "attachment", kept.pk)).status_code == 404
    assert outside.post(page(world, "attachment-remove", kept.pk)).status_code == 404
    manager = signed_in(world.cast.programme_manager)
    assert manager.get(page(world, "attachment", kept.pk)).status_code == 200
    manager.post(page(world, "attachment-remove", kept.pk))
    manager.post(page(world), {"chosen": SimpleUploadedFile("a.pdf", PDF + b"staff")})
    assert [each.pk for each in world.monitoring_return.attachments.kept()] == [kept.pk]


def test_a_file_of_one_return_is_not_found_under_another(world: World) -> None:
    kept = attach(world)
    other = reverse("returns:attachment", args=[world.other_grant.ref, world.other_return.quarter.key, kept.pk])
    assert signed_in(world.cast.outside_grantee).get(other).status_code == 404
    assert signed_in(world.cast.programme_manager).get(other).status_code == 404


def test_a_return_that_was_sent_takes_no_more_files(world: World) -> None:
    kept = attach(world)
    world.monitoring_return.status = "submitted"
    world.monitoring_return.save()
    for act in (lambda: attach(world, PDF + b"2"), lambda: remove_attachment(attachment=kept, by=world.cast.grantee)):
        with pytest.raises(ActionRefused, match="has been sent"):
            act()
    assert "Attach files" not in signed_in(world.cast.grantee).get(page(world)).content.decode()


def test_a_grant_that_waives_evidence_has_no_such_page(world: World) -> None:
    world.grant.waived_sections = ["J"]
    world.grant.save()
    assert signed_in(world.cast.grantee).get(page(world)).status_code == 404


@pytest.mark.parametrize(
    ("verdict", "says"),
    [(scanning.Verdict.INFECTED, "holds a virus"), (scanning.ScannerUnavailable("silent"), "at the moment")],
)
def test_an_infected_file_and_a_silent_scanner_keep_nothing(
    world: World, store: Path, monkeypatch: pytest.MonkeyPatch, verdict: Any, says: str
) -> None:
    def answer(data: bytes, address: str) -> scanning.Verdict:
        if isinstance(verdict, Exception):
            raise verdict
        return verdict

    monkeypatch.setattr("vru.lib.files.taking.scan", answer)
    with pytest.raises(ActionRefused, match=says):
        attach(world)
    assert stored(store) == []


def test_a_checked_file_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vru.lib.files.taking.scan", lambda data, address: scanning.Verdict.CLEAN)
    kept = attach(world)
    assert kept.scan == Attachment.Scan.CLEAN
    assert kept.sha256 == hashlib.sha256(PDF).hexdigest()
    text = signed_in(world.cast.grantee).get(page(world)).content.decode()
    assert "Checked for viruses" in text
    assert "Not scanned" not in text


def test_what_fails_after_the_file_was_stored_leaves_no_bytes(
    world: World, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise OSError("The disk is full.")

    monkeypatch.setattr("grants.actions.attachments.AuditEvent.record", broken)
    with pytest.raises(OSError, match="full"):
        attach(world)
    assert stored(store) == []
    assert not world.monitoring_return.attachments.exists()
