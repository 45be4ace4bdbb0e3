"""Whether the stored files of an edition are still what was signed. Nothing is rendered again."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from evaluation.models import Edition, EditionFile
from evaluation.reports.errors import CorruptSnapshot
from evaluation.reports.facts import Facts

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Checked:
    """One file: its kind, the recorded hash, and what is wrong with it ("" when nothing is)."""

    kind: str
    name: str
    sha256: str
    problem: str

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "name": self.name, "sha256": self.sha256, "problem": self.problem}


def check_edition(edition: Edition) -> list[Checked]:
    """Every file that an edition should have, re-hashed; the snapshot is read as well. Order: kinds by name."""
    stored = {file.kind: file for file in edition.files.all()}
    return [_check(edition, kind, stored.get(kind)) for kind in sorted(EditionFile.Kind.values)]


def _check(edition: Edition, kind: str, stored: EditionFile | None) -> Checked:
    label = EditionFile.Kind(kind).label
    if stored is None:
        return Checked(kind, "", "", f"The {label} of this edition is not recorded.")
    name = str(stored.file.name)
    problem = _snapshot_problem(edition, stored) if kind == EditionFile.Kind.SNAPSHOT else ""
    return Checked(kind, name, stored.sha256, _file_problem(stored, label) or problem)


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
