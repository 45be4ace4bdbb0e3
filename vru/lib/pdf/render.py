"""One document from HTML to file: render, repair, save."""

from __future__ import annotations

import io
import os
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from weasyprint import HTML

from vru.lib.pdf.fetcher import OutsideAddress, PackagedFiles
from vru.lib.pdf.outcome import RenderReport, ResourceRefused
from vru.lib.pdf.repair import DocumentFacts, repair


def render_pdf(
    html: str,
    *,
    title: str,
    author: str,
    subject: str,
    timestamp: datetime,
    output: Path,
    language: str = "en-GB",
    files: Mapping[str, Path] | None = None,
) -> RenderReport:
    """Write `html` to `output` as tagged PDF/UA-1 and return what it cost.

    The same arguments give the same bytes: `timestamp` (aware) becomes the only date in the file. `files` maps
    addresses used in the document to packaged files; everything else but `data:` is refused.

    Raises ValueError for a naive timestamp or an empty title, ResourceRefused for an outside address, and
    RepairError when the document cannot be made accessible, for example a picture without an alternative. A
    failure leaves no file and no half of one.
    """
    if timestamp.tzinfo is None:
        raise ValueError("The timestamp of a PDF must carry its time zone.")
    if not title.strip():
        raise ValueError("A PDF needs a title: readers announce it instead of the file name.")
    started = time.perf_counter()
    page = HTML(string=html, base_url=None, url_fetcher=PackagedFiles(files), media_type="print")
    try:
        document = page.render(pdf_variant="pdf/ua-1")
    except OutsideAddress as error:
        raise ResourceRefused(str(error)) from error
    _describe(document.metadata, title, author, subject, language, timestamp)
    links = _link_descriptions(document.pages)
    raw = io.BytesIO()
    # Left uncompressed: the repair reads every page again, and the final save compresses once.
    document.write_pdf(raw, pdf_variant="pdf/ua-1", uncompressed_pdf=True)
    rendered = time.perf_counter()
    facts = DocumentFacts(language=language, links=links)
    _write_whole(output, repair(raw, facts))
    return RenderReport(rendered - started, time.perf_counter() - rendered, len(document.pages))


def _describe(metadata: Any, title: str, author: str, subject: str, language: str, timestamp: datetime) -> None:
    moment = timestamp.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    metadata.title = title
    metadata.authors = [author]
    metadata.description = subject
    metadata.lang = language
    metadata.created = metadata.modified = moment


def _link_descriptions(pages: list[Any]) -> dict[str, str]:
    """{target: what a person reads on the link}: the renderer would announce the bare address instead."""
    found: dict[str, str] = {}
    for page in pages:
        for kind, target, _rectangle, box in page.links:
            if kind in ("internal", "external") and box.element is not None:
                spoken = box.element.get("aria-label") or "".join(box.element.itertext())
                found.setdefault(target, " ".join(spoken.split()))
    return {target: text for target, text in found.items() if text}


def _write_whole(output: Path, content: bytes) -> None:
    """Write beside the target and rename, so that a killed worker leaves no half file."""
    output.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(output)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
