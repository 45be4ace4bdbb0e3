"""What reading a person's spreadsheet may cost, and the process that is held to it. Knows no Django."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from vru.lib.tables.refusals import Unreadable

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """Bytes, counts and seconds. The defaults are for a register or a ledger: far above a real one."""

    file_bytes: int = 10 * 1024 * 1024
    entries: int = 2_000
    unpacked_bytes: int = 150 * 1024 * 1024
    cells: int = 1_500_000
    last_row: int = 50_000
    last_column: int = 200
    characters: int = 30_000_000
    memory_bytes: int = 1024 * 1024 * 1024
    cpu_seconds: int = 20
    seconds: float = 40


def read_in_limits(module: str, data: bytes, limits: ReadingLimits) -> dict[str, Any]:
    """What ``python -m module`` says about the bytes, as one JSON document. Raises Unreadable, never anything else.

    The module holds itself to the limits with ``hold_to``; it is ended from outside when it takes too long.
    """
    if len(data) > limits.file_bytes:
        raise Unreadable("too_large", most=limits.file_bytes // (1024 * 1024))
    command = [sys.executable, "-E", "-s", "-m", module, json.dumps(asdict(limits))]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell, nothing of the file on the command line
            command, input=data, capture_output=True, timeout=limits.seconds, cwd=ROOT, env={}, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("too_costly") from error
    if done.returncode != 0:
        # Killed by a limit, or stopped by an error that its own checks did not foresee: either way it is not read.
        raise Unreadable("too_costly")
    try:
        said: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        raise Unreadable("too_costly") from error
    return said


def hold_to(limits: ReadingLimits) -> None:
    """Hold this process to the limits; it may write no file and leaves no core."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
