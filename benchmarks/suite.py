"""All measurements of one run, as a table on stdout and a JSON document in var/bench."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
import weasyprint
from django.conf import settings
from django.db import connection
from django.urls import get_resolver

from benchmarks.crowd import measure_crowd
from benchmarks.endurance import endurance_lines, measure_endurance
from benchmarks.facts import measure_facts
from benchmarks.length import measure_length
from benchmarks.manager import measure_today
from benchmarks.money import measure_money, money_lines
from benchmarks.pages import measure_pages
from benchmarks.report import measure_report
from benchmarks.return_tables import return_lines
from benchmarks.saves import measure_saves
from benchmarks.tables import facts_lines, page_lines, report_lines
from benchmarks.typed_numbers import measure_numbers, numbers_lines
from benchmarks.workbook import measure_workbook
from benchmarks.world import YEAR, CannotMeasure, Loaded, cast, load, put_editions, the_outline
from vru.lib.memory import settle

FORMAT = "vru-bench/1"
PARTS = ("pages", "facts", "report", "numbers", "returns", "money")
DRAWN = {"report": report_lines, "pages": page_lines, "facts": facts_lines, "returns": return_lines}


def main(arguments: list[str]) -> int:
    """Exit 0 whether targets are met or missed; 1, with one sentence, when something cannot be measured."""
    options = _options(arguments)
    try:
        result = measure(options)
    except CannotMeasure as error:
        print(error, file=sys.stderr)
        return 1
    for line in lines_of(result):
        print(line)
    file = write(result, settings.VAR_DIR / "bench")
    print(f"As JSON: {file}")
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="How fast the site is, as ratios within one run.")
    parser.add_argument("--runs", type=_positive, default=30, help="runs of each page (30); facts take a third of it")
    parser.add_argument("--pairs", type=_positive, default=3, help="rounds of building the report (3)")
    parser.add_argument("--only", choices=PARTS, action="append", help="one part only; may be repeated")
    return parser.parse_args(arguments)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f'"{text}" is not a whole number above nought')
    return int(text)


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Load the demonstration and measure the parts asked for. Raises CannotMeasure."""
    _say("Loading the demonstration …")
    loaded = load()
    kind = the_outline().kind
    parts = options.only or PARTS
    # As the web process does.
    get_resolver().check()
    # Served by nobody here; without it the middleware for static files warns once a client.
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settle()
    result: dict[str, Any] = {"format": FORMAT}
    if "report" in parts:
        _say("Building the report …")
        result["report"] = measure_report(kind, options.pairs)
        _say("Building a long document, and twenty reports in one process …")
        result["endurance"] = measure_endurance(kind)
    if "pages" in parts:
        _say("Opening pages …")
        put_editions()
        result["pages"] = measure_pages(cast(), options.runs)
    if "facts" in parts:
        _say("Reading facts …")
        result["facts"] = measure_facts(kind, max(options.runs // 3, 3))
    if "numbers" in parts:
        _say("Looking for typed numbers …")
        result["numbers"] = measure_numbers(max(options.runs // 3, 3))
    if "returns" in parts:
        # After the others, because it fills in returns and hands grants to one manager.
        result["returns"] = _measure_returns(options.runs)
    if "money" in parts:
        # Last, because it makes ten of everything.
        _say("Opening programmes, grants and money, then ten times as many …")
        result["money"] = measure_money(options.runs)
    return result | {"demonstration": _demonstration(loaded), "machine": machine()}


def _measure_returns(runs: int) -> dict[str, Any]:
    _say("Opening Today with four hundred grants …")
    today = measure_today(runs)
    _say("Saving two thousand times at once …")
    saves = measure_saves()
    ordinary = cast().draft
    _say("Making and reading a workbook …")
    workbook = measure_workbook(ordinary, max(runs // 3, 3))
    _say("Fifty people at their returns at once …")
    return {
        "length": measure_length(ordinary),
        "today": today,
        "saves": saves,
        "workbook": workbook,
        "crowd": measure_crowd(),
    }


def _demonstration(loaded: Loaded) -> dict[str, Any]:
    return {"year": str(YEAR), "load_s": loaded.seconds, "rows": loaded.rows}


def machine() -> dict[str, Any]:
    """What the seconds, unlike the ratios, depend on."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (database,) = cursor.fetchone()
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "load_average": [round(each, 2) for each in os.getloadavg()],
        "python": platform.python_version(),
        "django": django.get_version(),
        "weasyprint": weasyprint.__version__,
        "postgresql": database,
    }


def lines_of(result: dict[str, Any]) -> list[str]:
    about, demonstration = result["machine"], result["demonstration"]
    lines = [""]
    for part, draw in (
        ("report", report_lines),
        ("endurance", endurance_lines),
        ("pages", page_lines),
        ("facts", facts_lines),
        ("numbers", numbers_lines),
        ("returns", return_lines),
        ("money", money_lines),
    ):
        lines += draw(result[part]) if part in result else []
    lines.append(f"Demonstration: {demonstration['rows']} rows, loaded in {demonstration['load_s']:.1f} s")
    lines.append(
        f"Machine: {about['cores']} cores, load average {about['load_average'][0]} at the end, "
        f"Python {about['python']}, Django {about['django']}, "
        f"PostgreSQL {about['postgresql']}, WeasyPrint {about['weasyprint']}"
    )
    if about["load_average"][1] > (about["cores"] or 1):
        lines.append("Other programs kept this machine busy: trust ratios and work, not the clock.")
    return lines


def write(result: dict[str, Any], folder: Path) -> Path:
    """The document under the time of the run, beside those of earlier runs."""
    folder.mkdir(parents=True, exist_ok=True)
    moment = result["machine"]["at"].replace(":", "").replace("+0000", "Z")
    file = folder / f"bench-{moment}.json"
    file.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return file


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
