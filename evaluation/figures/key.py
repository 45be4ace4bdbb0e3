"""The name of a figure: a dotted family name and its parameters, the same in code, API, command line and narrative.

Written ``reach.new objective=5 quarter=2020-21Q2``: one space between parts, parameters in the order of their names,
no pipe (it would break a Markdown table) and no space inside a value.

``category=10-14+15-17`` asks for several values together, each row counted once; ``until=2020-21Q3`` for what the year
had come to by the end of that quarter (or month: ``2020-21M07``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from vru.lib.periods import Month, Quarter

_NAME = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_]*)*")
UNTIL, MONTH, AND = "until", "month", "+"
# Parameters that may name several values at once.
UNITED = frozenset(
    ("borough", "category", "heading", "kind", "month", "objective", "organisation", "programme", "source", "theme")
)
_PARAMETER = re.compile(r"([a-z][a-z_]*)=([^\s|=]+)")


class FigureError(ValueError):
    """A figure that cannot be given. The message is a sentence for the person who asked."""


class UnknownFigure(FigureError):
    """No figure has this key: the family, a parameter or a parameter's value does not exist."""


@dataclass(frozen=True, order=True, slots=True)
class FigureKey:
    name: str
    parameters: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, text: str) -> FigureKey:
        """The key in its one written form. Raises FigureError (a ValueError) for text that is not a key."""
        name, *parts = text.split()[:20] or [""]
        if not _NAME.fullmatch(name):
            raise FigureError(
                f'"{_clip(text)}" is not a figure key. Write it like "reach.new objective=5 quarter=2020-21Q2".'
            )
        found: dict[str, str] = {}
        for part in parts:
            match = _PARAMETER.fullmatch(part)
            if match is None:
                raise FigureError(
                    f'"{_clip(part)}" in the figure key "{_clip(text)}" is not a parameter. Write name=value, '
                    "without spaces or pipes."
                )
            if match[1] in found:
                raise FigureError(f'The figure key "{_clip(text)}" gives the parameter {match[1]} twice.')
            found[match[1]] = match[2]
        return cls.of(name, found)

    @classmethod
    def of(cls, name: str, parameters: dict[str, str]) -> FigureKey:
        """The key of a family and parameters, put in order. Raises PeriodError for a period that cannot be read."""
        return cls(name, tuple((each, _normal(each, value)) for each, value in sorted(parameters.items())))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.parameters)

    @property
    def is_united(self) -> bool:
        """Whether a parameter names several values at once."""
        return any(len(values_of(name, value)) > 1 for name, value in self.parameters)

    def get(self, name: str) -> str | None:
        return next((value for found, value in self.parameters if found == name), None)

    def without(self, name: str) -> FigureKey:
        return FigureKey(self.name, tuple(pair for pair in self.parameters if pair[0] != name))

    def __str__(self) -> str:
        return " ".join([self.name, *(f"{name}={value}" for name, value in self.parameters)])


def values_of(name: str, value: str) -> tuple[str, ...]:
    """The values that a parameter names: several where they are joined by a plus."""
    return tuple(value.split(AND)) if name in UNITED and AND in value else (value,)


def period_of(text: str) -> Quarter | Month:
    """The quarter or month that ``until`` names. Raises PeriodError."""
    return Month.parse(text) if "M" in text.upper() else Quarter.parse(text)


def _normal(name: str, value: str) -> str:
    if name == "quarter":
        return Quarter.parse(value).key
    if name == MONTH:
        return AND.join(sorted({Month.parse(part).key for part in value.split(AND)}))
    if name == UNTIL:
        return period_of(value).key
    parts = values_of(name, value)
    return AND.join(sorted(set(parts))) if len(parts) > 1 and all(parts) else value


def _clip(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
