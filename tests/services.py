"""A real worker beside the tests, on the test database and a broker of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 30.0) -> None:
    """Wait on a condition, never for a time; fails the test with ``what`` when it does not come true."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            pytest.fail(f"{what} did not happen within {seconds:.0f} seconds.")
        time.sleep(0.05)


def database_url() -> str:
    """The URL of the database this test uses, for another process."""
    config = connection.settings_dict
    if connection.vendor == "sqlite" and "memory" in str(config["NAME"]):
        pytest.fail("A worker cannot open a database in this process's memory. Run this test on PostgreSQL: make test.")
    if connection.vendor == "sqlite":
        return f"sqlite:///{config['NAME']}"
    password = f":{config['PASSWORD']}" if config["PASSWORD"] else ""
    return f"postgres://{config['USER']}{password}@{config['HOST']}:{config['PORT']}/{config['NAME']}"


class WorkerProcess:
    """One Celery worker. Tests that use it run one at a time, because they share the broker."""

    def __init__(self, folder: Path, *modules: str, lease_seconds: int = 2) -> None:
        self.log = folder / f"worker-{uuid4().hex[:8]}.log"
        include = ("--include", ",".join(modules)) if modules else ()
        command = [sys.executable, "-m", "celery", "--app", "vru.celery", "worker", "--concurrency", "1"]
        quieter = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO")
        environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "VRU_VAR_DIR": str(settings.VAR_DIR),
            "VRU_JOB_LEASE_SECONDS": str(lease_seconds),
            "PYTHONPATH": str(ROOT),
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, *quieter, *include, "--hostname", f"{uuid4().hex[:8]}@test"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(lambda: self.ready() or self.process.poll() is not None, "The worker's start", 60)
        if not self.ready():
            pytest.fail(f"The worker did not start:\n{self.log.read_text()}")

    def ready(self) -> bool:
        return b"ready." in self.log.read_bytes()

    def kill(self) -> None:
        """As the kernel does when memory runs out: at once, with its children, and no goodbye."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self.kill()


@pytest.fixture
def celery_worker_process(transactional_db: None, tmp_path: Path) -> Iterator[Callable[..., WorkerProcess]]:
    """Starts real workers: ``start(*modules, lease_seconds=2)``, where modules register the test's own job kinds.

    Use it in tests marked ``worker``. Everything started is stopped afterwards.
    """
    started: list[WorkerProcess] = []

    def start(*modules: str, lease_seconds: int = 2) -> WorkerProcess:
        worker = WorkerProcess(tmp_path, *modules, lease_seconds=lease_seconds)
        started.append(worker)
        return worker

    yield start
    for worker in started:
        worker.stop()
