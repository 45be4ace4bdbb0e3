"""Addresses of editions that are read: with their facts, beside another one, and open to the public."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from evaluation.models import Edition, EditionFile
from evaluation.reports.facts import FORMAT, Facts
from evaluation.reports.imprint import Imprint
from tests.cast import World
from tests.factories import EditionFactory


def read_edition(world: World, **more: Any) -> Edition:
    """A built edition whose facts are stored and print nothing."""
    facts = Facts(
        {
            "format": FORMAT,
            "year": "2020-21",
            "layer": world.grant.programme.layer,
            "as_at": "2021-04-30",
            "strategy_version": None,
            "sections": [],
            "definitions": [],
            "figures": {},
        }
    )
    edition = EditionFactory(
        layer=world.grant.programme.layer, built_at=timezone.now(), snapshot_hash=facts.sha256, **more
    )
    _store(edition, "snapshot", facts.content)
    return edition


def published_edition(world: World) -> Edition:
    now = timezone.now()
    imprint = Imprint(number=1, status=Edition.Status.SIGNED_OFF)
    edition = read_edition(
        world,
        status=Edition.Status.SIGNED_OFF,
        signed_by=world.cast.director,
        signed_at=now,
        signed_name="A. Director",
        signed_role="Director",
        imprint=imprint.as_json(),
        imprint_hash=imprint.sha256,
        finished_at=now,
        published_by=world.cast.director,
        published_at=now,
    )
    _store(edition, "pdf", b"%PDF")
    return edition


def _store(edition: Edition, kind: str, content: bytes) -> None:
    stored = EditionFile(
        edition=edition, kind=kind, sha256=sha256(content).hexdigest(), size=len(content), is_final=True
    )
    stored.file.save(f"{edition.pk}-{kind}", ContentFile(content), save=True)


def two_editions(world: World) -> list[int]:
    return [read_edition(world).pk, read_edition(world).pk]


READING: dict[str, Any] = {
    "read edition": lambda world: ([read_edition(world).pk], ""),
    "two editions": lambda world: (two_editions(world), ""),
    "published edition": lambda world: ([published_edition(world).pk], ""),
    "published file": lambda world: ([published_edition(world).pk, "pdf"], ""),
    "printed return": lambda world: ([world.monitoring_return.pk], ""),
}
