"""A PDF made in a process of its own: its memory is given back, and it can be stopped at any moment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from vru.lib.pdf.outcome import RenderReport, RepairError, ResourceRefused

ROOT = Path(__file__).resolve().parents[3]
MODULE = "vru.lib.pdf.process"
# What the libraries under the renderer look for. Nothing else is passed on: the database is not its business.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH")
MEMORY_BYTES = 3 * 1024**3
_BETWEEN_LOOKS = 0.25
_REFUSALS: dict[str, type[Exception]] = {"RepairError": RepairError, "ResourceRefused": ResourceRefused}


class PdfFailed(RuntimeError):
    """The process ended without a PDF; ``str()`` is a sentence for whoever asked for one."""


class PdfProcess:
    """``begin`` hands over the page, ``wait`` gives what it cost. Entering it starts the process, so that the renderer
    is loaded while the page is still being written; leaving it ends the process, whatever happened.
    """

    def __init__(self, *, memory_bytes: int = MEMORY_BYTES) -> None:
        self._memory_bytes = memory_bytes
        self._folder = tempfile.TemporaryDirectory(prefix="pdf-")
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the process is left
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        command = [sys.executable, "-s", "-m", MODULE]
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        self._process = subprocess.Popen(  # noqa: S603 - our own module; what it reads is written here
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        process = self._running
        if process.poll() is None:
            process.kill()
        process.communicate()
        self._errors.close()
        self._folder.cleanup()

    def begin(self, html: str, *, timestamp: datetime, output: Path, **words: str) -> None:
        """Hand over the page; the arguments are those of `render_pdf`, all but its files. Returns at once."""
        page = Path(self._folder.name) / "page.html"
        page.write_text(html, encoding="utf-8")
        order = {
            "html": str(page),
            "output": str(output),
            "timestamp": timestamp.isoformat(),
            "memory_bytes": self._memory_bytes,
            "words": words,
        }
        stdin = self._running.stdin
        if stdin is None:
            raise PdfFailed("The process that makes the PDF has no input any more.")
        try:
            stdin.write(json.dumps(order) + "\n")
            stdin.flush()
        except BrokenPipeError as error:
            raise self._failure() from error

    def wait(self, watch: Callable[[], None] | None = None) -> RenderReport:
        """What the PDF cost. ``watch`` is called again and again meanwhile; what it raises ends the process.

        Raises RepairError, ResourceRefused or ValueError as `render_pdf`, and PdfFailed when the process dies.
        """
        while True:
            try:
                said, _ = self._running.communicate(timeout=_BETWEEN_LOOKS)
                break
            except subprocess.TimeoutExpired:
                if watch is not None:
                    watch()
        return self._report(said)

    def _report(self, said: str) -> RenderReport:
        line = said.strip().rpartition("\n")[2]
        if self._running.returncode or not line:
            raise self._failure()
        found: dict[str, Any] = json.loads(line)
        if "error" not in found:
            return RenderReport(**found)
        if found["error"] == "MemoryError":
            raise self._failure()
        raise _REFUSALS.get(found["error"], ValueError)(found["message"])

    def _failure(self) -> PdfFailed:
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        last = (
            lines[-1][:300] if lines else f"it may have needed more than {self._memory_bytes // 1024**2} MiB of memory"
        )
        return PdfFailed(f"The process that makes the PDF ended before it was done: {last}.")

    @property
    def _running(self) -> subprocess.Popen[str]:
        if self._process is None:
            raise PdfFailed("The process that makes the PDF was not started.")
        return self._process
