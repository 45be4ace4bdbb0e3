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
_LEADING = re.compile(r"[ \t]*(?:[-*+>]|\d+[.)]|#{1,6})?[ \t]*")


class Sentences:
    """The sentences of a text of up to a few hundred thousand letters, found once."""

    def __init__(self, text: str) -> None:
        self._text = text
        ends = [match.span() for match in _END.finditer(text)]
        self._starts = [0, *(end for _, end in ends)]
        self._ends = [*(start for start, _ in ends), len(text)]

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
