"""Adding grouped rows up to slices: a row is one sum of one grant and quarter, a slice a set of parameter names."""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any, NamedTuple

NONE = "none"
# What a grant has of its own; everything else about where it stands is its programme's.
OF_GRANT = frozenset(("organisation", "category", "kind", "source"))
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
    programme: Owner | None = None


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
    memory: dict[Any, Parts] = field(default_factory=dict, repr=False)

    def narrowed(self, names: tuple[str, ...]) -> Parts:
        """The same sums in as few rows as a slice of ``names`` needs: quarters and grants together where it may be.

        Kept, because a family has many slices: adding few rows up often beats adding all of them up each time.
        """
        by_quarter = QUARTER in names
        by_grant = not (OF_GRANT - set(self.extra)).isdisjoint(names)
        if any(row.item is not None for row in self.rows[:1]):
            return self
        return self._narrow(by_quarter=by_quarter, by_grant=by_grant)

    def _narrow(self, *, by_quarter: bool, by_grant: bool) -> Parts:
        if by_quarter and by_grant:
            return self
        if (by_quarter, by_grant) not in self.memory:
            wider = self if by_grant or by_quarter else self._narrow(by_quarter=True, by_grant=False)
            self.memory[by_quarter, by_grant] = wider._merged(by_quarter=by_quarter, by_grant=by_grant)
        return self.memory[by_quarter, by_grant]

    def _merged(self, *, by_quarter: bool, by_grant: bool) -> Parts:
        # Exact counts, which most are, add up as plain numbers; only the others need a Total.
        exact: dict[tuple[Owner, str, Values], int] = {}
        below: dict[tuple[Owner, str, Values], int] = {}
        totals: dict[tuple[Owner, str, Values], Total] = {}
        for row in self.rows:
            owner, quarter, value, denominator, extra, spread, _, sources = row
            spot = (owner if by_grant else owner.programme or owner, quarter if by_quarter else "", extra)
            if spread is None and not sources:
                exact[spot] = exact.get(spot, 0) + value
                if denominator:
                    below[spot] = below.get(spot, 0) + denominator
            else:
                totals.setdefault(spot, Total()).add(row)
        rows = [Part(spot[0], spot[1], value, below.get(spot, 0), spot[2]) for spot, value in exact.items()]
        return Parts(rows + [total.part(*spot) for spot, total in totals.items()], self.extra)

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
        # Unpacked at once: this runs for every row of every slice.
        _, _, value, denominator, _, spread, item, sources = part
        self.value += value
        self.denominator += denominator
        if spread is not None:
            self.low += spread[0] - value
            self.high += spread[1] - value
            self.unbounded |= spread[2]
        if item is not None:
            self.items.add(item)
        for source in sources:
            self.sources[source] = None

    def part(self, owner: Owner, quarter: str, extra: Values) -> Part:
        """The sum as one row, to be added up further."""
        exact = not (self.low or self.high or self.unbounded)
        spread = None if exact else (self.value + self.low, self.value + self.high, self.unbounded)
        sources = tuple(self.sources)
        return Part(owner, quarter, self.value, self.denominator, extra, spread, sources=sources)


def placed(parts: Parts, names: tuple[str, ...]) -> Iterator[tuple[Values, Part]]:
    """Each row with each slice it belongs to, as values in the order of ``names``."""
    carried = {name: parts.extra.index(name) for name in names if name in parts.extra}
    owned = tuple(name for name in names if name not in carried and name != QUARTER)
    order = _order(names, owned, carried)
    is_ordered = order == sorted(order)
    picked = tuple(carried.values())
    by_quarter = QUARTER in names
    known: dict[Owner, list[Values]] = {}
    for row in parts.rows:
        spots = known.get(row.owner)
        if spots is None:
            places = row.owner.places
            spots = known[row.owner] = list(product(*[places.get(name, (NONE,)) for name in owned]))
        rest: Values = tuple([row.extra[position] for position in picked]) if picked else ()
        if by_quarter:
            rest += (row.quarter,)
        for spot in spots:
            values = spot + rest
            yield values if is_ordered else tuple([values[position] for position in order]), row


def roll_up(parts: Parts, names: tuple[str, ...], only: Container[Values] | None = None) -> dict[Values, Total]:
    """Sums by slice; with ``only`` those slices and no others."""
    totals: dict[Values, Total] = {}
    for spot, row in placed(parts.narrowed(names), names):
        if only is not None and spot not in only:
            continue
        total = totals.get(spot)
        if total is None:
            total = totals[spot] = Total()
        total.add(row)
    return totals


def matching(parts: Parts, wanted: Mapping[str, Container[str]]) -> Iterator[Part]:
    """The rows that belong to one of the values wanted of every parameter, each once however many it belongs to."""
    carried = {name: parts.extra.index(name) for name in wanted if name in parts.extra}
    owned = {name: values for name, values in wanted.items() if name not in carried and name != QUARTER}
    kept: dict[Owner, bool] = {}
    for row in parts.rows:
        inside = kept.get(row.owner)
        if inside is None:
            places = row.owner.places
            inside = kept[row.owner] = all(
                any(value in values for value in places.get(name, (NONE,))) for name, values in owned.items()
            )
        if (
            inside
            and (QUARTER not in wanted or row.quarter in wanted[QUARTER])
            and all(row.extra[position] in wanted[name] for name, position in carried.items())
        ):
            yield row


def _order(names: tuple[str, ...], owned: tuple[str, ...], carried: Iterable[str]) -> list[int]:
    made = [*owned, *carried, QUARTER]
    return [made.index(name) for name in names]
