"""The scan: every number in the prose of a report's sections, each with where it stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from evaluation.figures.figure import Figure
from evaluation.figures.key import FigureError, FigureKey
from evaluation.models import ReportSection
from evaluation.numbers.arithmetic import Said, reckon
from evaluation.numbers.find import find_numbers
from evaluation.numbers.found import Found, Sort, Standing, Typed
from evaluation.numbers.index import Index, quantity_of
from evaluation.numbers.match import judge
from evaluation.numbers.subjects import Context, Words, filled, nouns_of, times_of, words_of

_TOKEN = re.compile(r"\{\{([^{}|]*)(?:\|[^{}]*)?\}\}")
_TOTAL = re.compile(r"\b(?:in total|total|altogether|overall|in all|all together)\b", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[,;:]| and ")
# A long report has some hundreds of amounts. Those beyond this wait to be decided like others, but are compared with
# nothing, or a pasted spreadsheet would hold a worker for minutes.
MOST_JUDGED = 3_000
TOO_MANY = f"The report has more than {MOST_JUDGED:,} typed numbers, and only the first of them are compared."
# How many letters before and after a sentence may say what it is about.
AROUND = 400


@dataclass(frozen=True, slots=True)
class SectionText:
    """What of a section is scanned. ``slug`` and the words decide a number's fingerprint, nothing else."""

    slug: str
    name: str
    text: str
    key_points: tuple[str, ...] = ()

    @classmethod
    def of(cls, section: ReportSection) -> SectionText:
        return cls(section.slug, str(section), section.text, tuple(section.key_points))

    @property
    def texts(self) -> Iterator[tuple[int | None, str]]:
        """(Place of the key point or None, its text), key points first, as they are printed."""
        yield from enumerate(self.key_points)
        yield None, self.text


def find(sections: Iterable[SectionText]) -> list[Found]:
    """Every number of the sections with its fingerprint, not yet compared with anything."""
    return [
        Found(section.slug, section.name, point, typed, Standing.UNKNOWN, mark)
        for section in sections
        for point, text in section.texts
        for typed, mark in fingerprinted(section.slug, find_numbers(text))
    ]


def scan(sections: Iterable[SectionText], index: Index) -> list[Found]:
    """Every number of the sections in reading order; amounts are judged, the others told apart."""
    found: list[Found] = []
    room = MOST_JUDGED
    for section in sections:
        for point, text in section.texts:
            numbers = fingerprinted(section.slug, find_numbers(text))
            found += _judged(section, point, text, numbers, index, room)
            room -= sum(typed.sort is Sort.AMOUNT for typed, _ in numbers)
    return found


def fingerprinted(slug: str, numbers: Iterable[Typed]) -> list[tuple[Typed, str]]:
    """Each number with the hash of its section, its sentence and itself. In a sentence that has a number twice, the
    second has a hash of its own; a sentence that stands twice is decided once.
    """
    made = []
    seen: Counter[tuple[int, str]] = Counter()
    for typed in numbers:
        place = (typed.sentence_start, typed.printed)
        said = "\n".join([slug, " ".join(typed.sentence.split()), typed.printed, str(seen[place])])
        seen[place] += 1
        made.append((typed, sha256(said.encode()).hexdigest()))
    return made


def _judged(
    section: SectionText, point: int | None, text: str, numbers: Sequence[tuple[Typed, str]], index: Index, room: int
) -> Iterator[Found]:
    sentences: dict[int, _Sentence] = {}
    amounts = [place for place, (typed, _) in enumerate(numbers) if typed.sort is Sort.AMOUNT]
    judged = set(amounts[: max(0, room)])
    for place, (typed, _) in enumerate(numbers):
        if place in judged:
            if typed.sentence_start not in sentences:
                sentences[typed.sentence_start] = _Sentence.of(section, text, typed, index)
            sentences[typed.sentence_start].add(typed)
    for place, (typed, mark) in enumerate(numbers):
        if place not in judged:
            why = TOO_MANY if typed.sort is Sort.AMOUNT else ""
            yield Found(section.slug, section.name, point, typed, Standing.UNKNOWN, mark, why)
            continue
        sentence = sentences[typed.sentence_start]
        verdict = judge(typed, sentence.context(typed, text, index), index, reckon(typed, sentence.said))
        yield Found(section.slug, section.name, point, typed, verdict.standing, mark, verdict.why, verdict.candidates)


@dataclass
class _Sentence:
    """What is read once for all numbers of a sentence. ``said`` are its numbers, typed and by tokens, in order."""

    start: int
    end: int
    near: Words
    wide: Words
    times: frozenset[str]
    is_total: bool
    said: list[Said]
    edges: list[tuple[int, int]]

    @classmethod
    def of(cls, section: SectionText, text: str, typed: Typed, index: Index) -> _Sentence:
        start, end = typed.sentence_start, typed.sentence_end
        around = f"{section.name} {text[max(0, start - AROUND) : start]} {text[end : end + AROUND // 2]}"
        sentence = filled(typed.sentence, index.texts)
        said, edges = [], []
        for match in _TOKEN.finditer(typed.sentence):
            figure = _figure(match[1], index)
            if figure is not None:
                edges.append((start + match.start(), start + match.end()))
                if figure.value is not None:
                    said.append(Said(start + match.start(), quantity_of(figure), figure.value, figure.display))
        near, wide = words_of(sentence), words_of(filled(around, index.texts))
        return cls(start, end, near, wide, times_of(sentence), bool(_TOTAL.search(sentence)), said, edges)

    def add(self, typed: Typed) -> None:
        self.edges.append((typed.start, typed.end))
        if not typed.is_hedged:
            noun = nouns_of(typed.noun)
            self.said.append(Said(typed.start, typed.quantity, typed.value, typed.plain, noun))
            self.said.sort(key=lambda each: each.start)

    def context(self, typed: Typed, text: str, index: Index) -> Context:
        """A number's own part of the sentence lies between the numbers beside it, and ends where a clause does."""
        first = max((end for _, end in self.edges if end <= typed.start), default=self.start)
        last = min((start for start, _ in self.edges if start >= typed.end), default=self.end)
        after = filled(text[typed.end : last], index.texts)
        clause = words_of(f"{filled(text[first : typed.start], index.texts)} {_CLAUSE_END.split(after, maxsplit=1)[0]}")
        times = times_of(after) or self.times
        return Context(self.near, clause or self.near, self.wide, times, self.is_total)


def _figure(body: str, index: Index) -> Figure | None:
    try:
        return index.figures.get(str(FigureKey.parse(body)))
    except FigureError:
        return None
