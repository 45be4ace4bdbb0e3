"""`make bench`: the benchmark on a PostgreSQL and a Redis of its own."""

# ruff: noqa: S603 (the commands are our own, never a user's text)

from __future__ import annotations

import os
import subprocess
import sys

from common import ROOT, Stop, main_with_sentences
from processes import stop_on_sigterm
from services import services


def main() -> int:
    program = ROOT / "benchmarks" / "run.py"
    if not program.exists():
        raise Stop("benchmarks/run.py is missing, so there is nothing to measure.")
    stop_on_sigterm()
    with services() as urls:
        return subprocess.run(
            [sys.executable, program, *sys.argv[1:]], cwd=ROOT, env={**os.environ, **urls}, check=False
        ).returncode


if __name__ == "__main__":
    main_with_sentences(main)
