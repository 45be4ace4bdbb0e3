"""What an edition's files say beside its facts: number, status, who signed, what was explained, what changed.

The facts of a draft and of the signed edition are the same and have one hash. What the signature adds stands here, has
a hash of its own, and is stored with the edition, so that final files can be made again from the two alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

DRAFT = "draft"


@dataclass(frozen=True)
class Signature:
    """Who signed, as printed. ``signed_at`` is a local time in ISO form, to the second."""

    name: str
    role: str
    signed_at: str


@dataclass(frozen=True)
class Explained:
    """A sentence that a check before sign-off asked for: (what it is about, the sentence)."""

    about: str
    sentence: str


@dataclass(frozen=True)
class Changed:
    """One figure that an earlier signed edition printed otherwise, and why."""

    key: str
    label: str
    old: str
    new: str
    why: str


@dataclass(frozen=True)
class Imprint:
    """``number`` is None for a report that is not kept. ``since`` names the edition that ``changes`` compare with."""

    number: int | None = None
    status: str = DRAFT
    signature: Signature | None = None
    explanations: tuple[Explained, ...] = ()
    since: str = ""
    changes: tuple[Changed, ...] = ()
    is_restated: bool = False

    def as_json(self) -> dict[str, Any]:
        """Plain lists and dictionaries, as stored."""
        made: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return made

    @property
    def sha256(self) -> str:
        content = json.dumps(self.as_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return sha256(content.encode()).hexdigest()

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Imprint:
        """From what ``as_json`` gave. Raises TypeError or KeyError for anything else."""
        signature = data["signature"]
        return cls(
            number=data["number"],
            status=data["status"],
            signature=Signature(**signature) if signature else None,
            explanations=tuple(Explained(**each) for each in data["explanations"]),
            since=data["since"],
            changes=tuple(Changed(**each) for each in data["changes"]),
            is_restated=data["is_restated"],
        )


WORKING = Imprint()
"""A working draft that nobody keeps."""
