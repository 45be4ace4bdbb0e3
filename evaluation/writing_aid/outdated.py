"""What in a copied section is probably out of date: years that somebody typed, statements of one time, lost figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from evaluation.models import Report, ReportSection
from evaluation.reports.content import written_content
from evaluation.reports.tokens import TEXTS
from vru.lib.narrative import find_tokens
from vru.lib.periods import FinancialYear
from vru.lib.words import clipped

YEAR, RELATIVE, STATED, LOST = "year", "relative", "stated", "lost"
TITLES = {
    YEAR: "A year that was typed",
    RELATIVE: "Words that meant another time",
    STATED: "A number that a document states",
    LOST: "A figure that is not there",
}
_RELATIVE = re.compile(
    r"\b(?:this|last|next|previous|coming|current)\s+(?:financial\s+)?(?:year|quarter|month)\b", re.I
)
_FINANCIAL = re.compile(r"\b(20\d\d)\s?[-/\N{EN DASH}]\s?(?:20)?(\d\d)\b")
_CALENDAR = re.compile(r"\b(20\d\d)\b(?!\s?[-/\N{EN DASH}]\s?\d)")
_TOKEN = re.compile(r"\{\{[^{}]*\}\}")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n{2,}|\n(?=[-*|#])")
LONGEST_QUOTE = 240


@dataclass(frozen=True)
class Outdated:
    """One thing to look at: its kind, the words as they stand, the sentence around them, and why."""

    kind: str
    words: str
    sentence: str
    why: str

    @property
    def title(self) -> str:
        return TITLES[self.kind]


def outdated_in(section: ReportSection, report: Report, lost: Mapping[str, str]) -> list[Outdated]:
    """What to look at in a section copied from ``report.copied_from``. ``lost`` says why a key has no figure."""
    if report.copied_from is None:
        return []
    old = report.copied_from
    found: list[Outdated] = []
    for sentence in _sentences(written_content(section).texts):
        found += _typed(sentence, old, report)
        found += _tokens(sentence, lost)
    return list(dict.fromkeys(found))


def keys_of(sections: Iterable[ReportSection]) -> list[str]:
    """The keys that sections ask for, as typed, each once."""
    tokens = (token for section in sections for text in written_content(section).texts for token in find_tokens(text))
    return list(dict.fromkeys(token.body for token in tokens if token.body not in TEXTS))


def _typed(sentence: str, old: Report, new: Report) -> Iterator[Outdated]:
    prose = _TOKEN.sub(" ", sentence)
    quote = _in_a_line(sentence)
    for match in _FINANCIAL.finditer(prose):
        if int(match[1]) == old.year != new.year and (int(match[1]) + 1) % 100 == int(match[2]):
            why = f"{match[0]} was the year of the report it was copied from; this one is about {new.period_label}."
            yield Outdated(YEAR, match[0], quote, why)
    for match in _CALENDAR.finditer(_FINANCIAL.sub(" ", prose)):
        if int(match[1]) in _years(old.financial_year) and old.year != new.year:
            yield Outdated(YEAR, match[0], quote, f"{match[0]} lay in the year of the report it was copied from.")
    for match in _RELATIVE.finditer(prose):
        yield Outdated(RELATIVE, match[0], quote, f"It was written for {old.period_label}.")


def _tokens(sentence: str, lost: Mapping[str, str]) -> Iterator[Outdated]:
    for token in find_tokens(sentence):
        if token.body in lost:
            yield Outdated(LOST, f"{{{{{token}}}}}", _in_a_line(sentence), lost[token.body])
        elif token.body.startswith("stated.value "):
            why = "It is what one document said at one time. Look for a newer one."
            yield Outdated(STATED, f"{{{{{token}}}}}", _in_a_line(sentence), why)


def _sentences(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from (part.strip() for part in _SENTENCE.split(text) if part and part.strip())


def _years(year: FinancialYear) -> tuple[int, int]:
    return year.start, year.start + 1


def _in_a_line(text: str) -> str:
    return clipped(" ".join(text.split()), LONGEST_QUOTE)
