"""Taking in a file that somebody uploaded: what it is, how large, whether it is safe, and what is kept of it.

Whoever keeps files takes them in here before any row is locked (checking and cleaning cost seconds), and stores them
inside ``undone_on_failure``, around the transaction that writes the row.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.db.models.fields.files import FieldFile

from vru.lib.files.kinds import ALLOWED, FileKind, FileRefused, kind_of
from vru.lib.files.names import safe_name
from vru.lib.files.pictures import without_metadata
from vru.lib.files.scanning import ScannerUnavailable, Verdict, scan
from vru.lib.files.stored import StoredFile

MEGABYTE = 1024 * 1024
# A name is repeated in a sentence; nobody reads more of it than this.
NAME_IN_A_SENTENCE = 80


class FileNotTaken(ValueError):
    """The file is not kept; the message says which file, why, and what to do instead."""


class ScannerSilent(FileNotTaken):
    """A virus scanner is configured and does not answer, so no file can be taken in for now."""


@dataclass(frozen=True, slots=True)
class TakenFile:
    """A file that may be kept. ``data`` is what to store: a picture without what its camera wrote into it."""

    name: str
    data: bytes
    kind: FileKind
    scan: StoredFile.Scan
    sha256: str

    @property
    def columns(self) -> dict[str, str | int]:
        """The columns of a ``StoredFile``."""
        return {
            "name": self.name,
            "content_type": self.kind.content_type,
            "size": len(self.data),
            "sha256": self.sha256,
            "scan": self.scan,
        }

    def store(self, file: FieldFile, stored: list[FieldFile]) -> None:
        """Put the bytes into the store under a name that tells nothing, without saving the row.

        ``stored`` is the list of ``undone_on_failure``.
        """
        file.save(f"{self.sha256[:16]}.{self.kind.extension}", ContentFile(self.data), save=False)
        stored.append(file)


def take_in(
    name: str, data: bytes, *, most_bytes: int, scanner: str, allowed: tuple[FileKind, ...] = ALLOWED
) -> TakenFile:
    """Check and clean one whole file; ``scanner`` is the scanner's address, empty for none.

    Raises ``FileNotTaken`` for a file that is too large, of a kind not allowed, damaged or infected, and
    ``ScannerSilent`` when the configured scanner does not answer.
    """
    short = name[:NAME_IN_A_SENTENCE]
    if len(data) > most_bytes:
        raise FileNotTaken(
            f"“{short}” is larger than {most_bytes // MEGABYTE} MB. Make it smaller, or attach it in parts."
        )
    try:
        kind = kind_of(data)
        if kind not in allowed:
            wanted = ", ".join(f".{each.extension}" for each in allowed)
            raise FileRefused(f"This kind of file cannot be taken here. Choose one of these: {wanted}.")
        kept = without_metadata(data, kind) if kind.is_picture else data
    except FileRefused as refused:
        raise FileNotTaken(f"“{short}” was not attached. {refused}") from refused
    return TakenFile(safe_name(name, kind.extension), kept, kind, _scanned(kept, scanner), _digest(kept))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _scanned(data: bytes, scanner: str) -> StoredFile.Scan:
    """A configured scanner that does not answer stops the file; a missing one is said beside the file."""
    try:
        verdict = scan(data, scanner)
    except ScannerUnavailable as error:
        raise ScannerSilent(
            "Files cannot be checked for viruses at the moment, so none can be attached. Try again in an hour."
        ) from error
    if verdict is Verdict.INFECTED:
        raise FileNotTaken("The file holds a virus and was not kept. Check the device that it came from.")
    return StoredFile.Scan.CLEAN if verdict is Verdict.CLEAN else StoredFile.Scan.NOT_SCANNED
