"""What a document may load: text it carries in itself, and files that we ship. Nothing else."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

# Known to the renderer by content type; the table of the operating system differs between machines.
_TYPES = {".woff2": "font/woff2", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}


class OutsideAddress(FatalURLFetchingError):
    """The document asked for something outside itself. Fatal: a report with a hole in it must not be made."""


class PackagedFiles(URLFetcher):
    """Answers `data:` addresses and the addresses in `files` ({address: path}); refuses every other.

    A narrative is written by people: an image address in it must never make the server read a local file or
    call another machine.
    """

    def __init__(self, files: Mapping[str, Path] | None = None) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)
        self._files = dict(files or {})

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
        if url.startswith("data:"):
            return super().fetch(url, headers)
        path = self._files.get(url)
        if path is None:
            raise OutsideAddress(
                f"The document asks for {url[:200]!r}, which is not part of it. "
                "Put the content into the document as a data: address, or ship the file and name it."
            )
        kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})
