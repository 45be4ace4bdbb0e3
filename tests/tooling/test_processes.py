"""Programs started together: one that dies is reported, and nothing is left running."""

from __future__ import annotations

import sys
from pathlib import Path

import common
import processes
import pytest

from tests.services import wait_until

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
DIE = [sys.executable, "-c", "print('the budget is missing'); raise SystemExit(3)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time\n"
    "for number in (signal.SIGTERM, signal.SIGQUIT): signal.signal(number, signal.SIG_IGN)\n"
    "print('up', flush=True); time.sleep(60)",
]


@pytest.fixture(autouse=True)
def _logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LOGS", tmp_path)


def test_everything_started_is_stopped_on_the_way_out() -> None:
    with processes.Children() as children:
        first, second = children.start("first", SLEEP), children.start("second", SLEEP)
        children.check()
    assert first.process.poll() is not None
    assert second.process.poll() is not None


def test_everything_is_stopped_when_something_goes_wrong_inside() -> None:
    def fail() -> None:
        raise ValueError("trouble")

    children = processes.Children()
    child = children.start("first", SLEEP)
    with pytest.raises(ValueError, match="trouble"), children:
        fail()
    assert child.process.poll() is not None


def test_program_that_dies_is_named_with_its_exit_and_its_last_words() -> None:
    with processes.Children() as children:
        child = children.start("worker", DIE)
        child.process.wait()
        with pytest.raises(
            common.Stop, match=r"worker process stopped by itself with exit 3.*\n  the budget is missing"
        ):
            children.check()


def test_waiting_ends_at_once_when_the_program_dies() -> None:
    children = processes.Children()
    children.start("web", DIE)
    with children, pytest.raises(common.Stop, match="exit 3"):
        children.wait_until(lambda: False, "The web server", 30)


def test_program_that_ignores_every_signal_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "GRACE_SECONDS", 0.2)
    with processes.Children() as children:
        child = children.start("stubborn", STUBBORN)
        wait_until(lambda: "up" in child.output(), "The program's start")
    assert child.process.returncode == -9


def test_output_is_only_what_was_written_since_the_start(tmp_path: Path) -> None:
    (tmp_path / "worker.log").write_text("ready. (yesterday)\n")
    with processes.Children() as children:
        child = children.start("worker", DIE)
        child.process.wait()
        assert child.output() == "the budget is missing\n"
