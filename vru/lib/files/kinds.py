"""What a file is, decided by what is inside it. Its name and the type a browser claims for it count for nothing."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

MOST_ENTRIES = 2_000
MOST_UNPACKED = 200 * 1024 * 1024
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WANTED = "a PDF, a JPEG or PNG picture, or a Word, Excel or OpenDocument file"


class FileRefused(ValueError):
    """The file cannot be kept; the message says why and what to do instead."""


@dataclass(frozen=True, slots=True)
class FileKind:
    content_type: str
    extension: str
    is_picture: bool = False


PDF = FileKind("application/pdf", "pdf")
JPEG = FileKind("image/jpeg", "jpg", is_picture=True)
PNG = FileKind("image/png", "png", is_picture=True)
DOCX = FileKind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx")
XLSX = FileKind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")
ODT = FileKind("application/vnd.oasis.opendocument.text", "odt")
ODS = FileKind("application/vnd.oasis.opendocument.spreadsheet", "ods")
ALLOWED = (PDF, JPEG, PNG, DOCX, XLSX, ODT, ODS)
_SIGNATURES = ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG))
_BY_ENTRY = (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX))
_BY_MIMETYPE = {kind.content_type.encode(): kind for kind in (ODT, ODS)}


def kind_of(data: bytes) -> FileKind:
    """The kind of a whole file. Raises ``FileRefused`` for anything that is not one of ``ALLOWED``."""
    if not data:
        raise FileRefused("The file is empty.")
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return kind
    if data.startswith(OLD_OFFICE):
        raise FileRefused(
            "The file is in an old Office format, or protected by a password. "
            "Open it, save it as .docx or .xlsx without a password, and attach that."
        )
    if data.startswith(b"PK"):
        return _kind_of_package(data)
    if data[4:8] == b"ftyp":
        raise FileRefused("Videos and HEIC pictures cannot be attached. Save the picture as a JPEG and attach that.")
    raise FileRefused(f"This kind of file cannot be attached. Attach {WANTED}.")


def _kind_of_package(data: bytes) -> FileKind:
    """Word, Excel and OpenDocument files are zip archives; they are listed here and never unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise FileRefused("The file unpacks to far more than its size. It may be damaged or dangerous.")
            names = {entry.filename for entry in entries}
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise FileRefused("The file holds macros. Save it without macros (.docx or .xlsx) and attach that.")
            for entry, kind in _BY_ENTRY:
                if "[Content_Types].xml" in names and entry in names:
                    return kind
            first = package.getinfo("mimetype") if "mimetype" in names else None
            if first is not None and first.file_size < 100:
                kind_found = _BY_MIMETYPE.get(package.read(first).strip())
                if kind_found is not None:
                    return kind_found
    except FileRefused:
        raise
    except Exception as error:  # a damaged package fails in each library beneath in its own way: zlib, lzma, struct …
        raise FileRefused("The file is damaged: it cannot be opened. Save it again and attach the new copy.") from error
    raise FileRefused(f"Archives such as .zip cannot be attached. Attach the files themselves: {WANTED}.")
