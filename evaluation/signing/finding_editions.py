"""Which signed edition a hash belongs to, for anybody who holds a file or has read a hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from evaluation.models import Edition, EditionFile

HEXADECIMAL = frozenset("0123456789abcdef")
DIGITS = 64


@dataclass(frozen=True)
class Match:
    """``what`` is what of the edition the hash is of: "the PDF", "the facts"."""

    edition: Edition
    what: str


class NoHash(ValueError):
    """What was typed is no hash; the message says what to type."""


def read_hash(typed: str) -> str:
    """64 hexadecimal digits in small letters, of a hash typed with spaces, in capitals or after "sha256:"."""
    said = "".join(typed.split()).lower().removeprefix("sha256:").removeprefix("sha-256:")
    if len(said) != DIGITS or not HEXADECIMAL.issuperset(said):
        raise NoHash(f"A hash has {DIGITS} digits, each 0 to 9 or a to f. Copy the whole of it from the report.")
    return said


def hash_of(chunks: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def editions_with(sha256: str) -> list[Match]:
    """The signed editions that the hash is of, newest first. Drafts are nobody's business outside the unit."""
    files = EditionFile.objects.filter(sha256=sha256, is_final=True, edition__finished_at__isnull=False)
    kinds = dict(files.order_by("-kind").values_list("edition_id", "kind"))
    signed = (
        Edition.objects.signed()
        .filter(Q(pk__in=kinds) | Q(snapshot_hash=sha256) | Q(imprint_hash=sha256))
        .select_related("report__outline", "superseded_by__report__outline")
        .order_by("-signed_at", "-pk")
    )
    return [Match(edition, _what(edition, sha256, kinds.get(edition.pk))) for edition in signed]


def _what(edition: Edition, sha256: str, kind: str | None) -> str:
    if kind is not None and kind != EditionFile.Kind.SNAPSHOT:
        return f"This is the {EditionFile.Kind(kind).label}, unchanged."
    if edition.snapshot_hash == sha256:
        return "This is the hash of its facts: every figure and text in it."
    return "This is the hash of its signature, with what was explained and what changed."
