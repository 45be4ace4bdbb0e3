"""Making the report, against what the renderer alone needs for the same page: each in a fresh process, in turns."""

# ruff: noqa: S603 (the commands are our own, never a user's text)

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.facts import request_of
from benchmarks.world import LAYERS, CannotMeasure
from evaluation.reports.context import report_html
from evaluation.reports.facts import read_facts

RUN = Path(__file__).resolve().parent / "run.py"
TARGETS = {"finished": 1.1, "whole": 1.4}
TITLES = {
    "finished": "render and repair ÷ renderer alone",
    "whole": "whole build ÷ renderer alone",
}


def measure_report(kind: str, pairs: int) -> dict[str, Any]:
    """Ratios of the pairs of each round, by the clock and by work; seconds; peak memory."""
    return {"pairs": pairs, "rows": [row for layer in LAYERS for row in _layer(kind, layer, pairs)]}


def _layer(kind: str, layer: str, pairs: int) -> list[dict[str, Any]]:
    rounds = []
    with TemporaryDirectory(prefix="vru-bench-") as name:
        folder = Path(name)
        html = folder / "page.html"
        html.write_text(report_html(read_facts(request_of(kind, layer)))[0], encoding="utf-8")
        for number in range(pairs):
            order = ("renderer", "finished", "whole") if number % 2 == 0 else ("whole", "finished", "renderer")
            rounds.append({what: _process(what, layer, folder, html) for what in order})
    return [_row(what, layer, rounds) for what in TARGETS]


def _process(what: str, layer: str, folder: Path, html: Path) -> dict[str, float]:
    """Raises CannotMeasure with the last line of what went wrong."""
    command = [sys.executable, str(RUN), "process", what, layer, str(folder), str(html)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["nothing was said"])[-1]
        raise CannotMeasure(f"The {what} process of the {layer} edition ended with {done.returncode}: {last}")
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def _row(what: str, layer: str, rounds: list[dict[str, dict[str, float]]]) -> dict[str, Any]:
    by_clock = [each[what]["wall_s"] / each["renderer"]["wall_s"] for each in rounds]
    by_work = [each[what]["work_s"] / each["renderer"]["work_s"] for each in rounds]
    median = statistics.median(by_clock)
    return {
        "what": f"{TITLES[what]}, {layer}",
        "ratio_median": median,
        "ratio_min": min(by_clock),
        "work_ratio_median": statistics.median(by_work),
        "target_ratio": TARGETS[what],
        "met": median <= TARGETS[what],
        "met_by_work": statistics.median(by_work) <= TARGETS[what],
        "median_s": statistics.median(each[what]["wall_s"] for each in rounds),
        "renderer_median_s": statistics.median(each["renderer"]["wall_s"] for each in rounds),
        "peak_mib": max(each[what]["peak_mib"] for each in rounds),
        "renderer_peak_mib": max(each["renderer"]["peak_mib"] for each in rounds),
    }
