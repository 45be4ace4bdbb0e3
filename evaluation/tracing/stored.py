"""What is kept of an edition: its facts, and the scope they were computed for."""

from __future__ import annotations

from evaluation.figures.scope import Scope
from evaluation.models import Edition, EditionFile
from evaluation.reports.changes import Side
from evaluation.reports.errors import CorruptSnapshot
from evaluation.reports.facts import Facts


def facts_of(edition: Edition) -> Facts:
    """The stored facts. Raises CorruptSnapshot when they are missing or not what was recorded."""
    stored = edition.files.filter(kind=EditionFile.Kind.SNAPSHOT).order_by("-is_final").first()
    if stored is None:
        raise CorruptSnapshot("The facts of this edition are not recorded, so nothing in it can be traced.")
    try:
        with stored.file.open("rb") as file:
            return Facts.read(file.read(), edition.snapshot_hash)
    except OSError as error:
        raise CorruptSnapshot(
            f"The facts of this edition ({stored.file.name}) are missing from the file store. "
            "Restore them from a backup."
        ) from error


def revisions_of(edition: Edition) -> frozenset[int]:
    """The versions of returns that the edition was computed from."""
    return frozenset(edition.revisions.order_by().values_list("pk", flat=True))


def side_of(edition: Edition, facts: Facts | None = None) -> Side:
    return Side(facts or facts_of(edition), revisions_of(edition))


def scope_of(edition: Edition, facts: Facts) -> Scope:
    """The scope of the edition's figures, counting exactly the versions of returns that it printed."""
    return side_of(edition, facts).scope
