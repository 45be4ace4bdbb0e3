"""What was measured of returns, as plain tables."""

from __future__ import annotations

from typing import Any

from benchmarks.length import length_lines
from benchmarks.tables import met, table
from benchmarks.workbook import workbook_lines


def return_lines(result: dict[str, Any]) -> list[str]:
    return [
        *length_lines(result["length"]),
        *_today_lines(result["today"]),
        *workbook_lines(result["workbook"]),
        "",
        *_crowd_lines(result["crowd"]),
        *_saves_lines(result["saves"]),
    ]


def _today_lines(result: dict[str, Any]) -> list[str]:
    head = ("a manager's morning", "queries", "median ms", "p95 ms", "work p95 ms", "")
    rows = [
        (
            row["what"],
            str(row["queries"]),
            *(f"{row[name]:.1f}" for name in ("median_ms", "p95_ms", "work_p95_ms")),
            met(row),
        )
        for row in result["rows"]
    ]
    grow = "Its queries grow with the grants: missed." if result["queries_grow"] else "Its queries do not grow: met."
    return [*table(f"Today (target: p95 under 50 ms; {result['runs']} runs)", head, rows)[:-1], grow, ""]


def _crowd_lines(result: dict[str, Any]) -> list[str]:
    head = ("what", "requests", "median ms", "p95 ms", "target p95 ms", "")
    rows = [
        (
            row["what"],
            str(row["requests"]),
            *(f"{row[name]:.1f}" for name in ("median_ms", "p95_ms")),
            f"< {row['target_p95_ms']:.0f}",
            "met" if row["met"] else "missed",
        )
        for row in result["rows"]
    ]
    least, most = result["think_s"]
    title = f"{result['people']} people at their returns at once, {least:g} to {most:g} s between pages"
    failed = f"{len(result['failed'])} requests failed; {result['submitted']} returns came in."
    return [*table(title, head, rows)[:-1], failed, *result["failed"][:5], ""]


def _saves_lines(result: dict[str, Any]) -> list[str]:
    return [
        f"{result['saves']} saves at once: {result['lost']} lost, {result['refused']} refused and tried again, "
        f"{result['took_s']:.1f} s ({'met' if result['met'] else 'missed'})",
        "",
    ]
