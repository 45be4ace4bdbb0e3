"""Files by what is inside them: kinds, pictures without metadata, names, and the virus scanner's conversation."""

from __future__ import annotations

import io
import socket
import struct
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from vru.lib.files.kinds import ALLOWED, DOCX, JPEG, ODS, PDF, PNG, XLSX, FileRefused, kind_of
from vru.lib.files.names import safe_name
from vru.lib.files.pictures import without_metadata
from vru.lib.files.scanning import ScannerUnavailable, Verdict, scan

GPS = 0x8825


def archive_of(files: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return written.getvalue()


def picture(name: str, size: tuple[int, int] = (8, 4), **options: object) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "red").save(written, format=name, **options)
    return written.getvalue()


TYPES = {"[Content_Types].xml": b"<Types/>"}


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n...", PDF),
        (picture("JPEG"), JPEG),
        (picture("PNG"), PNG),
        (archive_of(TYPES | {"word/document.xml": b"<w/>"}), DOCX),
        (archive_of(TYPES | {"xl/workbook.xml": b"<w/>"}), XLSX),
        (archive_of({"mimetype": ODS.content_type.encode(), "content.xml": b"<c/>"}), ODS),
    ],
    ids=lambda value: getattr(value, "extension", "data"),
)
def test_a_file_is_what_is_inside_it(data: bytes, kind: object) -> None:
    assert kind_of(data) == kind


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00 a program", "cannot be attached"),
        (b"<html><script>alert(1)</script></html>", "cannot be attached"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cannot be attached"),
        (b"GIF89a", "cannot be attached"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "old Office format"),
        (b"\x00\x00\x00\x18ftypheic", "HEIC"),
        (b"PK\x03\x04 broken", "damaged"),
        (archive_of({"a.txt": b"hello"}), "Archives"),
        (archive_of(TYPES | {"word/document.xml": b"", "word/vbaProject.bin": b"x"}), "macros"),
        (archive_of({f"{n}.txt": b"" for n in range(2001)}), "unpacks"),
    ],
    ids=["empty", "program", "html", "svg", "gif", "old office", "heic", "broken zip", "zip", "macros", "many entries"],
)
def test_what_is_not_allowed_is_refused_with_what_to_do(data: bytes, says: str) -> None:
    with pytest.raises(FileRefused, match=says):
        kind_of(data)


def test_an_archive_that_unpacks_to_far_more_than_its_size_is_refused() -> None:
    bomb = archive_of(TYPES | {"word/document.xml": b"0" * (210 * 1024 * 1024)})
    assert len(bomb) < 1024 * 1024
    with pytest.raises(FileRefused, match="unpacks"):
        kind_of(bomb)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_kind_or_are_refused(data: bytes) -> None:
    refused = ""
    try:
        kind = kind_of(data)
    except FileRefused as error:
        refused, kind = str(error), None
    assert kind in ALLOWED or refused.endswith(".")


def test_a_picture_loses_where_it_was_taken_and_keeps_its_pixels() -> None:
    exif = Image.Exif()
    exif[0x010F] = "A telephone"
    exif.get_ifd(GPS)[1] = "N"
    exif[0x0112] = 6  # Turned by a quarter.
    data = picture("JPEG", exif=exif, comment=b"Taken at 12 High Street")
    assert b"A telephone" in data
    plain = without_metadata(data, JPEG)
    opened = Image.open(io.BytesIO(plain))
    assert not opened.getexif()
    assert b"telephone" not in plain
    assert b"High Street" not in plain
    assert opened.size == (4, 8)
    red, green, blue = opened.convert("RGB").getpixel((1, 1))
    assert red > 200
    assert max(green, blue) < 60


def test_a_png_keeps_its_transparency_and_loses_its_texts() -> None:
    written = io.BytesIO()
    from_texts = Image.new("RGBA", (3, 3), (0, 0, 255, 0))
    from_texts.save(written, format="PNG", pnginfo=_texts())
    plain = without_metadata(written.getvalue(), PNG)
    opened = Image.open(io.BytesIO(plain))
    assert opened.mode == "RGBA"
    assert opened.getpixel((0, 0))[3] == 0
    assert not opened.text


def _texts() -> PngInfo:
    info = PngInfo()
    info.add_text("Author", "Somebody")
    return info


def test_a_damaged_picture_and_one_of_too_many_pixels_are_refused() -> None:
    with pytest.raises(FileRefused, match="damaged"):
        without_metadata(picture("PNG", (60, 60))[:-60], PNG)
    header = picture("PNG")
    huge = header[:16] + struct.pack(">II", 100_000, 100_000) + header[24:]
    with pytest.raises(FileRefused):
        without_metadata(huge, PNG)


@pytest.mark.parametrize(
    ("given_name", "expected"),
    [
        ("Register.PDF", "Register.pdf"),
        ("C:\\Users\\me\\register.pdf", "register.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("evil\u202efdp.exe", "evilfdp.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        ("n" * 500 + ".pdf", "n" * 120 + ".pdf"),
        ("Fête d’été 🌟.pdf", "Fête d’été 🌟.pdf"),
    ],
)
def test_a_name_is_made_safe_and_takes_the_extension_of_what_is_inside(given_name: str, expected: str) -> None:
    assert safe_name(given_name, "pdf") == expected


@contextmanager
def daemon(answer: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A scanner of one conversation on a free port: reads a stream to its end and gives ``answer``."""
    listening = socket.create_server(("127.0.0.1", 0))
    received: list[bytes] = []

    def talk() -> None:
        connection, _ = listening.accept()
        with connection, connection.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            while (length := struct.unpack("!I", stream.read(4))[0]) > 0:
                received.append(stream.read(length))
            connection.sendall(answer)

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        yield f"tcp:127.0.0.1:{listening.getsockname()[1]}", received
    finally:
        thread.join(5)
        listening.close()


def test_the_scanner_gets_every_byte_and_its_answer_is_kept() -> None:
    data = b"x" * 150_000
    with daemon(b"stream: OK\0") as (address, received):
        assert scan(data, address) is Verdict.CLEAN
    assert b"".join(received) == data
    with daemon(b"stream: Eicar-Test-Signature FOUND\0") as (address, _):
        assert scan(b"virus", address) is Verdict.INFECTED


def test_without_a_scanner_nothing_is_claimed_and_a_silent_one_is_an_error() -> None:
    assert scan(b"x", "") is Verdict.NOT_SCANNED
    with daemon(b"INSTREAM size limit exceeded. ERROR\0") as (address, _), pytest.raises(ScannerUnavailable):
        scan(b"x", address)
    with pytest.raises(ScannerUnavailable):
        scan(b"x", "unix:/nonexistent/clamd.sock")
    with pytest.raises(ValueError, match="unix:/path"):
        scan(b"x", "somewhere")
