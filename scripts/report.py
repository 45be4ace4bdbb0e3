"""`make report YEAR=2020-21`: the annual report's two editions, made by a real worker."""

# ruff: noqa: S603 (the commands are our own, never a user's text)

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time

from common import ROOT, VAR, Stop, main_with_sentences
from demo_site import prepare, running_lock
from processes import Children, start_worker, stop_on_sigterm

sys.path.insert(0, str(ROOT))


def make_reports(year: str, children: Children) -> int:
    """Wait for the command, which shows its own progress; stop waiting if the worker dies."""
    command = subprocess.Popen([sys.executable, "manage.py", "make_reports", "--year", year])
    try:
        while command.poll() is None:
            children.check()
            time.sleep(0.1)
    finally:
        if command.poll() is None:
            command.terminate()
            command.wait()
    return command.returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--year", default="")
    year = parser.parse_args().year.strip()
    if not year:
        raise Stop("Say which financial year: make report YEAR=2020-21")
    stop_on_sigterm()
    prepare()
    lock = running_lock()
    with Children() as children:
        # A lock that is held means that `make run` is up here, and its worker takes the job.
        if lock is not None:
            start_worker(children, "--beat", "--schedule", str(VAR / "celerybeat-schedule"))
        return make_reports(year, children)


if __name__ == "__main__":
    os.chdir(ROOT)
    main_with_sentences(main)
