"""A stylesheet with its fonts inside, so that one HTML file is the whole document."""

from __future__ import annotations

import base64
import re
from pathlib import Path

_URL = re.compile(r"""url\(\s*["']?(?!data:|#)([^"')]+)["']?\s*\)""")
_TYPES = {".woff2": "font/woff2", ".svg": "image/svg+xml", ".png": "image/png"}


def embed_stylesheet(path: Path) -> str:
    """The text of the stylesheet at `path` with every `url(...)` replaced by the file's bytes.

    Addresses are relative to the stylesheet. Raises FileNotFoundError when one does not exist and ValueError
    when its type is not one that a document of ours embeds.
    """

    def embed(match: re.Match[str]) -> str:
        target = (path.parent / match[1]).resolve()
        kind = _TYPES.get(target.suffix)
        if kind is None:
            raise ValueError(f"{path.name} refers to {match[1]!r}: only woff2, svg and png files are embedded.")
        return f'url("data:{kind};base64,{base64.b64encode(target.read_bytes()).decode("ascii")}")'

    return _URL.sub(embed, path.read_text(encoding="utf-8"))
