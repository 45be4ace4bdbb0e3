"""Programmes, grants and money: with the demonstration, then with ten times as much of everything."""

from __future__ import annotations

from typing import Any

from benchmarks.money_pages import REFERENCE, TARGETS_MS, measure_money_pages, money_pages, page_rows
from benchmarks.money_steps import FLAT_MIB, PAYMENTS, ROWS, flat_rows, measure_exports, measure_steps
from benchmarks.multiply import multiply
from benchmarks.tables import met, table

TIMES = 10
MOST_RUNS = 12


def measure_money(runs: int) -> dict[str, Any]:
    """Pages and exports at both sizes, then what writes. Leaves the database ten times as full, and more."""
    runs, pages = min(runs, MOST_RUNS), money_pages()
    opened, exported = {}, {}
    rows = 0
    for size in TARGETS_MS:
        if size != "S":
            rows = multiply(TIMES)
        opened[size] = measure_money_pages(pages, runs)
        exported[size] = measure_exports()
    return {
        "runs": runs,
        "reference": REFERENCE,
        "targets_p95_ms": TARGETS_MS,
        "rows_at_10": rows,
        "pages": page_rows(opened),
        "exports": flat_rows(exported),
        **measure_steps(),
    }


def money_lines(result: dict[str, Any]) -> list[str]:
    return [*_page_lines(result), *_export_lines(result), *_step_lines(result)]


def _page_lines(result: dict[str, Any]) -> list[str]:
    sizes = list(result["targets_p95_ms"])
    head = ["page"]
    for size in sizes:
        head += [f"{size}: × reference", "queries", "median ms", "p95 ms", "work p95 ms"]
    rows = []
    for row in result["pages"]:
        cells = [row["page"]]
        for size in sizes:
            each = row["sizes"][size]
            cells += [f"{each['ratio']:.1f}", str(each["queries"])]
            cells += [f"{each[name]:.1f}" for name in ("median_ms", "p95_ms", "work_p95_ms")]
        rows.append([*cells, met(row), "queries grow" if row["queries_grow"] else ""])
    targets = ", ".join(f"{ms:.0f} ms at {size}" for size, ms in result["targets_p95_ms"].items())
    title = (
        f"Money: pages (target: p95 under {targets}, the same queries; {result['runs']} runs each; "
        f"10 × S is {result['rows_at_10']:,} rows)"
    )
    return table(title, [*head, "", ""], rows)


def _export_lines(result: dict[str, Any]) -> list[str]:
    head = ("export", "S: s", "KiB", "grew MiB", "10 × S: s", "KiB", "lines/s", "grew MiB", "")
    rows = [
        (
            row["what"],
            *(f"{value:,.{places}f}" for value, places in _sizes(row["S"])),
            f"{row['10 × S']['took_s']:.2f}",
            f"{row['10 × S']['bytes'] / 1024:,.0f}",
            f"{row['10 × S']['lines'] / row['10 × S']['took_s']:,.0f}" if row["what"].endswith("(csv)") else "",
            f"{row['10 × S']['grew_mib']:.1f}",
            "met" if row["met"] else "missed",
        )
        for row in result["exports"]
    ]
    return table(f"Money: exports (target: memory grows by no more than {FLAT_MIB:.0f} MiB beyond S)", head, rows)


def _sizes(row: dict[str, Any]) -> list[tuple[float, int]]:
    return [(row["took_s"], 2), (row["bytes"] / 1024, 0), (row["grew_mib"], 1)]


def _step_lines(result: dict[str, Any]) -> list[str]:
    imports = [[*_step(row), f"{ROWS / row['took_s']:,.0f}"] for row in result["imports"]]
    took, worked = (sum(row[name] for row in result["run"]) for name in ("took_s", "work_s"))
    target = result["run_target_s"]
    whole = ["whole run", f"{took:.2f}", f"{worked:.2f}", str(sum(row["queries"] for row in result["run"]))]
    verdict = met({"met": took < target, "met_by_work": worked < target})
    runs = [[*_step(row), ""] for row in result["run"]] + [[*whole, verdict]]
    return [
        *table("Money: imports", ("import", "s", "work s", "queries", "rows/s"), imports),
        *table(
            f"Money: a run of {PAYMENTS} payments (target: under {target:g} s)",
            ("step", "s", "work s", "queries", ""),
            runs,
        ),
    ]


def _step(row: dict[str, Any]) -> list[str]:
    return [row["what"], f"{row['took_s']:.2f}", f"{row['work_s']:.2f}", str(row["queries"])]
