"""Where sentences begin and end. Rows, list items and headings are sentences of their own."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

# "c. 80", "approx. 5", "e.g. 12" and "p. 3" end no sentence.
_END = re.compile(
    r"(?<!\bc)(?<!\bca)(?<!\bapprox)(?<!\be\.g)(?<!\bi\.e)(?<!\bp)(?<!\bpp)(?<!\bNo)(?<!\bSt)(?m:(?<!^\d)(?<!^\d\d))[.!?][\"'\u201d\u2019)\]*_]*\s+"
    r"(?=[A-Z0-9\"'\u201c\u2018(\[*_£\ue002])|\n\s*\n\s*|\n(?=[ \t]*(?:[-*+>|#]|\d+[.)] |:::))"
)
_LEADING = re.compile(r"[ \t]{0,200}(?:[-*+>]|\d{1,9}[.)]|#{1,6})?[ \t]{0,200}")
# No sentence is that long; a text without stops is cut, so that each of its numbers does not carry all of it.
LONGEST = 2_000


class Sentences:
    """The sentences of a text of up to a few hundred thousand letters, found once."""

    def __init__(self, text: str) -> None:
        self._text = text
        ends = [match.span() for match in _END.finditer(text)]
        starts, stops = [0, *(end for _, end in ends)], [*(start for start, _ in ends), len(text)]
        pieces = [piece for first, last in zip(starts, stops, strict=True) for piece in self._cut(first, last)]
        self._starts, self._ends = [first for first, _ in pieces], [last for _, last in pieces]

    def _cut(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """A stretch in pieces of at most ``LONGEST`` letters, cut before a space where there is one."""
        while last - first > LONGEST:
            space = self._text.rfind(" ", first + 1, first + LONGEST)
            place = space if space > 0 else first + LONGEST
            yield first, place
            first = place
        yield first, last

    def with_any(self, pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
        """(First, last) letter of each run of sentences in which a pattern occurs; ``text`` has the same places."""
        place, last_place = 0, len(self._starts)
        while place < last_place:
            match = pattern.search(text, self._starts[place])
            if match is None:
                return
            place = bisect_right(self._starts, match.start()) - 1
            first = self._starts[place]
            while place + 1 < last_place and pattern.search(text, self._starts[place + 1], self._ends[place + 1]):
                place += 1
            yield first, self._ends[place]
            place += 1

    def around(self, start: int, end: int) -> tuple[int, int]:
        """(First, last) letter of the sentence in which a number stands, without the marks of a list and spaces."""
        place = bisect_right(self._starts, start) - 1
        first = self._starts[place]
        # A number may reach over what looked like an end ("c. 80").
        while self._ends[place] < end and place + 1 < len(self._ends):
            place += 1
        last = self._ends[place]
        if place + 1 < len(self._starts) and self._text[last : last + 1] in ".!?":
            last += 1
        leading = _LEADING.match(self._text, first)
        first = min(leading.end() if leading else first, start)
        while last > end and self._text[last - 1].isspace():
            last -= 1
        return first, max(last, end)
