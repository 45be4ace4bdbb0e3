"""`make test`, `make test-fast`, `make lint`: every stage runs, every failure shows, the exit is true."""

# ruff: noqa: S603 (the commands are our own, never a user's text)

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from checks import all_checks, lint_checks, migrate
from common import LOGS, ROOT, Stop, apt_install, main_with_sentences, say
from processes import stop_on_sigterm
from services import services

COUNTED = ("passed", "failed", "skipped")
# Debian package, and the program or font that shows it is there.
BROWSER_PACKAGES = {"chromium": "chromium", "poppler-utils": "pdftoppm"}
# A file stays on one worker, so what it builds once is built once; tests/conftest.py puts the long files first.
TWO_WORKERS = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
FONT_PACKAGE, FONT_FOLDER = "fonts-liberation", Path("/usr/share/fonts/truetype/liberation")


# Its name, its command, its environment.
Check = tuple[str, list[str], dict[str, str]]


@dataclass
class Outcome:
    name: str
    seconds: float
    failed: bool
    note: str = ""
    counts: dict[str, int] = field(default_factory=dict)


def run_check(name: str, command: list[str], environment: dict[str, str]) -> Outcome:
    """A check by its exit code; its output is shown only when it fails."""
    started = time.monotonic()
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    outcome = Outcome(name, time.monotonic() - started, bool(result.returncode))
    if outcome.failed:
        say(f"\n--- {name} failed ---\n{(result.stdout + result.stderr).strip()}\n")
    return outcome


def run_pytest(name: str, options: list[str], environment: dict[str, str]) -> Outcome:
    """A test run with its output as it comes. A skipped test, or no test at all, is a failure."""
    say(f"\n--- {name} ---")
    started = time.monotonic()
    report = LOGS / f"{name.replace(' ', '-')}.xml"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *options]
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    counts = read_counts(report)
    note = f"exit {code}" if code else ""
    if counts["skipped"]:
        note = f"{counts['skipped']} skipped: nothing may be left out silently"
    return Outcome(name, time.monotonic() - started, bool(code or counts["skipped"]), note, counts)


def read_counts(report: Path) -> dict[str, int]:
    """Passed, failed (errors too) and skipped in a JUnit file; noughts when the run died before writing."""
    counts = dict.fromkeys(COUNTED, 0)
    if not report.exists():
        return counts
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):  # noqa: S314 (written by our own pytest)
        number = {name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")}
        counts["failed"] += number["failures"] + number["errors"]
        counts["skipped"] += number["skipped"]
        counts["passed"] += number["tests"] - number["failures"] - number["errors"] - number["skipped"]
    return counts


@contextmanager
def clean_environment() -> Iterator[dict[str, str]]:
    """A developer's own settings must not decide what a test sees; files go to a throw-away folder."""
    ours = ("DATABASE_URL", "REDIS_URL", "DJANGO_", "VRU_", "EMAIL_", "DEFAULT_FROM_EMAIL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    with tempfile.TemporaryDirectory(prefix="vru-test-") as folder:
        yield {**kept, "VRU_VAR_DIR": folder, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}


def install_browser() -> None:
    missing = [package for package, program in BROWSER_PACKAGES.items() if not shutil.which(program)]
    if not FONT_FOLDER.exists():
        missing.append(FONT_PACKAGE)
    if missing:
        apt_install(missing, "Testing pages and PDFs")


def side_by_side(checks: list[Check]) -> list[Outcome]:
    """Checks two at a time, their outcomes in the order given."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(lambda check: run_check(*check), checks))


def migrated(environment: dict[str, str], **database: str) -> dict[str, str]:
    """The environment of a stage whose test databases are copies of one that ``migrate`` has filled."""
    return {**environment, **database, "VRU_TEST_MIGRATED": "1"}


def full(environment: dict[str, str], pytest_options: list[str]) -> list[Outcome]:
    """Checks and migrations side by side, then the suite on each database.

    A test that cannot reach a database runs once, on SQLite. Tests that kill workers run alone, so nothing is slowed.
    """
    with ExitStack() as stack:
        missing: list[Outcome] = []
        postgres: dict[str, str] | None = None
        try:
            install_browser()
            postgres = migrated(environment, **stack.enter_context(services()))
        except Stop as stop:
            missing = [Outcome("pytest on PostgreSQL", 0, True, str(stop))]
        sqlite = migrated(environment, DATABASE_URL=f"sqlite:///{environment['VRU_VAR_DIR']}/migrated.sqlite3")
        checks = [(name, command, environment) for name, command in all_checks().items()]
        checks.append(("migrate on SQLite", migrate(), sqlite))
        if postgres:
            checks.append(("migrate on PostgreSQL", migrate(), postgres))
        outcomes = side_by_side(checks)
        on_sqlite = [*TWO_WORKERS, "-m", "not browser and not worker and not postgres", *pytest_options]
        outcomes.append(run_pytest("pytest on SQLite", on_sqlite, sqlite))
        if postgres:
            on_postgres = [*TWO_WORKERS, "-m", "(database or browser or postgres) and not worker", *pytest_options]
            outcomes.append(run_pytest("pytest on PostgreSQL", on_postgres, postgres))
            outcomes.append(run_pytest("pytest with workers", ["-n", "0", "-m", "worker", *pytest_options], postgres))
        return outcomes + missing


def fast(environment: dict[str, str], pytest_options: list[str]) -> list[Outcome]:
    # Tables straight from the models: the migrations themselves are tried by `make test`.
    sqlite = {**environment, "DATABASE_URL": f"sqlite:///{environment['VRU_VAR_DIR']}/quick.sqlite3"}
    checks = [(name, command, environment) for name, command in lint_checks().items()]
    chosen = ["--nomigrations", "-m", "not slow and not browser and not worker and not postgres"]
    return [
        *side_by_side(checks),
        run_pytest("pytest on SQLite, quick", [*TWO_WORKERS, *chosen, *pytest_options], sqlite),
    ]


def lint(environment: dict[str, str], _: list[str]) -> list[Outcome]:
    return side_by_side([(name, command, environment) for name, command in all_checks().items()])


MODES = {"full": full, "fast": fast, "lint": lint}


def summary(outcomes: list[Outcome], seconds: float) -> str:
    """One line a stage, then the closing line that people and machines look for."""
    lines = [""]
    for one in outcomes:
        counts = ", ".join(f"{number} {word}" for word, number in one.counts.items() if number)
        lines.append(f"{'FAILED' if one.failed else 'ok':<7} {one.name:<26} {one.seconds:6.1f} s  {counts or one.note}")
        if one.failed and counts and one.note:
            lines.append(f"        {one.note}")
    total = {word: sum(one.counts.get(word, 0) for one in outcomes) for word in COUNTED}
    # A stage that failed without a failing test (lint, types, no database) still counts as one failure.
    total["failed"] += sum(one.failed and not one.counts.get("failed") for one in outcomes)
    total["passed"] += sum(not one.failed and not one.counts for one in outcomes)
    words = ", ".join(f"{total[word]} {word}" for word in ("failed", "passed", "skipped") if total[word])
    lines.append(f"\n=== {words} in {seconds:.2f}s ===")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mode", choices=sorted(MODES))
    parser.add_argument("pytest_options", nargs="*", help="passed on to pytest")
    arguments = parser.parse_args()
    stop_on_sigterm()
    LOGS.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with clean_environment() as environment:
        outcomes = MODES[arguments.mode](environment, arguments.pytest_options)
    print(summary(outcomes, time.monotonic() - started), flush=True)
    return int(any(one.failed for one in outcomes))


if __name__ == "__main__":
    main_with_sentences(main)
