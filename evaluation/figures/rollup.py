"""Adding grouped rows up to slices: a row is one sum of one grant and quarter, a slice a set of parameter names."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

NONE = "none"
QUARTER = "quarter"
Values = tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Owner:
    """What a number belongs to (a grant, or a programme) and where that stands: several values for one parameter
    where it counts towards each of them, such as the outcomes of an objective.
    """

    pk: int
    ref: str
    organisation: str
    places: Mapping[str, Values]


UNIT_WIDE = Owner(0, "", "", {})


class Part(NamedTuple):
    """One grouped sum. ``spread`` is (low, high, unbounded above) where the count is not exact.

    ``item`` is what a distinct count counts. ``extra`` holds values of the parameters the rows themselves carry.
    """

    owner: Owner
    quarter: str
    value: int
    denominator: int = 0
    extra: Values = ()
    spread: tuple[int, int, bool] | None = None
    item: Hashable = None
    sources: Values = ()


@dataclass(frozen=True, slots=True)
class Parts:
    """Rows, and the names of the parameters in their ``extra``."""

    rows: list[Part]
    extra: tuple[str, ...] = ()

    def latest(self) -> Parts:
        """Of each grant only the latest quarter that says anything: for what is never summed over time."""
        return self._kept(max)

    def first(self) -> Parts:
        """Of each grant only the first quarter that says anything: for what is counted once a year."""
        return self._kept(min)

    def _kept(self, choose: Callable[[str, str], str]) -> Parts:
        kept: dict[tuple[int, Values], str] = {}
        for row in self.rows:
            spot = (id(row.owner), row.extra)
            kept[spot] = choose(kept.get(spot, row.quarter), row.quarter)
        return Parts([row for row in self.rows if kept[id(row.owner), row.extra] == row.quarter], self.extra)


class Total:
    """A running sum. Bounds are only kept apart from the value where some row was not exact."""

    __slots__ = ("denominator", "high", "items", "low", "sources", "unbounded", "value")

    def __init__(self) -> None:
        self.value = self.denominator = self.low = self.high = 0
        self.unbounded = False
        self.items: set[Hashable] = set()
        self.sources: dict[str, None] = {}

    def add(self, part: Part) -> None:
        self.value += part.value
        self.denominator += part.denominator
        if part.spread is not None:
            low, high, unbounded = part.spread
            self.low += low - part.value
            self.high += high - part.value
            self.unbounded |= unbounded
        if part.item is not None:
            self.items.add(part.item)
        for source in part.sources:
            self.sources[source] = None


def placed(parts: Parts, names: tuple[str, ...]) -> Iterator[tuple[Values, Part]]:
    """Each row with each slice it belongs to, as values in the order of ``names``."""
    carried = {name: parts.extra.index(name) for name in names if name in parts.extra}
    owned = tuple(name for name in names if name not in carried and name != QUARTER)
    order = _order(names, owned, carried)
    known: dict[int, list[Values]] = {}
    for row in parts.rows:
        spots = known.get(id(row.owner))
        if spots is None:
            spots = known[id(row.owner)] = list(product(*(row.owner.places.get(name, (NONE,)) for name in owned)))
        if len(owned) == len(names):
            for spot in spots:
                yield spot, row
            continue
        rest = (*(row.extra[position] for position in carried.values()), row.quarter)
        for spot in spots:
            values = spot + rest
            yield tuple(values[position] for position in order), row


def roll_up(parts: Parts, names: tuple[str, ...]) -> dict[Values, Total]:
    totals: dict[Values, Total] = {}
    for spot, row in placed(parts, names):
        total = totals.get(spot)
        if total is None:
            total = totals[spot] = Total()
        total.add(row)
    return totals


def _order(names: tuple[str, ...], owned: tuple[str, ...], carried: Iterable[str]) -> list[int]:
    made = [*owned, *carried, QUARTER]
    return [made.index(name) for name in names]
