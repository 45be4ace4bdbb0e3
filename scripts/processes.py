"""Starts several programs together, notices when one dies, and stops them all."""

# ruff: noqa: S603 (the commands are our own, never a user's text)

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from common import LOGS, ROOT, Stop, shown

PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 15.0


def _die_with_parent() -> None:
    """In the child: be told to stop if this script is killed too hard to do it itself."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    def __init__(self, name: str, command: list[str], stop_signal: int = signal.SIGTERM, **options: Any) -> None:
        self.name = name
        self.stop_signal = stop_signal
        self.log = LOGS / f"{name}.log"
        LOGS.mkdir(parents=True, exist_ok=True)
        self._from = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            # Its own session: Ctrl-C reaches this script only, which then stops the others in order.
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent,
                **{"cwd": ROOT, **options},
            )

    def output(self) -> str:
        """What it has written to its log since it was started."""
        with self.log.open("rb") as log:
            log.seek(self._from)
            return log.read().decode(errors="replace")

    def check(self) -> None:
        code = self.process.poll()
        if code is None:
            return
        how = f"was killed by signal {-code}" if code < 0 else f"stopped by itself with exit {code}"
        last = "\n".join(f"  {line}" for line in self.output().strip().splitlines()[-5:])
        raise Stop(f"The {self.name} process {how}. Its log: {shown(self.log)}\n{last}".rstrip())

    def signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.process.pid, number)

    def kill_group(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


class Children:
    """On the way out of this context, however that is, everything started is stopped and waited for."""

    def __init__(self) -> None:
        self.all: list[Child] = []

    def start(self, name: str, command: list[str], **options: Any) -> Child:
        child = Child(name, command, **options)
        self.all.append(child)
        return child

    def wait_until(self, ready: Callable[[], bool], what: str, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not ready():
            self.check()
            if time.monotonic() > end:
                logs = ", ".join(shown(child.log) for child in self.all)
                raise Stop(f"{what} did not start within {seconds:.0f} seconds. The logs: {logs}")
            time.sleep(0.1)

    def check(self) -> None:
        for child in self.all:
            child.check()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for last in (False, True):
            # A worker in the middle of a report finishes it on SIGTERM and drops it on SIGQUIT; its job is
            # then taken up again by the next worker, once the lease has run out.
            for child in reversed(self.all):
                child.signal(signal.SIGQUIT if last else child.stop_signal)
            if self._all_gone(GRACE_SECONDS):
                break
        for child in self.all:
            child.kill_group()
            child.process.wait()

    def _all_gone(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if all(child.process.poll() is not None for child in self.all):
                return True
            time.sleep(0.05)
        return False


def stop_on_sigterm() -> None:
    """Let SIGTERM unwind like Ctrl-C, so that children are stopped on the way out."""

    def stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)


def celery(role: str, *options: str) -> list[str]:
    return [sys.executable, "-m", "celery", "--app", "vru.celery", role, "--loglevel", "INFO", *options]


def worker_command(*extra: str) -> list[str]:
    # Gossip, mingling and events are for clusters; on a folder of messages they only cost polling.
    quieter = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    return celery("worker", "--concurrency", "2", *quieter, *extra)


def start_worker(children: Children, *extra: str) -> Child:
    child = children.start("worker", worker_command(*extra))
    children.wait_until(lambda: "ready." in child.output(), "The worker", 60)
    return child


def beat_command(schedule: Path) -> list[str]:
    return celery("beat", "--pidfile", "", "--schedule", str(schedule))
