"""The program behind `PdfProcess`: reads one order, makes one PDF, says what it cost, ends."""

from __future__ import annotations

import ctypes
import json
import resource
import signal
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from vru.lib.memory import peak_kib
from vru.lib.pdf.outcome import RepairError, ResourceRefused
from vru.lib.pdf.render import render_pdf

# What the caller may hear of by name; anything else is a fault of ours and leaves its traceback.
TOLD = (RepairError, ResourceRefused, ValueError, MemoryError)
_PARENT_DIED = 1


def main() -> int:
    """One line of JSON in, one out. The order names the files that hold the HTML and that get the PDF."""
    _end_with_the_parent()
    line = sys.stdin.readline()
    if not line:
        return 0
    order = json.loads(line)
    resource.setrlimit(resource.RLIMIT_AS, (order["memory_bytes"], order["memory_bytes"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        report = render_pdf(
            Path(order["html"]).read_text(encoding="utf-8"),
            output=Path(order["output"]),
            timestamp=datetime.fromisoformat(order["timestamp"]),
            **order["words"],
        )
    except TOLD as error:
        said = {"error": next(kind.__name__ for kind in TOLD if isinstance(error, kind)), "message": str(error)}
    else:
        said = asdict(report) | {"peak_kib": peak_kib()}
    print(json.dumps(said), flush=True)
    return 0


def _end_with_the_parent() -> None:
    """A killed worker leaves nobody who waits for the PDF. Linux only; elsewhere the process ends by itself."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DIED, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
