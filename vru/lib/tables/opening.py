"""Which kind of spreadsheet a file is, by its content, and the marks of its sheets. Runs in the limited process."""

from __future__ import annotations

from vru.lib.tables.limits import ReadingLimits
from vru.lib.tables.refusals import Unreadable
from vru.lib.tables.scan import Marks, open_archive, scan_xlsx
from vru.lib.tables.scan_ods import MIME, scan_ods

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_KINDS = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"{\\rtf": "a text document",
    b"<": "a web page",
}


def refuse_other_kinds(data: bytes) -> None:
    """Raises Unreadable for what is certainly no table: nothing at all, old or locked Excel, a PDF, a picture …"""
    if not data.strip():
        raise Unreadable("empty")
    if data.startswith(_OLE):
        # An Excel workbook with a password is packed into the older container, under this name.
        raise Unreadable("locked" if "EncryptedPackage".encode("utf-16-le") in data else "old_excel")
    kind = next((kind for start, kind in _OTHER_KINDS.items() if data.lstrip().startswith(start)), None)
    if kind is not None:
        raise Unreadable("other_kind", kind=kind)


def is_archive(data: bytes) -> bool:
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def is_text(data: bytes) -> bool:
    start = data[:2000]
    return start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" not in start


def scan_workbook(data: bytes, limits: ReadingLimits) -> dict[str, Marks]:
    """The marks of every sheet of an Excel or OpenDocument workbook. Raises Unreadable for everything else."""
    refuse_other_kinds(data)
    if not is_archive(data):
        raise Unreadable("text" if is_text(data) else "damaged")
    archive = open_archive(data, limits)
    names = set(archive.namelist())
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 200 and archive.read("mimetype").strip() == MIME:
        return scan_ods(archive, limits)
    if "xl/workbook.bin" in names:
        raise Unreadable("binary_excel")
    if any(name.endswith("vbaProject.bin") for name in names):
        raise Unreadable("macros")
    if "xl/workbook.xml" not in names:
        raise Unreadable("other_kind", kind="a document or an archive")
    return scan_xlsx(archive, limits)
