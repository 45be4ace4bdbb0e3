"""Whether the demonstration in the database is the one that the files and the code would load now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

from programmes.models import Unit
from vru.accounts.models import AuditEvent
from vru.demo.illustrative.plan import SEED, VERSION
from vru.demo.unit_files import PRODUCT_QUESTIONS

LOADED = "demonstration loaded"
# What is loaded follows from this code as much as from the files; the rules decide which data issues are found.
LOADERS = (
    "vru/demo",
    "programmes/loading",
    "grants/loading",
    "grants/validation",
    "evaluation/loading",
    "evaluation/figures",
    "evaluation/rules",
)


def fingerprint_of(folder: Path, *, layer: str) -> str:
    """64 hexadecimal digits of the folder's files, the generator's seed and version, and the loaders' code."""
    digest = hashlib.sha256(f"{folder.name} {layer} {SEED} {VERSION}\n".encode())
    for path in (*_files(folder, "*"), PRODUCT_QUESTIONS, *_code()):
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def is_loaded(fingerprint: str) -> bool:
    """Whether the last load had this fingerprint. What somebody changed in the database since is theirs to keep."""
    return _last() == fingerprint


def remember(fingerprint: str) -> None:
    """Note a successful load; loading the same again adds no row."""
    if _last() != fingerprint:
        AuditEvent.record(LOADED, Unit.objects.get(), by=None, fingerprint=fingerprint)


def _last() -> str:
    event = AuditEvent.objects.filter(action=LOADED).first()
    return str(event.details.get("fingerprint", "")) if event else ""


def _code() -> Iterator[Path]:
    for package in LOADERS:
        yield from _files(settings.BASE_DIR / package, "*.py")


def _files(folder: Path, pattern: str) -> Iterable[Path]:
    return sorted(path for path in folder.rglob(pattern) if path.is_file() and not path.name.endswith(".pyc"))
