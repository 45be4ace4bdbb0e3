"""The checks that need no test: lint, format, templates, types, migrations."""

# ruff: noqa: S603 (the commands are our own, never a user's text)

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from common import ROOT

MODULE = [sys.executable, "-m"]
# A program without a Python module of its own.
DJADE = str(Path(sys.executable).parent / "djade")


def templates() -> list[str]:
    found = (ROOT / "templates").rglob("*.html")
    return sorted(str(path.relative_to(ROOT)) for path in found)


def djade(*options: str) -> list[str]:
    return [DJADE, "--target-version", "5.2", *options, *templates()]


LINT: dict[str, list[str]] = {
    "ruff check": [*MODULE, "ruff", "check", "."],
    "ruff format": [*MODULE, "ruff", "format", "--check", "."],
}
# The longest first: the others run beside it.
SLOW: dict[str, list[str]] = {
    "mypy": [*MODULE, "mypy"],
    "migrations": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
}


def lint_checks() -> dict[str, list[str]]:
    return {**LINT, "djade": djade("--check")} if templates() else dict(LINT)


def all_checks() -> dict[str, list[str]]:
    return {**SLOW, **lint_checks()}


def migrate() -> list[str]:
    """Fill the database of ``DATABASE_URL`` with empty tables."""
    return [sys.executable, "manage.py", "migrate", "--verbosity", "0"]


def reformat() -> None:
    """`make format`: put right what a machine can."""
    for command in ([*MODULE, "ruff", "check", "--fix", "."], [*MODULE, "ruff", "format", "."], djade()):
        subprocess.run(command, cwd=ROOT, check=False)
