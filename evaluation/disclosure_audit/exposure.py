"""What an audit finds: a count of people that readers could tell, or nearly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Exposure:
    """``kind`` is printed (a count stands there that should be hidden), worked_out (equations leave it too little
    room), typed (somebody wrote it into a text) or unreadable (the audit could not be done).

    ``low`` and ``high`` are what a reader can narrow the count to, in people; None is no limit, or not asked.
    """

    kind: str
    key: str
    label: str
    sentence: str
    where: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "where": list(self.where)}

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Exposure:
        """One from its ``as_json``."""
        return cls(**{**data, "where": tuple(data["where"])})
