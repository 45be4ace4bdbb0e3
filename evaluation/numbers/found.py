"""What the scan of a report's prose gives: each number that somebody typed, what it may be, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from django.db import models

from evaluation.figures.figure import Figure

_NO_MARKS = str.maketrans("", "", "*_")


class Sort(StrEnum):
    """What a number in prose is. Only amounts are figures; the others are told apart and listed, never asked about."""

    AMOUNT = "amount"
    DATE = "date"
    YEAR = "year"
    TIME = "time"
    AGE = "age"
    ORDINAL = "ordinal"
    REFERENCE = "reference"
    WORDING = "wording"


class Quantity(StrEnum):
    MONEY = "money"
    PERCENT = "percent"
    COUNT = "count"


class Standing(models.TextChoices):
    """Gravest first."""

    CONTRADICTS = "contradicts", "Contradicts a figure"
    BINDABLE = "bindable", "Can be bound"
    MATCHES = "matches", "Matches, not bound"
    UNKNOWN = "unknown", "Not known"


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers that a typed one may stand for. None is unbounded on that side."""

    low: Decimal | None
    high: Decimal | None

    def meets(self, low: Decimal | None, high: Decimal | None) -> bool:
        below = high is not None and self.low is not None and high < self.low
        above = low is not None and self.high is not None and low > self.high
        return not (below or above)


@dataclass(frozen=True, slots=True)
class Typed:
    """A number in a text. ``start`` and ``end`` are places in that text; words such as "nearly" belong to it.

    Money is in pounds and "25%" is 25. ``near`` is what it most likely says, ``bounds`` what it can say at all: a
    number outside them contradicts it. ``noun`` are the words that follow. ``direction`` is −1 after "fell by" and 1
    after "rose by".
    """

    start: int
    end: int
    printed: str
    sort: Sort
    quantity: Quantity = Quantity.COUNT
    value: Decimal = Decimal(0)
    near: Span = field(default_factory=lambda: Span(Decimal(0), Decimal(0)))
    bounds: Span = field(default_factory=lambda: Span(Decimal(0), Decimal(0)))
    noun: tuple[str, ...] = ()
    is_hedged: bool = False
    direction: int = 0
    sentence: str = ""
    sentence_start: int = 0
    sentence_end: int = 0

    @property
    def plain(self) -> str:
        """As printed, without marks of emphasis."""
        return " ".join(self.printed.translate(_NO_MARKS).split())


@dataclass(frozen=True, slots=True)
class Candidate:
    """A figure that the number may be. ``key`` is empty where it is derived from two (then nothing can be bound).

    ``option`` is the display option whose text comes nearest to what was typed; ``shown`` is that text.
    """

    key: str
    label: str
    shown: str
    option: str
    source: str
    agrees: bool
    prints_the_same: bool
    is_small_count: bool
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """``point`` is the place of the key point it stands in, None for the section's text. ``why`` is a sentence."""

    section: str
    section_name: str
    point: int | None
    typed: Typed
    standing: Standing
    fingerprint: str
    why: str = ""
    candidates: tuple[Candidate, ...] = ()

    @property
    def is_amount(self) -> bool:
        return self.typed.sort is Sort.AMOUNT

    @property
    def before(self) -> str:
        """The sentence up to the number."""
        return self.typed.sentence[: self.typed.start - self.typed.sentence_start]

    @property
    def after(self) -> str:
        return self.typed.sentence[self.typed.end - self.typed.sentence_start :]

    @property
    def best(self) -> Candidate | None:
        return next((each for each in self.candidates if each.key), None)


@dataclass(frozen=True)
class Decided:
    """What was decided about a number: ``label`` and ``text`` as people read them."""

    kind: str
    label: str
    text: str
    document: str = ""
    place: str = ""
    by: str = ""


@dataclass(frozen=True)
class NumbersState:
    """Every amount typed into a report's prose, in reading order, and where it stands.

    ``counts`` has one number for each Standing, of undecided amounts only. ``tokens`` counts the figures that are
    bound. ``set_aside`` are dates, years, ages, references and the like. ``figures`` are those it was compared with.
    """

    amounts: Sequence[Found]
    set_aside: Sequence[Found]
    decisions: Mapping[str, Decided]
    tokens: int
    figures: Mapping[str, Figure] = field(default_factory=dict)

    @property
    def undecided(self) -> list[Found]:
        return [each for each in self.amounts if each.fingerprint not in self.decisions]

    @property
    def decided(self) -> list[Found]:
        return [each for each in self.amounts if each.fingerprint in self.decisions]

    @property
    def counts(self) -> dict[Standing, int]:
        made = dict.fromkeys(Standing, 0)
        for each in self.undecided:
            made[each.standing] += 1
        return made

    @property
    def contradictions(self) -> list[Found]:
        """Undecided ones: they stop a sign-off."""
        return [each for each in self.undecided if each.standing is Standing.CONTRADICTS]

    @property
    def is_settled(self) -> bool:
        return not self.undecided
