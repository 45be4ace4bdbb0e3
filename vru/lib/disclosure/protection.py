"""The protector: hides small counts, then whatever else gives them away.

For each small count the worst case is looked for with integer programmes (HiGHS) over the hidden cells alone.
Each answer is a whole alternative table that agrees with everything published, so it is a proof for every
hidden cell at once, and it stays one when more is hidden. A small count is safe when two such tables differ
in it by `width`. Linear programmes alone would claim too much: where tables share totals, their corners need
not be whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from vru.lib.disclosure.tables import OneWay, Publication, Relation, Table, TableError, TwoWay

# Branches of one integer programme. Reached, its cell may count as not proven, and more is hidden. A limit in seconds
# would hide other cells on a slower machine.
MOST_NODES = 1_000


class CannotProtect(ValueError):
    """What is public elsewhere gives a small count away, whatever is hidden. Publish nothing."""


@dataclass(frozen=True, slots=True)
class Protected:
    """Tables made safe. `primary` are the small counts, `secondary` what is hidden for their sake, `dropped`
    the names of tables of which nothing but the total is left (not even that where the total itself is in
    `hidden`), `lost` the cells that what is already public gives away whatever is hidden now.
    """

    tables: tuple[Table, ...]
    values: Mapping[str, int | None]
    primary: frozenset[str]
    secondary: frozenset[str]
    dropped: tuple[str, ...]
    relations: tuple[Relation, ...] = field(repr=False)
    rounding: int | None = None
    lost: tuple[str, ...] = ()

    @property
    def hidden(self) -> frozenset[str]:
        return self.primary | self.secondary

    def shown(self, cell: str) -> int | None:
        """What to print for a cell: its count, rounded if that was asked for; None where it is hidden."""
        return self.values[cell]

    def publication(self) -> Publication:
        """All a reader gets to see, for the adversary."""
        return Publication(self.values, self.relations, self.rounding)


def protect(
    tables: Table | OneWay | TwoWay | Iterable[Table | OneWay | TwoWay],
    threshold: int = 5,
    width: int = 5,
    *,
    relations: Sequence[Relation] = (),
    already_public: Mapping[str, int] | None = None,
    rounding: int | None = None,
    most_rounds: int = 500,
    unprinted: Iterable[str] = (),
    also: Iterable[str] = (),
    forgive: bool = False,
) -> Protected:
    """Hide every count from 1 to threshold - 1, and enough else that none is known within less than `width`.

    Tables published together must be given together: they share cells by name. `relations` are further
    equations a reader knows (printed percentages, unit costs, "what changed"); `already_public` are counts of
    earlier editions, which can no longer be hidden. `rounding` prints what is left to the nearest multiple,
    on top of hiding: it only takes knowledge away, but parts may then miss their total. After `most_rounds`
    further cells the tables of the cell in question are dropped. `unprinted` cells stand in equations and nowhere
    else; `also` are protected whatever their size. With `forgive`, a cell that nothing can protect any more is listed
    as `lost` and nothing is hidden for its sake.
    Raises TableError when tables contradict each other or their totals, CannotProtect when nothing helps.
    """
    given = [tables] if isinstance(tables, Table | OneWay | TwoWay) else list(tables)
    specs = tuple(each.as_table() for each in given)
    public = dict(already_public or {})
    counts = _merged(specs, public)
    equations = (*(relation for spec in specs for relation in spec.relations), *relations)
    _check(equations, counts)
    wanted = set(also)
    primary = [
        cell for cell, count in counts.items() if cell not in public and (0 < count < threshold or cell in wanted)
    ]
    search = _Search(specs, counts, equations, frozenset(public), width, most_rounds)
    search.hide(primary)
    search.hide(cell for cell in unprinted if cell not in public)
    for cell in primary:
        search.make_safe(cell, forgive=forgive)
    values = {cell: None if cell in search.hidden else rounded(count, rounding) for cell, count in counts.items()}
    return Protected(
        tables=specs,
        values=values,
        primary=frozenset(primary),
        secondary=frozenset(search.hidden) - frozenset(primary),
        dropped=tuple(search.dropped),
        relations=equations,
        rounding=rounding,
        lost=tuple(search.lost),
    )


def _merged(specs: Sequence[Table], public: Mapping[str, int]) -> dict[str, int]:
    counts = dict(public)
    for spec in specs:
        for cell, count in spec.counts.items():
            if counts.setdefault(cell, count) != count:
                raise TableError(f'"{cell}" is {count} in {spec.name} but {counts[cell]} elsewhere. Mend one.')
    return counts


def _check(equations: Iterable[Relation], counts: Mapping[str, int]) -> None:
    for relation in equations:
        unknown = [cell for cell in relation.coefficients if cell not in counts]
        if unknown:
            raise TableError(f'A relation names "{unknown[0]}", which no table has.')
        if not relation.holds(counts):
            raise TableError(f'The parts of "{next(iter(relation.coefficients))}" do not add up. Mend them.')


def rounded(count: int, base: int | None) -> int:
    """A count to the nearest multiple of the base, halves upwards; as it is without one."""
    return count if base is None else (2 * count + base) // (2 * base) * base


class _Search:
    """The state of one protection: what is hidden so far, and how far each cell is known to stretch."""

    def __init__(
        self,
        specs: Sequence[Table],
        counts: Mapping[str, int],
        equations: Sequence[Relation],
        public: frozenset[str],
        width: int,
        most_rounds: int,
    ) -> None:
        self.specs, self.counts, self.equations = specs, counts, equations
        self.width, self.rounds_left = width, most_rounds
        self.hidden: dict[str, None] = {}
        self.dropped: list[str] = []
        self.lost: list[str] = []
        self.looked_at: set[str] = set()
        self.totals = {spec.total for spec in specs} | public
        self.margins = frozenset().union(*(spec.margins for spec in specs))
        self.public = public
        self.touching: dict[str, list[Relation]] = {}
        for relation in equations:
            for cell in relation.coefficients:
                self.touching.setdefault(cell, []).append(relation)
        self.seen_low, self.seen_high = dict(counts), dict(counts)
        # Nothing printed limits a hidden total from above; this keeps programmes bounded without narrowing an
        # answer that matters.
        self.ceiling = sum(counts.values()) + 2 * width

    def hide(self, cells: Iterable[str]) -> None:
        self.hidden.update(dict.fromkeys(cells))

    def make_safe(self, cell: str, *, forgive: bool = False) -> None:
        """Hide more until the cell is safe; at the end of the road drop its tables. Raises CannotProtect."""
        while not self.is_safe(cell):
            if forgive and self.is_lost(cell):
                self.lost.append(cell)
                return
            further = self.next_to_hide(cell) if self.rounds_left > 0 else None
            if further is None:
                self.drop_tables_of(cell)
                return
            self.rounds_left -= 1
            self.hide([further])

    def drop_tables_of(self, cell: str) -> None:
        """Hide the inside of the tables the cell is in, then of all linked to them, then their totals too."""
        near = [spec for spec in self.specs if cell in spec.counts]
        reach = set(self.component(cell, published_too=True))
        linked = [spec for spec in self.specs if reach & spec.counts.keys()]
        for tables in (near, linked):
            self.dropped += [spec.name for spec in tables if spec.name not in self.dropped]
            self.hide(name for spec in tables for name in spec.counts if name not in self.totals)
            if self.is_safe(cell):
                return
        self.hide(name for spec in linked for name in spec.counts if name not in self.public)
        if not self.is_safe(cell):
            raise CannotProtect(f'"{cell}" can be worked out from what is already public. Publish none of this.')

    def is_lost(self, cell: str) -> bool:
        """Whether a cell is known too well even if all that is not public yet stays hidden. Looked at once a cell."""
        if cell in self.looked_at:
            return False
        self.looked_at.add(cell)
        kept = dict(self.hidden), dict(self.seen_low), dict(self.seen_high)
        self.hide(name for name in self.counts if name not in self.public)
        found = not self.is_safe(cell)
        # Tables that fit what is hidden now are no proof for what will be.
        self.hidden, self.seen_low, self.seen_high = kept
        return found

    def is_safe(self, cell: str) -> bool:
        """Whether two tables that fit everything published differ by `width` in this cell."""
        for sign in (-1, 1):
            if self.stretch(cell) >= self.width:
                return True
            self.look(cell, sign)
        return self.stretch(cell) >= self.width

    def stretch(self, cell: str) -> int:
        return self.seen_high[cell] - self.seen_low[cell]

    def look(self, cell: str, sign: int) -> None:
        """Find the table with the most (sign -1) or least (sign 1) in a cell, and remember all of it."""
        names = self.component(cell)
        place = {name: index for index, name in enumerate(names)}
        goal = np.zeros(len(names))
        goal[place[cell]] = sign
        answer = milp(
            goal,
            integrality=np.ones(len(names)),
            bounds=Bounds(0, self.ceiling),
            constraints=self.constraints(place),
            options={"node_limit": MOST_NODES},
        )
        if answer.x is None:
            return
        found = {name: round(value) for name, value in zip(names, answer.x, strict=True)}
        # The solver works in floating point: only what holds in whole numbers is a proof.
        world = {**self.counts, **found}
        rows = {id(relation): relation for name in names for relation in self.touching.get(name, ())}
        if min(found.values()) >= 0 and all(relation.holds(world) for relation in rows.values()):
            for name, count in found.items():
                self.seen_low[name] = min(self.seen_low[name], count)
                self.seen_high[name] = max(self.seen_high[name], count)

    def constraints(self, place: Mapping[str, int]) -> list[LinearConstraint]:
        """The relations between some hidden cells, with the published part moved to the other side."""
        relations = {id(each): each for name in place for each in self.touching.get(name, ())}
        if not relations:
            return []
        rows, columns, times, low, high = [], [], [], [], []
        for row, relation in enumerate(relations.values()):
            known = 0
            for name, factor in relation.coefficients.items():
                if name in place:
                    rows.append(row)
                    columns.append(place[name])
                    times.append(factor)
                else:
                    known += factor * self.counts[name]
            low.append(-np.inf if relation.low is None else relation.low - known)
            high.append(np.inf if relation.high is None else relation.high - known)
        matrix = csr_array((times, (rows, columns)), shape=(len(relations), len(place)), dtype=float)
        return [LinearConstraint(matrix, low, high)]

    def component(self, cell: str, *, published_too: bool = False) -> list[str]:
        """The hidden cells that can move with a cell, nearest first."""
        found, queue = {cell: None}, [cell]
        for name in queue:
            for relation in self.touching.get(name, ()):
                for other in relation.coefficients:
                    if other not in found and (published_too or other in self.hidden):
                        found[other] = None
                        queue.append(other)
        return list(found)

    def next_to_hide(self, cell: str) -> str | None:
        """The cheapest published cell that lets this one move, None when there is none left.

        Looked for first where a hidden cell stands alone in a total, for there it cannot move at all; nearest
        first. Cheapest is the smallest count that closes the gap, inner cells before margins, in the tables'
        order where equal: hiding nought after nought would blank a sparse table and hardly widen anything.
        """
        names = self.component(cell)
        near = [relation for name in names for relation in self.touching.get(name, ())]
        alone = [each for each in near if sum(name in self.hidden for name in each.coefficients) == 1]
        gap = self.width - self.stretch(cell)
        order = {name: index for index, name in enumerate(self.counts)}
        for relation in [*alone, *near]:
            offered = [n for n in relation.coefficients if n not in self.hidden and n not in self.totals]
            if offered:
                return min(offered, key=lambda name: (*self.cost(name, gap), order[name]))
        return None

    def cost(self, name: str, gap: int) -> tuple[bool, bool, int]:
        count = self.counts[name]
        enough = count >= gap
        return name in self.margins, not enough, count if enough else -count
