"""What the tokens of a narrative become.

`{{reach.new objective=5}}` is a figure, `{{unit.name}}` a text. A token without a figure says so in place and is
listed; one that could never have a figure stops the build, with its section.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from evaluation.figures.figure import OPTIONS
from evaluation.figures.key import FigureKey
from evaluation.reports.errors import UnknownToken
from vru.lib.narrative import Token, find_tokens

TEXTS = (
    "unit.name",
    "unit.short_name",
    "unit.place",
    "unit.area_noun",
    "unit.area_noun_plural",
    "unit.funder",
    "year",
    "period",
    "period_start",
    "period_end",
    "year_end",
    "as_at",
)


def keys_in(texts: Iterable[str], *, section: str, refused: dict[str, str] | None = None) -> list[str]:
    """The canonical keys that texts ask for, in order, each once.

    Raises UnknownToken naming section and token; with ``refused``, the reason is put there under the token instead.
    """
    found: dict[str, None] = {}
    for text in texts:
        for token in find_tokens(text):
            if token.body in TEXTS:
                continue
            try:
                found.setdefault(_known(token, section=section))
            except UnknownToken as error:
                if refused is None:
                    raise
                refused[token.body] = str(error)
                found.setdefault(token.body)
    return list(found)


def _known(token: Token, *, section: str) -> str:
    if token.option and token.option not in OPTIONS:
        raise UnknownToken(
            f'In section "{section}", {{{{{token}}}}} asks for the display "{token.option}". '
            f"Use one of: {', '.join(OPTIONS)}."
        )
    return canonical(token, section=section)


def canonical(token: Token, *, section: str) -> str:
    """A token's key with its parameters sorted. Raises UnknownToken when it cannot be read."""
    try:
        return str(FigureKey.parse(token.body))
    except ValueError as error:
        raise UnknownToken(f'In section "{section}", {{{{{token}}}}} cannot be read: {error}') from error


@dataclass
class Resolver:
    """Resolves tokens from facts alone. `marks` stand behind figures of theirs, by key; `missing` collects what had no
    figure, in order, each once.
    """

    figures: Mapping[str, Mapping[str, Any]]
    texts: Mapping[str, str]
    marks: Mapping[str, str] = field(default_factory=dict)
    missing: dict[str, None] = field(default_factory=dict)

    def __call__(self, token: Token) -> str:
        if token.body in self.texts:
            return self.texts[token.body]
        try:
            key = str(FigureKey.parse(token.body))
        except ValueError:
            key = token.body
        figure = self.figures.get(key)
        if figure is None:
            self.missing.setdefault(key)
            return f"[no figure: {key}]"
        text = str(figure["shown"].get(token.option) or figure["display"])
        mark = "" if token.option == "basis" else self.marks.get(key, "")
        return f"{text} {mark}" if mark else text
