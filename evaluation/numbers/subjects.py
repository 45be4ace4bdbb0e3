"""What a number is about: the words of a figure's label and those of a sentence, made comparable."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

Words = frozenset[str]
_WORD = re.compile(r"[a-z\u00df-\u024f]+(?:['\u2019][a-z]+)?")
_NUMBERED = re.compile(r"\b(objective|outcome|aim)s? (\d+)(?: \([^()]*(?:\([^()]*\)[^()]*)*\))?")
_ASIDE = re.compile(r"\((?:gross|net|prefer[^)]*)\)")
_TIME = re.compile(r"\b(?:1[89]|20)\d\d(?:[-/\u2013](?:\d{4}|\d\d))?(?: ?q[1-4])?\b")
_UNIT_TOKEN = re.compile(r"\{\{\s*([a-z_.]+)\s*\}\}")
_TOKEN = re.compile(r"\{\{[^{}]*\}\}")
STOP = frozenset((
    "a", "about", "against", "all", "almost", "also", "an", "and", "any", "are", "around", "as", "at", "be", "been",
    "being", "but", "by", "came", "cent", "change", "compare", "compared", "difference", "each", "eight", "every",
    "fell", "figure", "five", "for", "four", "from", "gave", "had", "half", "has", "have", "he", "her", "his",
    "how", "i", "in", "into", "is", "it", "its", "least", "more", "most", "nearly", "nine", "no", "nor", "not",
    "number", "of", "on", "one", "or", "other", "our", "out", "over", "per", "percent", "quarter", "rose", "seven",
    "share", "she", "six", "so", "some", "such", "ten", "than", "that", "the", "their", "them", "then", "there",
    "these", "they", "third", "this", "those", "three", "through", "to", "total", "two", "under", "up", "value",
    "was", "we", "went", "were", "what", "when", "where", "which", "while", "who", "whom", "will", "with", "within",
    "would", "you", "your",
))  # fmt: skip
_ALIKE = {
    **dict.fromkeys(("individual", "child", "children", "person", "client", "participant", "beneficiary"), "people"),
    **dict.fromkeys(("kill", "murder"), "homicide"),
    **dict.fromkeys(("organisation", "grantee"), "grantee"),
    **dict.fromkeys(("fund", "fundin"), "fund"),
    **dict.fromkeys(("spent", "spend", "expenditure"), "spend"),
}
# A word that stands in more labels than this tells little; the plain totals of each family are looked at anyway.
MOST_LABELS = 300


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """One form for the forms of a word: "boroughs", "funded" and "funding" become "borough" and "fund"."""
    word = word.split("'")[0].split("\u2019")[0]
    if word in _ALIKE:
        return _ALIKE[word]
    if len(word) > 4 and word.endswith("ies"):
        word = f"{word[:-3]}y"
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    word = word.removesuffix("al") if len(word) > 6 else word
    word = word.removesuffix("e") if len(word) > 4 else word
    return _ALIKE.get(word, word)


def words_of(text: str) -> Words:
    """The words that say what a text is about; numbers, small words and tokens are left out."""
    lowered = _ASIDE.sub(" ", text.lower())
    numbered = [f"{noun}#{number}" for noun, number in _NUMBERED.findall(lowered)]
    rest = _NUMBERED.sub(" ", lowered)
    return frozenset([*numbered, *(stem(word) for word in _WORD.findall(rest) if word not in STOP)])


@lru_cache(maxsize=4_000)
def nouns_of(noun: tuple[str, ...]) -> Words:
    """What is counted, from the words after a number or from a unit."""
    return words_of(" ".join(noun))


def times_of(text: str) -> frozenset[str]:
    """The years and quarters that a text names: {"2020", "2020-21", "2020-21 q3"}."""
    found = {re.sub(r"[/\u2013]", "-", each) for each in _TIME.findall(text.lower())}
    return frozenset(re.sub(r"-20(\d\d)", r"-\1", each).replace("q", " q").replace("  ", " ") for each in found)


def filled(text: str, texts: Mapping[str, str]) -> str:
    """A sentence with its texts in place of their tokens, and without other tokens."""
    named = _UNIT_TOKEN.sub(lambda match: texts.get(match[1], match[0]), text)
    return _TOKEN.sub(" ", named)


@dataclass(frozen=True, slots=True)
class Context:
    """What a number's sentence says (``near``), its own part of it (``clause``) and the text around (``wide``)."""

    near: Words
    clause: Words
    wide: Words
    times: frozenset[str]
    is_total: bool = False


@dataclass
class Subjects:
    """Sets of words, each once, with how telling each word is and where it stands."""

    sets: list[Words] = field(default_factory=list)
    weights: dict[str, float] = field(default_factory=dict)
    totals: list[float] = field(default_factory=list)
    _places: dict[Words, int] = field(default_factory=dict)
    _standing: dict[str, list[int]] = field(default_factory=dict)

    def add(self, words: Words) -> int:
        """The place of a set of words."""
        place = self._places.get(words)
        if place is None:
            place = self._places[words] = len(self.sets)
            self.sets.append(words)
        return place

    def weigh(self) -> None:
        """To be called once every set is in: rare words weigh more."""
        standing: dict[str, list[int]] = defaultdict(list)
        for place, words in enumerate(self.sets):
            for word in words:
                standing[word].append(place)
        count = len(self.sets)
        self.weights = {word: math.log1p(count / len(places)) for word, places in standing.items()}
        self.totals = [sum(self.weights[word] for word in words) or 1.0 for words in self.sets]
        self._standing = {word: places for word, places in standing.items() if len(places) <= MOST_LABELS}

    def score(self, place: int, context: Context) -> float:
        """From 0 to 1: how much of a set of words the sentence says, and by half what stands around it."""
        said = around = 0.0
        for word in self.sets[place]:
            if word in context.near:
                said += self.weights[word]
            elif word in context.wide:
                around += self.weights[word]
        # What a sentence does not mention at all it is hardly about.
        return (said + around / (2 if said else 4)) / self.totals[place]

    def said_in(self, words: Words, always: Iterable[int], least: float) -> dict[int, float]:
        """The sets of which words say at least so much, each with how much; ``always`` are looked at anyway."""
        counts: dict[int, int] = defaultdict(int)
        for word in words:
            for place in self._standing.get(word, ()):
                counts[place] += 1
        # Half of a set's words is the least that may come near.
        near = {place for place, count in counts.items() if count * 2 >= len(self.sets[place])}
        made = {}
        for place in near.union(always):
            score = sum(self.weights[word] for word in self.sets[place] & words) / self.totals[place]
            if score >= least:
                made[place] = score
        return made
