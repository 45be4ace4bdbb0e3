"""What a figure means, read out of its function's docstring so that code and documentation cannot part."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

PARTS = ("numerator", "denominator", "exclusions", "unit", "source")
_PART = re.compile(rf"^({'|'.join(part.capitalize() for part in PARTS)}): ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Definition:
    """Each part is a sentence or two. ``summary`` is what comes before the parts."""

    summary: str
    numerator: str
    denominator: str
    exclusions: str
    unit: str
    source: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def definition_of(function: Callable[..., Any]) -> Definition:
    """Raises TypeError when the docstring lacks a part: a figure that is not defined must not be published."""
    pieces = _PART.split(inspect.getdoc(function) or "")
    found = dict(zip(map(str.lower, pieces[1::2]), map(_line, pieces[2::2]), strict=True))
    missing = [part for part in PARTS if not found.get(part)]
    if missing or not pieces[0].strip():
        raise TypeError(
            f"{function.__module__}.{function.__name__} does not say its {', '.join(missing or ['summary'])}."
        )
    return Definition(_line(pieces[0]), **found)


def _line(text: str) -> str:
    return " ".join(text.split())
