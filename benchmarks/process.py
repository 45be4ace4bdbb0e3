"""One measurement in a process of its own, so that no cache is warm and the peak of memory is its own."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from weasyprint import HTML

from benchmarks.facts import request_of
from benchmarks.timing import processor_seconds
from benchmarks.world import the_outline
from evaluation.reports.build import Built, build_files
from evaluation.reports.context import moment
from evaluation.reports.facts import Request
from vru.lib.memory import peak_kib
from vru.lib.pdf.fetcher import PackagedFiles
from vru.lib.pdf.render import render_pdf


def main(arguments: list[str]) -> int:
    """Print one JSON document: seconds by the clock, seconds of work, peak memory in MiB."""
    what, layer, folder, html_file = arguments
    request = request_of(the_outline().kind, layer)
    work = _work(what, request, Path(folder), Path(html_file).read_text(encoding="utf-8"))
    wall, before = time.perf_counter(), processor_seconds() + children_seconds()
    made = work()
    work_s = processor_seconds() + children_seconds() - before
    # The renderer's process and this one are there at the same time.
    peak = peak_kib() + (made.peak_kib if isinstance(made, Built) else 0)
    json.dump({"wall_s": time.perf_counter() - wall, "work_s": work_s, "peak_mib": peak / 1024}, sys.stdout)
    return 0


def children_seconds() -> float:
    """Of processor, of the processes that this one has started and that are over."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _work(what: str, request: Request, folder: Path, html: str) -> Callable[[], object]:
    """``whole``: from facts to five files. ``finished``: rendered and repaired. ``renderer``: the renderer alone."""
    works: dict[str, Callable[[], object]] = {
        "whole": lambda: build_files(request, folder),
        "finished": lambda: render_pdf(
            html,
            title="Benchmark",
            author="Benchmark",
            subject="Benchmark",
            timestamp=moment({"as_at": request.as_at.isoformat()}),
            output=folder / "finished.pdf",
        ),
        "renderer": lambda: HTML(string=html, url_fetcher=PackagedFiles(), media_type="print").write_pdf(
            folder / "renderer.pdf", pdf_variant="pdf/ua-1"
        ),
    }
    return works[what]
