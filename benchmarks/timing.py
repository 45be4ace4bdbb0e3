"""Times of functions that take turns, so that a machine whose speed drifts slows all of them alike."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


@dataclass
class Times:
    """Seconds of one function: ``wall`` by the clock, ``work`` of the processor.

    Work is this process's and its database session's together. It is what the clock would show, within a little, on a
    machine with nothing else to do, so it is what ratios are made of.
    """

    wall: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.wall)

    @property
    def p95(self) -> float:
        return percentile(self.wall, 95)

    @property
    def work_median(self) -> float:
        return statistics.median(self.work)

    @property
    def work_p95(self) -> float:
        return percentile(self.work, 95)

    def run(self, function: Callable[[], Any]) -> None:
        wall, work = time.perf_counter(), processor_seconds()
        function()
        self.wall.append(time.perf_counter() - wall)
        self.work.append(processor_seconds() - work)


def processor_seconds() -> float:
    """Of this process and of the server process that answers it; of this process alone where Linux does not tell."""
    return time.process_time() + _database_seconds()


def _database_seconds() -> float:
    connection.ensure_connection()
    # The first number of this file is the nanoseconds that the process has spent on a processor.
    file = Path("/proc") / str(connection.connection.info.backend_pid) / "schedstat"
    try:
        return int(file.read_text().split()[0]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def percentile(values: Sequence[float], percent: int) -> float:
    """The nearest-rank percentile: always a value that was measured. Raises ValueError without values."""
    if not values:
        raise ValueError("There is no percentile of nothing.")
    ordered = sorted(values)
    return ordered[max(math.ceil(len(ordered) * percent / 100), 1) - 1]


def in_turns(functions: Mapping[str, Callable[[], Any]], runs: int) -> dict[str, Times]:
    """Each function ``runs`` times, one after the other, each round beginning one further on."""
    names = list(functions)
    times = {name: Times() for name in names}
    for number in range(runs):
        start = number % len(names)
        for name in names[start:] + names[:start]:
            times[name].run(functions[name])
    return times


def queries_of(function: Callable[[], Any]) -> int:
    """How many statements it sends to the database. Counted apart from the timing, because counting costs time."""
    with CaptureQueriesContext(connection) as captured:
        function()
    return len(captured)
