"""Looking for typed numbers in a report of 30,000 words in which nothing is bound: every figure was typed."""

from __future__ import annotations

from typing import Any

from benchmarks.timing import in_turns
from benchmarks.world import LAYERS, YEAR
from evaluation.figures.registry import compute
from evaluation.figures.scope import Scope
from evaluation.figures.snapshot import read_snapshot
from evaluation.models import OutlineSection
from evaluation.numbers import Index, SectionText, scan
from evaluation.reports.as_at import default_as_at
from evaluation.reports.content import for_layer
from vru.lib.narrative import Token, fill

TARGET_SECONDS = 1.0
WORDS = 30_000
SECTIONS = 20


def measure_numbers(runs: int) -> dict[str, Any]:
    """Of each layer: seconds of the scan, and apart from it of building what numbers are compared with."""
    rows = []
    for layer in LAYERS:
        with read_snapshot():
            figures = compute(Scope.of(YEAR, layer, default_as_at(YEAR, layer)))
        index = Index(figures)
        sections = typed_report(layer, figures)
        found = [each for each in scan(sections, index) if each.is_amount]
        times = in_turns({"scan": lambda s=sections, i=index: scan(s, i), "index": lambda f=figures: Index(f)}, runs)
        rows.append(
            {
                "what": f"scan, {layer}",
                "words": sum(len(section.text.split()) for section in sections),
                "numbers": len(found),
                "compared_with": index.size,
                "work_median_s": times["scan"].work_median,
                "median_s": times["scan"].median,
                "p95_s": times["scan"].p95,
                "index_work_s": times["index"].work_median,
                "met": times["scan"].median < TARGET_SECONDS,
                "met_by_work": times["scan"].work_median < TARGET_SECONDS,
            }
        )
    return {"target_s": TARGET_SECONDS, "runs": runs, "rows": rows}


def typed_report(layer: str, figures: dict[str, Any]) -> list[SectionText]:
    """The prose of a layer's outlines with every token typed out, again and again until it has 30,000 words."""
    words: list[str] = []
    texts = [
        fill(str(block["text"]), lambda token: _typed(token, figures))
        for section in OutlineSection.objects.order_by("outline_id", "order")
        for block in for_layer(section.blocks, layer)
        if block.get("kind") == "prose" and block.get("text")
    ] or ["We supported 1,169 young people."]
    while len(words) < WORDS:
        for text in texts:
            words += text.split(" ")
    size = WORDS // SECTIONS
    return [
        SectionText(f"section-{place}", f"{place} Section", " ".join(words[place * size : (place + 1) * size]))
        for place in range(SECTIONS)
    ]


def _typed(token: Token, figures: dict[str, Any]) -> str:
    figure = figures.get(token.body)
    return figure.display if figure is not None else "1,234"


def numbers_lines(result: dict[str, Any]) -> list[str]:
    lines = [f"Typed numbers in {WORDS:,} words (target: under {result['target_s']:.0f} s; {result['runs']} runs)", ""]
    for row in result["rows"]:
        lines.append(
            f"  {row['what']}: {row['work_median_s']:.2f} s of work, {row['median_s']:.2f} s by the clock, for "
            f"{row['numbers']:,} numbers held against {row['compared_with']:,} "
            f"({'met' if row['met'] else 'met by work' if row['met_by_work'] else 'missed'}); "
            f"reading those in first: {row['index_work_s']:.2f} s"
        )
    return [*lines, ""]
