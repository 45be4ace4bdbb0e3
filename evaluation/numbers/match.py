"""What a typed number may be: figures that agree with it and are about the same thing, or one it contradicts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings

from evaluation.figures.figure import OPTIONS, PEOPLE, Figure
from evaluation.numbers.arithmetic import Reckoned
from evaluation.numbers.found import Candidate, Quantity, Standing, Typed
from evaluation.numbers.index import Entry, Index
from evaluation.numbers.subjects import Context, nouns_of
from vru.lib.words import capital

# How much of a label the sentence must say (0 to 1) for a figure to be the one that is meant, likely, or possible.
MEANT, LIKELY, POSSIBLE = 0.75, 0.55, 0.3
CONTRADICTED = 0.8
# A label of fewer words says too little to hold a number against a figure.
FEWEST_WORDS = 2
# A number this far from a figure is another fact: half or double, or so many percentage points.
MOST_TIMES, MOST_POINTS = 2, Decimal(15)
# So many digits hardly agree by chance.
TELLING_DIGITS = 5
MOST_CANDIDATES = 5
NO, LOOSELY, CLOSELY = 0, 1, 2
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class _Hit:
    entry: Entry
    level: int
    score: float

    @property
    def rank(self) -> tuple[float, int, int, int, str]:
        key = self.entry.key
        return (-round(self.score, 2), -self.level, not key, _kind_rank(key), f"{len(key):04}{key}{self.entry.label}")


@dataclass(frozen=True, slots=True)
class Verdict:
    standing: Standing
    why: str
    candidates: tuple[Candidate, ...]


def judge(typed: Typed, context: Context, index: Index, reckoned: Reckoned | None) -> Verdict:
    """Where a typed amount stands against an index. ``reckoned`` is what its own sentence gives for it, if anything."""
    hits = sorted(_hits(typed, context, index), key=lambda hit: hit.rank)
    best = hits[0] if hits else None
    if reckoned is not None and not reckoned.agrees:
        return Verdict(Standing.CONTRADICTS, reckoned.why, _listed(typed, hits))
    if best is not None and best.level == CLOSELY and best.entry.key and best.score >= _enough(typed):
        return Verdict(Standing.BINDABLE, f"It agrees with {_named(best.entry)}.", _listed(typed, hits))
    if reckoned is not None and reckoned.agrees:
        return Verdict(Standing.MATCHES, reckoned.why, _listed(typed, hits))
    if best is None or best.score < LIKELY:
        against = _contradicted(typed, context, index)
        if against is not None:
            why = f"{capital(_named(against))} is {against.shown}; the text says {_plain(typed.plain)}."
            return Verdict(
                Standing.CONTRADICTS, why, (_candidate(typed, against, 1.0, agrees=False), *_listed(typed, hits))
            )
    if best is not None and best.score >= _least(typed):
        why = f"It {'agrees with' if best.level == CLOSELY else 'may be a rounding of'} {_named(best.entry)}."
        return Verdict(Standing.MATCHES, why, _listed(typed, hits))
    return Verdict(Standing.UNKNOWN, "No figure or statement that it could be was found.", _listed(typed, hits))


def agreement(typed: Typed, entry: Entry) -> int:
    """Whether a number can be an entry's: not at all, loosely (rounded without saying so) or closely."""
    low, high = entry.low, entry.high
    if typed.value >= 0 and entry.is_change and typed.direction:
        falls = high is not None and high <= 0
        if falls != (typed.direction < 0) and high != low:
            return NO
        if low is not None and low == high and low and falls != (typed.direction < 0):
            return NO
    if typed.value >= 0 and high is not None and high < 0:
        low, high = -high, -low if low is not None else None
    if low is None or high is None:
        return _within_one_bound(typed, low, high)
    if typed.near.meets(low, high):
        return CLOSELY
    return LOOSELY if not typed.is_hedged and typed.bounds.meets(low, high) else NO


def _within_one_bound(typed: Typed, low: Decimal | None, high: Decimal | None) -> int:
    """ "140+" can be any number above, but is most likely one not far above."""
    if not typed.near.meets(low, high):
        return NO
    bound = low if low is not None else high
    return CLOSELY if bound is not None and abs(abs(typed.value) - abs(bound)) * 5 <= abs(bound) else LOOSELY


def _hits(typed: Typed, context: Context, index: Index) -> Iterable[_Hit]:
    for entry in index.around(typed):
        level = agreement(typed, entry)
        if level == NO or (level == LOOSELY and (entry.low is None or entry.high is None)):
            continue
        score = index.subjects.score(entry.subject, context)
        if entry.times and context.times and not _times_meet(entry, context.times):
            score *= 0.5
        # A share that is not said to have moved is hardly a change.
        if entry.is_change and not typed.direction:
            score *= 0.5
        if typed.quantity is Quantity.COUNT and not _counts_the_same(typed, entry, index):
            score *= 0.6
        # A total stands for itself only where the sentence speaks of a whole; "Budget" is in many sentences.
        if entry.key and len(index.subjects.sets[entry.subject]) < FEWEST_WORDS and _digits(typed.value) < FEWEST_WORDS:
            score *= 0.75
        yield _Hit(entry, level, score)


