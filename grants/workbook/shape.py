"""What the writer and the reader of a workbook agree on. Knows no Django, because the reader runs without it."""

from __future__ import annotations

from dataclasses import dataclass

from vru.lib.tables.limits import ReadingLimits

FORMAT = "vru-return-workbook"
TEMPLATE_VERSION = 1
# Versions of the form that are still read. An older one is refused with the way out.
READABLE_VERSIONS = frozenset({1})

ABOUT_SHEET = "_return"  # Very hidden: which return the workbook is for.
LISTS_SHEET = "_lists"  # Very hidden: what the drop-downs offer.
START_SHEET = "Start here"
MARKS_SHEET = "To put right"

KEY_PREFIX = "box:"
PART_MARK = "|"
ANSWER_HEADING = "Your answer"
KEY_COLUMN, LABEL_COLUMN, ANSWER_COLUMN, CHECK_COLUMN = 0, 1, 2, 3

# A cell of a workbook holds 32,767 units, of which some characters take two; a longer text goes on in the rows below.
PART_LENGTH = 16_000


@dataclass(frozen=True, slots=True)
class Limits(ReadingLimits):
    """What a workbook may cost. Bytes, counts and seconds; far above any real return, far below what hurts."""

    file_bytes: int = 5 * 1024 * 1024
    entries: int = 300
    unpacked_bytes: int = 60 * 1024 * 1024
    cells: int = 60_000
    last_row: int = 20_000
    last_column: int = 256
    characters: int = 3_000_000
    memory_bytes: int = 512 * 1024 * 1024
    cpu_seconds: int = 5
    seconds: float = 15


def key_of(name: str, part: int = 1) -> str:
    """The hidden key of a box's cell; ``part`` counts from 1 where a long text goes on below."""
    return f"{KEY_PREFIX}{name}" if part == 1 else f"{KEY_PREFIX}{name}{PART_MARK}{part}"


def read_key(text: str) -> tuple[str, int] | None:
    """(box name, part) of a hidden key; None for any other text."""
    if not text.startswith(KEY_PREFIX):
        return None
    name, mark, part = text[len(KEY_PREFIX) :].strip().rpartition(PART_MARK)
    if mark and part.isdecimal() and len(part) < 4:
        return name, int(part)
    return text[len(KEY_PREFIX) :].strip(), 1
