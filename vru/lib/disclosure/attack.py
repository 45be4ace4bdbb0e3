"""The adversary: a reader with a computer, who knows everything published and how totals are made.

Written apart from the protector and sharing no code with it, so that a mistake there is not repeated here:
every cell is an unknown here, published or not, and each bound is a fresh integer programme over all that is
connected with the cell.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from vru.lib.disclosure.tables import Publication, Relation

# HiGHS works in floating point: an end within this of a whole number is that number.
TOLERANCE = 1e-6
UNBOUNDED = 3
Range = tuple[int, int | None]


def attack(publication: Publication, cells: Iterable[str] | None = None) -> dict[str, Range]:
    """The lowest and highest count each hidden cell can have, in people; None where nothing limits it from
    above.

    `cells` narrows the attack to some cells. Raises ValueError when what is published contradicts itself.
    """
    values = publication.values
    targets = [name for name in values if values[name] is None] if cells is None else list(cells)
    system = _System(publication)
    return {target: system.range_of(target) for target in targets}


class _System:
    """The equations of a publication, cut into parts that share no unknown."""

    def __init__(self, publication: Publication) -> None:
        self.values, self.rounding = publication.values, publication.rounding
        self.touching: dict[str, list[Relation]] = {}
        for relation in publication.relations:
            for name in relation.coefficients:
                self.touching.setdefault(name, []).append(relation)
        self.parts: dict[str, _Part] = {}

    def range_of(self, target: str) -> Range:
        if target not in self.parts:
            names, relations = self._connected(target)
            part = _Part(names, relations, [_limits(self.values[name], self.rounding) for name in names])
            self.parts |= dict.fromkeys(names, part)
        return self.parts[target].range_of(target)

    def _connected(self, target: str) -> tuple[list[str], list[Relation]]:
        """All cells that move with the target. A count that is known exactly carries nothing further."""
        found, queue = {target: None}, [target]
        relations: dict[int, Relation] = {}
        for name in queue:
            if name != target and self.values[name] is not None and self.rounding is None:
                continue
            for relation in self.touching.get(name, ()):
                relations[id(relation)] = relation
                for other in relation.coefficients:
                    if other not in found:
                        found[other] = None
                        queue.append(other)
        return list(found), list(relations.values())


class _Part:
    def __init__(self, names: Sequence[str], relations: Sequence[Relation], limits: list[tuple[float, float | None]]):
        self.place = {name: index for index, name in enumerate(names)}
        self.limits = limits
        self.matrix, self.ceiling = _inequalities(relations, self.place)

    def range_of(self, target: str) -> Range:
        goal = np.zeros(len(self.place))
        goal[self.place[target]] = 1.0
        low, high = self._least(goal), self._least(-goal)
        if low is None:
            raise ValueError(f'A hidden cell has no lowest value: "{target}".')
        return math.ceil(low - TOLERANCE), None if high is None else math.floor(-high + TOLERANCE)

    def _least(self, goal: np.ndarray) -> float | None:
        whole = np.ones(len(goal))
        known = {"A_ub": self.matrix, "b_ub": self.ceiling} if self.matrix is not None else {}
        answer = linprog(goal, **known, bounds=self.limits, integrality=whole, method="highs")
        if answer.success:
            return float(answer.fun)
        # The integer solver cannot always tell unbounded from infeasible; without integrality it can.
        relaxed = linprog(goal, **known, bounds=self.limits, method="highs")
        if relaxed.status == UNBOUNDED:
            return None
        raise ValueError("What is published contradicts itself: no table of whole numbers fits it.")


def _limits(value: int | None, rounding: int | None) -> tuple[float, float | None]:
    if value is None:
        return 0.0, None
    if rounding is None:
        return float(value), float(value)
    return max(0.0, float(value - rounding // 2)), float(value + rounding // 2)


def _inequalities(
    relations: Sequence[Relation], place: Mapping[str, int]
) -> tuple[csr_array | None, np.ndarray | None]:
    """Every relation as rows of "at most"; None without any."""
    rows: list[int] = []
    columns: list[int] = []
    times: list[float] = []
    ceiling: list[float] = []
    for relation in relations:
        for limit, sign in ((relation.high, 1.0), (relation.low, -1.0)):
            if limit is None:
                continue
            for name, factor in relation.coefficients.items():
                rows.append(len(ceiling))
                columns.append(place[name])
                times.append(sign * factor)
            ceiling.append(sign * limit)
    if not ceiling:
        return None, None
    return csr_array((times, (rows, columns)), shape=(len(ceiling), len(place))), np.array(ceiling)