def _contradicted(typed: Typed, context: Context, index: Index) -> Entry | None:
    """The figure that the sentence is about by its words, where the number cannot be it and nothing about the same
    thing agrees.
    """
    subjects = index.subjects
    said = subjects.said_in(context.clause, index.main, CONTRADICTED)
    ranked = sorted(said, key=lambda place: (-round(said[place], 2), -len(subjects.sets[place]), place))
    for place in ranked:
        if len(subjects.sets[place]) < FEWEST_WORDS and not context.is_total:
            continue
        alike = [entry for entry in index.about[place] if entry.quantity is typed.quantity]
        rivals = [entry for entry in alike if _may_speak(entry, typed, context, index)]
        if not rivals or any(agreement(typed, entry) for entry in alike):
            continue
        nearest = min(rivals, key=lambda entry: (abs(abs(entry.middle) - abs(typed.value)), entry.key, entry.label))
        if _is_near(typed, nearest) and _counts_the_same(typed, nearest, index):
            return nearest
    return None


def _may_speak(entry: Entry, typed: Typed, context: Context, index: Index) -> bool:
    """Whether an entry is of the time that the sentence speaks of, its own or else the report's; and, as a percentage,
    a change where the sentence says that something moved.
    """
    if typed.quantity is Quantity.PERCENT and entry.is_change != bool(typed.direction):
        return False
    return not entry.times or _times_meet(entry, context.times or index.times)


def _times_meet(entry: Entry, times: frozenset[str]) -> bool:
    if any(" " in each for each in entry.times) and not any(" " in each for each in times):
        return False
    return bool(entry.times & times)


def _is_near(typed: Typed, entry: Entry) -> bool:
    size, other = abs(typed.value), abs(entry.middle)
    if typed.quantity is Quantity.PERCENT:
        return abs(size - other) <= MOST_POINTS
    return bool(size) and bool(other) and max(size, other) <= MOST_TIMES * min(size, other)


def _counts_the_same(typed: Typed, entry: Entry, index: Index) -> bool:
    """Whether the things named after the number are those that the entry counts; true where none is named."""
    nouns = nouns_of(typed.noun)
    if not nouns or typed.quantity is not Quantity.COUNT:
        return True
    return bool(nouns & index.subjects.sets[entry.subject]) or bool(nouns & nouns_of(tuple(entry.unit.split())))


def _enough(typed: Typed) -> float:
    """How much of a label must be said for a figure to be bound: more where the number says little ("£4m")."""
    low, high = typed.near.low, typed.near.high
    is_vague = low is None or high is None or (high - low) * 8 > abs(typed.value)
    return MEANT if is_vague and typed.quantity is Quantity.MONEY else LIKELY


def _least(typed: Typed) -> float:
    """How much of a label must be said for an agreement not to be chance: the more digits, the less."""
    digits = _digits(typed.value)
    return 0 if digits >= TELLING_DIGITS else POSSIBLE if digits <= 2 else POSSIBLE * 2 / 3


def _digits(value: Decimal) -> int:
    """Digits that tell: 4 for 1,169, 1 for 80,000, 2 for £1.4m."""
    return len(value.normalize().as_tuple().digits)


def _kind_rank(key: str) -> int:
    """Computed figures before series, series before single statements."""
    return 2 if key.startswith("stated.value") else 1 if key.startswith("series.") else 0


def _listed(typed: Typed, hits: Sequence[_Hit]) -> tuple[Candidate, ...]:
    made: dict[tuple[str, str], Candidate] = {}
    for hit in hits[: MOST_CANDIDATES * 2]:
        if hit.score >= POSSIBLE / 2 or _digits(typed.value) >= TELLING_DIGITS:
            candidate = _candidate(typed, hit.entry, hit.score, agrees=hit.level == CLOSELY)
            made.setdefault((candidate.key or candidate.label, candidate.shown), candidate)
    return tuple(made.values())[:MOST_CANDIDATES]


def _candidate(typed: Typed, entry: Entry, score: float, *, agrees: bool) -> Candidate:
    option, shown, is_same = ("", entry.shown, False) if entry.figure is None else best_option(typed, entry.figure)
    return Candidate(
        key=entry.key,
        label=entry.label,
        shown=shown,
        option=option,
        source=entry.source,
        agrees=agrees,
        prints_the_same=is_same,
        is_small_count=_is_small(entry.figure),
        score=round(score, 2),
    )


def best_option(typed: Typed, figure: Figure) -> tuple[str, str, bool]:
    """(The display option to bind with, what it prints, whether that is what was typed). "" is the usual display."""
    wanted = _plain(typed.plain).lower()
    for option in ("short", *(each for each in OPTIONS if each != "basis")):
        if _plain(figure.shown(option)).lower() == wanted:
            return ("" if option == "short" else option), figure.shown(option), True
    in_words = not any(letter.isdigit() for letter in typed.printed)
    option = "words" if in_words and typed.quantity is not Quantity.PERCENT else ""
    return option, figure.shown(option or "short"), False


def _is_small(figure: Figure | None) -> bool:
    """A count of so few people is hidden in what is published; typed, it would stand there."""
    if figure is None or figure.unit != PEOPLE or figure.value is None:
        return False
    return 0 < figure.value < settings.DISCLOSURE_THRESHOLD


def _named(entry: Entry) -> str:
    return f"“{entry.label}”" if entry.figure is not None else f"“{entry.label}”, reckoned from two figures"


def _plain(text: str) -> str:
    return _SPACES.sub(" ", text).strip().replace("c. ", "c.")
