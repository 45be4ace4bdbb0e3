"""Results as plain tables for a person at a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def page_lines(result: dict[str, Any]) -> list[str]:
    head = ("page", "× reference", "p95 ×", "queries", "work ms", "work p95 ms", "median ms", "p95 ms", "")
    rows = [
        (
            row["page"],
            f"{row['ratio_median']:.1f}",
            f"{row['ratio_p95']:.1f}",
            str(row["queries"]),
            *(f"{row[name]:.1f}" for name in ("work_median_ms", "work_p95_ms", "median_ms", "p95_ms")),
            met(row),
        )
        for row in result["rows"]
    ]
    return table(f"Pages (target: p95 under {result['target_p95_ms']:.0f} ms; {result['runs']} runs each)", head, rows)


def report_lines(result: dict[str, Any]) -> list[str]:
    head = (
        "report",
        "ratio",
        "least",
        "by work",
        "target",
        "s",
        "renderer s",
        "peak MiB",
        "renderer MiB",
        "",
    )
    rows = [
        (
            row["what"],
            f"{row['ratio_median']:.2f}",
            f"{row['ratio_min']:.2f}",
            f"{row['work_ratio_median']:.2f}",
            f"≤ {row['target_ratio']}",
            f"{row['median_s']:.2f}",
            f"{row['renderer_median_s']:.2f}",
            f"{row['peak_mib']:.0f}",
            f"{row['renderer_peak_mib']:.0f}",
            met(row),
        )
        for row in result["rows"]
    ]
    return table(f"Report (median of {result['pairs']} rounds of fresh processes)", head, rows)


def facts_lines(result: dict[str, Any]) -> list[str]:
    head = ("facts of 2020-21", "figures", "queries", "work s", "median s", "p95 s", "")
    rows = [
        (
            row["what"],
            str(row["figures"]),
            str(row["queries"]),
            *(f"{row[name]:.3f}" for name in ("work_median_s", "median_s", "p95_s")),
            met(row),
        )
        for row in result["rows"]
    ]
    return table(f"Facts (target: under {result['target_s']} s; {result['runs']} runs each)", head, rows)


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table: the first column to the left, numbers to the right."""
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    lines = [_line(row, widths) for row in (head, *rows)]
    return [title, lines[0], "-" * len(lines[0]), *lines[1:], ""]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [row[0].ljust(widths[0])]
    cells += [text.rjust(width) for text, width in zip(row[1:], widths[1:], strict=True)]
    return "  ".join(cells)


def met(row: dict[str, Any]) -> str:
    """By the clock; else by the processor's work, which other programs on the machine do not lengthen."""
    if row["met"]:
        return "met"
    return "met by work" if row["met_by_work"] else "missed"
