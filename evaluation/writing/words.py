"""How long a section is, as its readers count: words of key points and prose, a figure as one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.reports.markup import parse_blocks

_TOKEN = re.compile(r"\{\{[^{}]*\}\}")
# Neither part reads over another bracket, so that a text of opening brackets is read once.
_LINK = re.compile(r"\[([^\[\]]*)\]\((?:[^()]|\([^()]*\))*\)")
_MARKS = re.compile(r"[*_`#>|~\-\u2013\u2014]+")


@dataclass(frozen=True, slots=True)
class Length:
    """``limit`` is None where a section may be as long as it likes."""

    words: int
    limit: int | None = None

    @property
    def is_over(self) -> bool:
        return self.limit is not None and self.words > self.limit

    @property
    def said(self) -> str:
        """ "120 words", "120 of 500 words", "520 words: 20 over the limit of 500"."""
        if self.limit is None:
            return f"{self.words:,} {'word' if self.words == 1 else 'words'}"
        if self.is_over:
            return f"{self.words:,} words: {self.words - self.limit:,} over the limit of {self.limit:,}"
        return f"{self.words:,} of {self.limit:,} words"


def length_of(text: str, key_points: Sequence[str] = (), limit: int | None = None) -> Length:
    """Tables, charts and other blocks count only their own prose: captions and notes are no narrative."""
    said = [block["text"] for block in parse_blocks(text) if block["kind"] in ("prose", "callout", "not_supplied")]
    return Length(sum(count_words(each) for each in (*key_points, *said)), limit)


def count_words(markdown: str) -> int:
    plain = _MARKS.sub(" ", _LINK.sub(r"\1", _TOKEN.sub("0", markdown)))
    return sum(1 for word in plain.split() if any(character.isalnum() for character in word))
