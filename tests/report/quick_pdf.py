"""A PDF engine that is quick, in place of the process that makes real ones: that has its own tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from vru.lib.pdf import RenderReport


class QuickPdf:
    """Stands in for `vru.lib.pdf.PdfProcess`. ``failure`` is raised instead of making anything."""

    failure: type[BaseException] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def begin(self, html: str, *, output: Path, **_: Any) -> None:
        output.write_bytes(b"%PDF-1.7 stand-in " + html.encode()[:200])

    def wait(self, watch: Callable[[], None] | None = None) -> RenderReport:
        if watch is not None:
            watch()
        if self.failure is not None:
            raise self.failure("no memory left")
        return RenderReport(0.1, 0.0, 1)
