"""The adversary: a reader with a computer, who knows everything published and how totals are made.

Written apart from the protector and sharing no code with it, so that a mistake there is not repeated here:
every cell is an unknown here, published or not, and each bound is a fresh integer programme over the full
matrices.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from scipy.optimize import linprog

from vru.lib.disclosure.tables import Publication

# HiGHS works in floating point: an end within this of a whole number is that number.
TOLERANCE = 1e-6
UNBOUNDED = 3


def attack(publication: Publication, cells: Iterable[str] | None = None) -> dict[str, tuple[int, int | None]]:
    """The lowest and highest count each hidden cell can have, in people; None where nothing limits it from
    above.

    `cells` narrows the attack to some cells. Raises ValueError when what is published contradicts itself.
    """
    names = list(publication.values)
    place = {name: index for index, name in enumerate(names)}
    targets = [name for name in names if publication.values[name] is None] if cells is None else list(cells)
    limits = [_limits(publication.values[name], publication.rounding) for name in names]
    matrix, ceiling = _inequalities(publication, place)
    found = {}
    for target in targets:
        goal = np.zeros(len(names))
        goal[place[target]] = 1.0
        low = _least(goal, matrix, ceiling, limits)
        high = _least(-goal, matrix, ceiling, limits)
        if low is None:
            raise ValueError(f'A hidden cell has no lowest value: "{target}".')
        found[target] = (math.ceil(low - TOLERANCE), None if high is None else math.floor(-high + TOLERANCE))
    return found


def _limits(value: int | None, rounding: int | None) -> tuple[float, float | None]:
    if value is None:
        return 0.0, None
    if rounding is None:
        return float(value), float(value)
    return max(0.0, float(value - rounding // 2)), float(value + rounding // 2)


def _inequalities(publication: Publication, place: dict[str, int]) -> tuple[np.ndarray, np.ndarray]:
    rows, ceiling = [], []
    for relation in publication.relations:
        row = np.zeros(len(place))
        for name, times in relation.coefficients.items():
            row[place[name]] = times
        if relation.high is not None:
            rows.append(row)
            ceiling.append(float(relation.high))
        if relation.low is not None:
            rows.append(-row)
            ceiling.append(-float(relation.low))
    return np.array(rows).reshape(len(rows), len(place)), np.array(ceiling)


def _least(
    goal: np.ndarray, matrix: np.ndarray, ceiling: np.ndarray, limits: list[tuple[float, float | None]]
) -> float | None:
    whole = np.ones(len(goal))
    answer = linprog(goal, A_ub=matrix, b_ub=ceiling, bounds=limits, integrality=whole, method="highs")
    if answer.success:
        return float(answer.fun)
    # The integer solver cannot always tell unbounded from infeasible; without integrality it can.
    relaxed = linprog(goal, A_ub=matrix, b_ub=ceiling, bounds=limits, method="highs")
    if relaxed.status == UNBOUNDED:
        return None
    raise ValueError("What is published contradicts itself: no table of whole numbers fits it.")
