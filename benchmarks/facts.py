"""Reading all facts of a year, and computing all its figures: seconds, queries, and how many figures."""

from __future__ import annotations

from typing import Any

from benchmarks.timing import in_turns, queries_of
from benchmarks.world import LAYERS, YEAR
from evaluation.figures.registry import compute
from evaluation.figures.scope import Scope
from evaluation.figures.snapshot import read_snapshot
from evaluation.reports.as_at import default_as_at
from evaluation.reports.facts import Request, read_facts

TARGET_SECONDS = 0.3


def request_of(kind: str, layer: str) -> Request:
    return Request(kind=kind, year=YEAR, layer=layer, as_at=default_as_at(YEAR, layer))


def all_figures(layer: str) -> int:
    with read_snapshot():
        return len(compute(Scope.of(YEAR, layer, default_as_at(YEAR, layer))))


def measure_facts(kind: str, runs: int) -> dict[str, Any]:
    functions: dict[str, Any] = {}
    for layer in LAYERS:
        functions[f"facts, {layer}"] = lambda layer=layer: len(read_facts(request_of(kind, layer)).data["figures"])
        functions[f"all figures, {layer}"] = lambda layer=layer: all_figures(layer)
    counts = {name: function() for name, function in functions.items()}
    queries = {name: queries_of(function) for name, function in functions.items()}
    times = in_turns(functions, runs)
    rows = [
        {
            "what": name,
            "figures": counts[name],
            "queries": queries[name],
            "work_median_s": found.work_median,
            "median_s": found.median,
            "p95_s": found.p95,
            "met": found.median < TARGET_SECONDS,
            "met_by_work": found.work_median < TARGET_SECONDS,
        }
        for name, found in times.items()
    ]
    return {"target_s": TARGET_SECONDS, "runs": runs, "rows": rows}
