"""Evidence files made to stop the site, to fill its memory or to be read by the wrong person."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from grants.actions.attachments import attach_file
from grants.models import Attachment
from tests.cast import World
from tests.security.test_hostile_returns import address, signed_in
from vru.lib.files.kinds import PNG, FileRefused, kind_of
from vru.lib.files.pictures import without_metadata

pytestmark = pytest.mark.usefixtures("store")
PDF = b"%PDF-1.7\n<script>alert(1)</script>\n%%EOF"


@pytest.fixture
def store(settings: LazySettings, tmp_path: Path) -> None:
    kept = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"default": kept}


def opened(method: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", "x" * 500)
    return made.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_package_damaged_anywhere_is_read_or_refused_and_no_failure(method: int) -> None:
    whole, chance, refused = opened(method), random.Random(method), 0
    for _ in range(1500):
        damaged = bytearray(whole)
        damaged[chance.randrange(4, len(whole))] = chance.randrange(256)
        try:
            kind_of(bytes(damaged))
        except FileRefused:
            refused += 1
    assert refused


def test_a_package_whose_directory_points_before_its_start_is_damaged(world: World) -> None:
    whole = bytearray(opened(zipfile.ZIP_STORED))
    end = whole.rindex(b"PK\x05\x06")
    whole[end + 16 : end + 20] = (0xFFFF00).to_bytes(4, "little")
    sent = {"chosen": SimpleUploadedFile("plan.odt", bytes(whole))}
    response = signed_in(world.cast.grantee).post(address(world, "attachments"), sent)
    assert response.status_code == 422
    assert "damaged" in response.content.decode()


def test_nothing_but_pixels_of_a_picture_is_kept() -> None:
    told = PngInfo()
    told.add_text("Comment", "secret words")
    told.add_itxt("XML:com.adobe.xmp", "<x>secret words</x>")
    for mode in ("RGB", "RGBA", "P", "L", "LA", "1", "I;16"):
        made = io.BytesIO()
        exif = Image.Exif()
        exif[0x010E] = "secret words"
        Image.new(mode, (8, 8)).save(made, "PNG", pnginfo=told, exif=exif, icc_profile=b"secret words")
        assert b"secret" in made.getvalue()
        kept = without_metadata(made.getvalue(), PNG)
        assert b"secret" not in kept
        assert not Image.open(io.BytesIO(kept)).info


def test_more_files_than_a_return_holds_are_refused_before_any_is_looked_at(
    world: World, settings: LazySettings
) -> None:
    settings.ATTACHMENT_MAX_FILES = 3
    files = [SimpleUploadedFile(f"{number}.pdf", PDF + str(number).encode()) for number in range(4)]
    response = signed_in(world.cast.grantee).post(address(world, "attachments"), {"chosen": files})
    assert response.status_code == 422
    assert "at most 3 files" in response.content.decode()
    assert not Attachment.objects.exists()


@pytest.fixture
def attached(world: World) -> Attachment:
    return attach_file(
        monitoring_return=world.monitoring_return,
        name='x"\r\nSet-Cookie: a=b; ../../\u202efdp.html',
        data=PDF,
        description="",
        by=world.cast.grantee,
    )


def test_markup_that_begins_like_a_pdf_is_only_ever_a_download(world: World, attached: Attachment) -> None:
    response = signed_in(world.cast.grantee).get(address(world, "attachment", str(attached.pk)))
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response.headers["Cache-Control"]
    assert not {"\r", "\n"} & set(response.headers["Content-Disposition"])
    assert "Set-Cookie" not in response.headers
    assert attached.file.name.endswith(".pdf")
    assert ".." not in attached.file.name


@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_a_file_is_not_reached_through_another_return(world: World, attached: Attachment, method: str) -> None:
    theirs = [world.other_grant.ref, world.other_return.quarter.key, attached.pk]
    for name in ("attachment", "attachment-remove"):
        ours = signed_in(world.cast.outside_grantee)
        assert getattr(ours, method)(reverse(f"returns:{name}", args=theirs)).status_code in {404, 405}
        direct = address(world, name, str(attached.pk))
        assert getattr(ours, method)(direct).status_code in {404, 405}
    attached.refresh_from_db()
    assert attached.removed_at is None


def test_a_file_taken_away_is_gone_for_who_kept_its_address(
    world: World, attached: Attachment, django_capture_on_commit_callbacks: Any
) -> None:
    client = signed_in(world.cast.grantee)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address(world, "attachment-remove", str(attached.pk)))
    assert client.get(address(world, "attachment", str(attached.pk))).status_code == 404
    assert not attached.file.storage.exists(attached.file.name)


def test_staff_take_no_file_away(world: World, attached: Attachment) -> None:
    for person in (world.cast.programme_manager, world.cast.administrator, world.cast.director):
        signed_in(person).post(address(world, "attachment-remove", str(attached.pk)))
    attached.refresh_from_db()
    assert attached.removed_at is None
