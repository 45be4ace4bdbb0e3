"""Whether what is stored of an edition is still what was made and signed. Nothing is rendered again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from evaluation.models import Edition, EditionFile
from evaluation.reports.errors import CorruptSnapshot
from evaluation.reports.facts import Facts
from evaluation.reports.imprint import Imprint

_CHUNK = 1 << 20
IMPRINT = "imprint"


@dataclass(frozen=True, slots=True)
class Checked:
    """One file, or the imprint: its kind, the recorded hash, and what is wrong with it ("" when nothing is)."""

    kind: str
    name: str
    sha256: str
    problem: str
    is_final: bool = False

    @property
    def label(self) -> str:
        if self.kind == IMPRINT:
            return "Signature, sentences and changes"
        return str(EditionFile.Kind(self.kind).label)

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "name": self.name,
            "sha256": self.sha256,
            "problem": self.problem,
            "final": self.is_final,
        }


def check_edition(edition: Edition) -> list[Checked]:
    """Every file that an edition should have, hashed again; the snapshot and the imprint are read as well.

    Order: the files of the draft, each kind by name; then, of a signed edition, the imprint and the final files.
    """
    stored = {(file.kind, file.is_final): file for file in edition.files.all()}
    kinds = sorted(EditionFile.Kind.values)
    found = [_check(edition, kind, stored.get((kind, False)), is_final=False) for kind in kinds]
    if edition.signed_at is not None:
        found.append(_check_imprint(edition))
    if edition.finished_at is not None:
        found += [_check(edition, kind, stored.get((kind, True)), is_final=True) for kind in kinds]
    return found


def _check(edition: Edition, kind: str, stored: EditionFile | None, *, is_final: bool) -> Checked:
    label = f"{'final ' if is_final else ''}{EditionFile.Kind(kind).label}"
    if stored is None:
        return Checked(kind, "", "", f"The {label} of this edition is not recorded.", is_final)
    name = str(stored.file.name)
    problem = _file_problem(stored, label)
    if not problem and kind == EditionFile.Kind.SNAPSHOT:
        problem = _snapshot_problem(edition, stored)
    return Checked(kind, name, stored.sha256, problem, is_final)


def _file_problem(stored: EditionFile, label: str) -> str:
    digest = sha256()
    try:
        with stored.file.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError:
        return f"The {label} ({stored.file.name}) is missing from the file store. Restore it from a backup."
    if digest.hexdigest() != stored.sha256:
        return (
            f"The {label} ({stored.file.name}) was changed after it was made: its SHA-256 is {digest.hexdigest()}, "
            f"recorded was {stored.sha256}. Restore it from a backup."
        )
    return ""


def _snapshot_problem(edition: Edition, stored: EditionFile) -> str:
    try:
        with stored.file.open("rb") as file:
            facts = Facts.read(file.read(), edition.snapshot_hash)
    except (OSError, CorruptSnapshot) as error:
        return str(error)
    report = edition.report
    said = tuple(facts.data[name] for name in ("kind", "year", "period", "layer", "subject"))
    if said != (report.outline.kind, str(edition.financial_year), report.period, report.layer, report.subject):
        return f"The snapshot belongs to another report: {', '.join(part for part in said if part)}."
    return ""


def read_imprint(edition: Edition) -> Imprint:
    """The imprint as it was signed. Raises CorruptSnapshot when it, or what stands beside it, was changed since."""
    try:
        imprint = Imprint.read(edition.imprint)
    except (KeyError, TypeError) as error:
        raise CorruptSnapshot("The imprint cannot be read: it was changed after the signature.") from error
    if imprint.sha256 != edition.imprint_hash:
        raise CorruptSnapshot(
            f"The imprint was changed after the signature: its SHA-256 is {imprint.sha256}, signed was "
            f"{edition.imprint_hash}."
        )
    for problem in _beside(edition, imprint):
        raise CorruptSnapshot(problem)
    return imprint


def _beside(edition: Edition, imprint: Imprint) -> Iterator[str]:
    """What the edition's row says otherwise than the imprint that was signed."""
    signature = imprint.signature
    if signature is None:
        yield "The imprint holds no signature, but the edition is signed."
    elif (signature.name, signature.role) != (edition.signed_name, edition.signed_role):
        yield (
            f"The imprint was signed by {signature.name}, {signature.role}; the edition says {edition.signed_name}, "
            f"{edition.signed_role}."
        )
    if imprint.number != edition.number:
        yield f"The imprint is of edition {imprint.number}; this is edition {edition.number}."


def _check_imprint(edition: Edition) -> Checked:
    try:
        read_imprint(edition)
    except CorruptSnapshot as error:
        return Checked(IMPRINT, "", edition.imprint_hash, str(error), is_final=True)
    return Checked(IMPRINT, "", edition.imprint_hash, "", is_final=True)
