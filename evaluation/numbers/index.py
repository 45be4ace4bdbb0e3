"""What typed numbers are compared with: figures, stated values, and differences and shares between those that belong
together. Built once for a report; looking a number up is a search in sorted lists.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from evaluation.figures.figure import GBP, PERCENT, Figure
from evaluation.numbers.derived import Derived, derive
from evaluation.numbers.found import Quantity, Typed
from evaluation.numbers.subjects import Subjects, times_of, words_of

MONEY_UNITS = frozenset({GBP, "gbp"})
STATED = "stated.value"
# The last part of a stated value's label when it says when.
_WHEN = re.compile(
    r"\d{4}|month|year|launch|period|quarter|\bday|week|\bnow\b|current|since|before|after", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One number to compare with. ``figure`` is None for what was derived; ``subject`` is a place in the subjects."""

    label: str
    quantity: Quantity
    low: Decimal | None
    high: Decimal | None
    subject: int
    times: frozenset[str]
    unit: str
    shown: str
    source: str
    is_main: bool
    is_change: bool
    figure: Figure | None = None

    @property
    def key(self) -> str:
        return self.figure.key if self.figure is not None else ""

    @property
    def middle(self) -> Decimal:
        if self.low is None or self.high is None:
            return self.low if self.low is not None else self.high if self.high is not None else Decimal(0)
        return (self.low + self.high) / 2


@dataclass
class _Sorted:
    """Entries of one quantity by the size of their number; those known only within bounds in a list of their own."""

    sizes: list[Decimal] = field(default_factory=list)
    points: list[Entry] = field(default_factory=list)
    wide: list[Entry] = field(default_factory=list)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> _Sorted:
        made = cls()
        points: list[tuple[Decimal, int, Entry]] = []
        for entry in entries:
            if entry.low is not None and entry.low == entry.high:
                points.append((abs(entry.low), len(points), entry))
            else:
                made.wide.append(entry)
        for size, _, entry in sorted(points):
            made.sizes.append(size)
            made.points.append(entry)
        return made

    def around(self, typed: Typed) -> Iterator[Entry]:
        bounds = typed.near if typed.is_hedged else typed.bounds
        low, high = bounds.low, bounds.high
        if low is not None and low < 0:
            ends = [abs(end) for end in (low, high) if end is not None]
            low, high = (Decimal(0) if high is None or high > 0 else min(ends)), max(ends)
        first = bisect_left(self.sizes, low) if low is not None else 0
        last = bisect_right(self.sizes, high) if high is not None else len(self.sizes)
        yield from self.points[first:last]
        yield from self.wide


class Index:
    """The numbers of one report's scope. ``texts`` are what tokens such as ``unit.funder`` say.

    ``times`` are the report's own year, in the forms in which labels name it.
    """

    def __init__(
        self, figures: Mapping[str, Figure], *, texts: Mapping[str, str] | None = None, times: Iterable[str] = ()
    ) -> None:
        self.figures = dict(figures)
        self.texts = dict(texts or {})
        self.times = frozenset(times)
        self.subjects = Subjects()
        entries = [self._entry(figure) for figure in self.figures.values() if figure.has_value]
        entries += [self._derived(each) for each in derive(self.figures)]
        self.subjects.weigh()
        by_quantity: dict[Quantity, list[Entry]] = defaultdict(list)
        self.about: dict[int, list[Entry]] = defaultdict(list)
        for entry in entries:
            by_quantity[entry.quantity].append(entry)
            self.about[entry.subject].append(entry)
        self._sorted = {quantity: _Sorted.of(listed) for quantity, listed in by_quantity.items()}
        self.main = frozenset(entry.subject for entry in entries if entry.is_main)
        self.size = len(entries)

    def around(self, typed: Typed) -> Iterator[Entry]:
        """Entries whose number may be the typed one; whether it is, is for the caller to say."""
        found = self._sorted.get(typed.quantity)
        return found.around(typed) if found is not None else iter(())

    def _entry(self, figure: Figure) -> Entry:
        unit = figure.unit.lower()
        quantity = quantity_of(figure)
        family = figure.key.split(" ")[0]
        return Entry(
            label=figure.label,
            quantity=quantity,
            low=figure.low if figure.low is not None or figure.high is not None else figure.value,
            high=figure.high if figure.low is not None or figure.high is not None else figure.value,
            subject=self.subjects.add(words_of(_subject_of(figure))),
            times=times_of(figure.label),
            unit=unit,
            shown=figure.display,
            source="; ".join(figure.sources[:2]),
            is_main=" " not in figure.key,
            is_change=family in ("series.change", "spend.variance") or "change" in unit or "change" in figure.label,
            figure=figure,
        )

    def _derived(self, each: Derived) -> Entry:
        return Entry(
            label=each.label,
            quantity=each.quantity,
            low=each.low,
            high=each.high,
            subject=self.subjects.add(words_of(each.label)),
            times=times_of(each.label),
            unit=each.unit,
            shown=each.shown,
            source="; ".join(each.keys),
            is_main=False,
            is_change=each.is_change,
        )


def _subject_of(figure: Figure) -> str:
    """The label without when: a sentence says that in its own way."""
    head, comma, last = figure.label.rpartition(", ")
    return head if comma and figure.key.startswith(STATED) and _WHEN.search(last) else figure.label


def quantity_of(figure: Figure) -> Quantity:
    if figure.unit in MONEY_UNITS:
        return Quantity.MONEY
    return Quantity.PERCENT if figure.unit == PERCENT else Quantity.COUNT
