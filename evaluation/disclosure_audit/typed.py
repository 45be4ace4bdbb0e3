"""Counts that somebody typed: a hidden group's name beside its number, in a sentence or in a text alternative."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_SOMEBODY = (
    r"(?:people|persons?|child(?:ren)?|pupils?|students?|young|adults?|parents?|wom[ae]n|m[ae]n|girls?|boys?|victims?"
    r"|participants?|practitioners?|professionals?|residents?|(?:were |was )?supported|(?:were |was )?reached)"
)
_SHORTEST_NAME = 3


def typed_counts(
    lines: Iterable[tuple[str, str]], hidden: Mapping[str, tuple[str, int]]
) -> Iterator[tuple[str, str, str]]:
    """(key, where, line) for each line that names the group of a hidden count together with its number of people.

    ``hidden`` is {key: (label, true count)}; the group is what the label says after its first comma. Only a number of
    people counts, not the three schools in the same sentence.
    """
    groups = {key: (_names(label), _number(count)) for key, (label, count) in hidden.items() if count}
    wanted = {key: each for key, each in groups.items() if each[0]}
    for where, line in lines:
        folded = line.casefold()
        if not any(character.isdigit() for character in folded) and not any(word in folded for word in _WORDS):
            continue
        for key, (names, number) in wanted.items():
            if all(name in folded for name in names) and number.search(folded):
                yield key, where, line


def _names(label: str) -> tuple[str, ...]:
    parts = [part.strip().casefold() for part in label.split(", ")[1:]]
    return tuple(part for part in parts if len(part) >= _SHORTEST_NAME)


def _number(count: int) -> re.Pattern[str]:
    written = [f"{count:,}", str(count), *([_WORDS[count - 1]] if count <= len(_WORDS) else [])]
    digits = "|".join(re.escape(each) for each in dict.fromkeys(written))
    return re.compile(rf"(?<![\w.,£%-])(?:{digits})(?![\d%]|,\d|\.\d)\W+(?:[\w'’-]+\W+){{0,2}}?{_SOMEBODY}\b")
