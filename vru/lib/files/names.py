"""A file's name as a person gave it, made safe to store, to show and to send back."""

from __future__ import annotations

import unicodedata

LONGEST = 120
# Letters that turn the direction of what follows: "exe.fdp" can be made to read "pdf.exe".
_DIRECTIONS = {chr(code) for code in (*range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x061C)}


def safe_name(given: str, extension: str) -> str:
    """The last part of ``given`` without control or direction characters, with the extension of what is inside."""
    last = given.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(
        letter
        for letter in unicodedata.normalize("NFC", last)
        if letter not in _DIRECTIONS and unicodedata.category(letter) not in {"Cc", "Cs", "Co", "Cn"}
    )
    stem = kept.rsplit(".", 1)[0] if "." in kept else kept
    stem = stem.strip(" .")[:LONGEST] or "file"
    return f"{stem}.{extension}"
