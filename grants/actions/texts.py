"""Text that a person typed, before it is kept."""

from __future__ import annotations

from grants.errors import ActionRefused

LONGEST_TEXT = 200_000
# Why somebody did something: a sentence or two, kept with what they did.
LONGEST_REASON = 300


def check_text(text: str, what: str, longest: int = LONGEST_TEXT) -> None:
    """Raises ``ActionRefused`` for a text that is too long to keep, or holds the NUL character.

    No keyboard types NUL, and PostgreSQL can keep it neither in a text nor in JSON.
    """
    if len(text) > longest:
        raise ActionRefused(f"{what} is longer than {longest:,} characters. Shorten it.")
    if "\0" in text:
        raise ActionRefused(f"{what} has a hidden character in it. Clear it and retype it.")


def check_reason(reason: str, ask: str) -> str:
    """The reason without spaces around it. Raises ``ActionRefused`` when it is missing or cannot be kept."""
    if not reason.strip():
        raise ActionRefused(ask)
    check_text(reason.strip(), "The reason", LONGEST_REASON)
    return reason.strip()
