"""What a rule found: one contradiction, with everything somebody needs to judge it."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from evaluation.models import DataIssue
from evaluation.rules.evidence import Value

ERROR, WARNING, NOTE = (str(each.value) for each in DataIssue.Severity)
GRAVEST_FIRST = (ERROR, WARNING, NOTE)


@dataclass(frozen=True, slots=True)
class Found:
    """``basis`` names what was compared (references, never numbers), so that the same finding has the same
    fingerprint after its numbers change. ``newest`` is the day of the latest document involved, None for records.
    The registry fills in ``rule``.
    """

    severity: str
    where: str
    stated: str
    computed: str
    difference: str
    explanation: str
    basis: tuple[str, ...]
    sources: tuple[str, ...] = ()
    newest: datetime.date | None = None
    rule: str = ""

    def fingerprint(self, *, year: int, layer: str) -> str:
        """64 hexadecimal digits, the same for the same things compared by the same rule in a year and layer."""
        text = "\n".join((self.rule, layer, str(year), *self.basis))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def sort_key(self) -> tuple[Any, ...]:
        return (GRAVEST_FIRST.index(self.severity), self.rule, self.where, self.basis)


def found_among(
    values: Iterable[Value],
    *,
    severity: str,
    stated: str,
    computed: str,
    explanation: str,
    basis: tuple[str, ...],
    difference: str = "",
) -> Found:
    """A finding about stated values; the first of them is where it stands."""
    involved = tuple(dict.fromkeys(values))
    days = [value.published_on for value in involved if value.published_on]
    return Found(
        severity=severity,
        where=involved[0].where,
        stated=stated,
        computed=computed,
        difference=difference,
        explanation=explanation,
        basis=basis,
        sources=tuple(dict.fromkeys(value.source for value in involved)),
        newest=max(days, default=None),
    )


def with_note(sentence: str, note: str) -> str:
    """The explanation, followed by what was written down when the values were related."""
    return f"{sentence} {note}" if note else sentence
