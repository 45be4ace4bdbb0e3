"""What the rules look at, held in memory: stated values, how they are related, series, figures and the ledger."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from evaluation.figures.figure import Figure
from evaluation.rules.ledger.rows import Ledger
from vru.lib.bounded import Bounded, Precision
from vru.lib.periods import FinancialYear

MONEY_UNIT, PERCENT_UNITS = "gbp", ("percent", "percent_change")
MONEY, PERCENT, COUNT = "money", "percentage", "count"


@dataclass(frozen=True, slots=True)
class Spell:
    """The period of a value as parsed, with its text as printed."""

    kind: str
    text: str
    starts_on: datetime.date | None
    ends_on: datetime.date | None

    @property
    def is_dated(self) -> bool:
        return self.starts_on is not None


@dataclass(frozen=True, slots=True)
class Value:
    """A stated value. Money is in pounds."""

    name: str
    document: str
    place: str
    subject: str
    printed: str
    bounded: Bounded
    unit: str
    kind: str
    period: Spell
    population: str
    measure: str
    figure_key: str = ""
    series: str = ""
    published_on: datetime.date | None = None

    @property
    def where(self) -> str:
        subject = f"{self.subject}, {self.period.text}" if self.series and self.period.text else self.subject
        return f"{self.document}, {self.place}: {subject} ({self.name})"

    @property
    def source(self) -> str:
        return f"{self.document}, {self.place}"

    @property
    def quantity(self) -> str:
        """What sort of number it is: money, percentage or count."""
        if self.unit.lower() == MONEY_UNIT:
            return MONEY
        return PERCENT if self.unit in PERCENT_UNITS else COUNT

    @property
    def number(self) -> Decimal:
        """The number as stated; of a range its lower end, else whichever end is known."""
        ends = (self.bounded.value, self.bounded.low, self.bounded.high)
        return next(each for each in ends if each is not None)

    @property
    def width(self) -> Decimal | None:
        """From the lowest to the highest that the number can be; None where it has no end."""
        low, high = self.bounded.low, self.bounded.high
        return None if low is None or high is None else high - low

    @property
    def is_rounded(self) -> bool:
        return self.bounded.precision in (Precision.ROUNDED, Precision.ABOUT)


@dataclass(frozen=True, slots=True)
class Link:
    """A relation: how ``result`` should follow from ``terms``, in their order."""

    ref: str
    kind: str
    result: Value
    terms: tuple[Value, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A series with its points in time order."""

    slug: str
    title: str
    unit: str
    calendar: str
    part_of: str
    points: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """A recommendation, to see whether it stands twice."""

    ref: str
    group: str
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class Worded:
    """One thing in the words of one document; a date has its first and last possible day."""

    ref: str
    kind: str
    fact: str
    about: str
    text: str
    document: str
    place: str
    starts_on: datetime.date | None = None
    ends_on: datetime.date | None = None
    published_on: datetime.date | None = None

    @property
    def where(self) -> str:
        return f"{self.document}, {self.place}: {self.about} ({self.ref})"

    @property
    def source(self) -> str:
        return f"{self.document}, {self.place}"


@dataclass(frozen=True, slots=True)
class Passage:
    """A section of a report of the year, as it is being written; ``numbers`` are those of all its report's sections."""

    report: int
    title: str
    number: str
    slug: str
    text: str
    numbers: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return f"section {self.number}" if self.number[:1].isdigit() else self.number or self.slug

    @property
    def where(self) -> str:
        return f"{self.title}: {self.name}"


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """A number that somebody typed into a section, and the figure that it contradicts."""

    report: int
    where: str
    printed: str
    shown: str
    why: str
    fingerprint: str


@dataclass(frozen=True)
class Evidence:
    """One year of one layer. ``figures`` are computed ones by key; ``unknown_keys`` are those that name no figure,
    each with the sentence that says why.
    """

    year: FinancialYear
    layer: str
    values: tuple[Value, ...] = ()
    links: tuple[Link, ...] = ()
    runs: tuple[Run, ...] = ()
    advice: tuple[Advice, ...] = ()
    wordings: tuple[Worded, ...] = ()
    passages: tuple[Passage, ...] = ()
    typed: tuple[TypedNumber, ...] = ()
    figures: Mapping[str, Figure] = field(default_factory=dict)
    unknown_keys: Mapping[str, str] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)

    def links_of(self, *kinds: str) -> list[Link]:
        return [link for link in self.links if link.kind in kinds]
