"""Small changes to texts that people read."""

from __future__ import annotations


def capital(text: str) -> str:
    """With a capital first letter; the others stay as they are, so that names and abbreviations do."""
    return text[:1].upper() + text[1:]


def clipped(text: str, longest: int) -> str:
    """At most so many characters, the last of them an ellipsis where something was left out."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
