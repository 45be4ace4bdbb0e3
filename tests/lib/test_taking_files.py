"""One way in for every uploaded file: refused with a sentence that names it, or kept clean under a safe name."""

from __future__ import annotations

import hashlib

import pytest

from vru.lib.files import scanning, taking
from vru.lib.files.kinds import PDF
from vru.lib.files.stored import StoredFile

BYTES = b"%PDF-1.7 a paper"


def test_a_file_is_kept_under_a_safe_name_with_its_kind_and_hash() -> None:
    taken = taking.take_in("..\\..\\etc/\u202epaper.exe", BYTES, most_bytes=1_000, scanner="")
    assert taken.columns == {
        "name": "paper.pdf",
        "content_type": "application/pdf",
        "size": len(BYTES),
        "sha256": hashlib.sha256(BYTES).hexdigest(),
        "scan": StoredFile.Scan.NOT_SCANNED,
    }


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "The file is empty"),
        (b"MZ an executable", "cannot be attached"),
        (b"%PDF-" + b"0" * taking.MEGABYTE, "larger than 1 MB"),
    ],
)
def test_a_file_that_cannot_be_kept_is_named_in_the_refusal(data: bytes, says: str) -> None:
    with pytest.raises(taking.FileNotTaken, match=f"“odd.pdf” .*{says}"):
        taking.take_in("odd.pdf", data, most_bytes=taking.MEGABYTE, scanner="")


def test_a_kind_that_is_kept_elsewhere_may_be_refused_here() -> None:
    with pytest.raises(taking.FileNotTaken, match=r"Choose one of these: \.pdf"):
        taking.take_in("picture.jpg", b"\xff\xd8\xff and more", most_bytes=1_000, scanner="", allowed=(PDF,))


def test_a_scanner_that_does_not_answer_is_told_apart_from_a_virus(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(data: bytes, address: str) -> scanning.Verdict:
        raise scanning.ScannerUnavailable("silent")

    monkeypatch.setattr("vru.lib.files.taking.scan", silent)
    with pytest.raises(taking.ScannerSilent, match="Try again in an hour"):
        taking.take_in("paper.pdf", BYTES, most_bytes=1_000, scanner="tcp:scanner:3310")
    monkeypatch.setattr("vru.lib.files.taking.scan", lambda data, address: scanning.Verdict.INFECTED)
    with pytest.raises(taking.FileNotTaken, match="virus"):
        taking.take_in("paper.pdf", BYTES, most_bytes=1_000, scanner="tcp:scanner:3310")
