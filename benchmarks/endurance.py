"""A long document and many builds in one worker: how much memory, and whether it comes back."""

# ruff: noqa: S603 (the commands are our own, never a user's text)

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.facts import request_of
from benchmarks.report import RUN
from benchmarks.world import CannotMeasure
from evaluation.reports.build import build_from
from evaluation.reports.context import moment, report_html
from evaluation.reports.facts import Facts, read_facts
from evaluation.reports.imprint import WORKING
from vru.lib.pdf import PdfProcess

LAYER = "illustrative"
PAGES, BUILDS = 150, 20
# The first builds fill caches; growth is what comes after them.
WARM = 3
TARGET_MIB, TARGET_GROWTH_MIB = 500, 16
_BODY = re.compile(r"<body[^>]*>(.*)</body>", re.DOTALL)
_NAMED = re.compile(r'\b(id|href|aria-labelledby|aria-describedby|for)="(#?)([^"]+)"')


def measure_endurance(kind: str) -> dict[str, Any]:
    """Pages a second and peak memory of a document of at least `PAGES` pages; growth over `BUILDS` in one process."""
    facts = read_facts(request_of(kind, LAYER))
    return {"long": _long_document(facts), "builds": _many_builds(facts)}


def _long_document(facts: Facts) -> dict[str, Any]:
    html = report_html(facts, WORKING)[0]
    copies = 1
    while True:
        seconds, report = _render(_repeated(html, copies), facts)
        if report.pages >= PAGES:
            break
        copies = max(copies + 1, -(-PAGES * copies // report.pages))
    peak = report.peak_kib / 1024
    return {
        "pages": report.pages,
        "seconds": seconds,
        "pages_per_s": report.pages / (report.seconds_render + report.seconds_repair),
        "peak_mib": peak,
        "target_mib": TARGET_MIB,
        "met": peak < TARGET_MIB,
    }


def _render(html: str, facts: Facts) -> tuple[float, Any]:
    with tempfile.TemporaryDirectory(prefix="vru-bench-") as folder, PdfProcess() as process:
        started = time.perf_counter()
        process.begin(
            html,
            title="Benchmark",
            author="Benchmark",
            subject="Benchmark",
            timestamp=moment(facts.data),
            output=Path(folder) / "long.pdf",
        )
        report = process.wait()
        return time.perf_counter() - started, report


def _repeated(html: str, copies: int) -> str:
    """The document with its body several times over, each copy with names of its own."""
    body = _BODY.search(html)
    if body is None:
        raise CannotMeasure("The report's page has no body.")
    more = "".join(_NAMED.sub(rf'\1="\2copy-{n}-\3"', body[1]) for n in range(1, copies))
    return html[: body.end(1)] + more + html[body.end(1) :]


def _many_builds(facts: Facts) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="vru-bench-") as folder:
        snapshot = Path(folder) / "snapshot.json"
        snapshot.write_bytes(facts.content)
        command = [sys.executable, str(RUN), "builds", str(snapshot), str(BUILDS)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["nothing was said"])[-1]
        raise CannotMeasure(f"The process of {BUILDS} builds ended with {done.returncode}: {last}")
    held: list[float] = json.loads(done.stdout)
    growth = held[-1] - held[WARM - 1]
    return {
        "builds": BUILDS,
        "held_mib": held,
        "growth_mib": growth,
        "target_mib": TARGET_GROWTH_MIB,
        "met": growth <= TARGET_GROWTH_MIB,
    }


def main(arguments: list[str]) -> int:
    """In a process of its own: the memory held after each build, in MiB, as one JSON list."""
    file, builds = arguments
    facts = Facts.read(Path(file).read_bytes())
    held = []
    for _ in range(int(builds)):
        with tempfile.TemporaryDirectory(prefix="vru-bench-") as folder:
            build_from(facts, WORKING, Path(folder))
        held.append(_held_mib())
    json.dump(held, sys.stdout)
    return 0


def _held_mib() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    found = re.search(r"^VmRSS:\s*(\d+) kB", status, re.MULTILINE)
    if found is None:
        raise CannotMeasure("This system does not tell how much memory a process holds.")
    return int(found[1]) / 1024


def endurance_lines(result: dict[str, Any]) -> list[str]:
    long, builds = result["long"], result["builds"]
    return [
        f"A document of {long['pages']} pages: {long['seconds']:.1f} s, {long['pages_per_s']:.1f} pages a second, "
        f"peak {long['peak_mib']:.0f} MiB (< {long['target_mib']}): {'met' if long['met'] else 'missed'}",
        f"{builds['builds']} builds in one process: {builds['held_mib'][WARM - 1]:.0f} MiB held after {WARM}, "
        f"{builds['held_mib'][-1]:.0f} at the end, grown by {builds['growth_mib']:.1f} MiB "
        f"(≤ {builds['target_mib']}): {'met' if builds['met'] else 'missed'}",
        "",
    ]
