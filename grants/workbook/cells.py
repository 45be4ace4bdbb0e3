"""What stands in a cell for a typed text, and what that cell says when it is read again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from grants.questionnaire import Box
from vru.lib.numbers import NumberProblem, read_number
from vru.lib.tables.cells import number_text

# XML cannot carry these; a spreadsheet calls a file that holds them damaged.
_UNWRITABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")
_NEWLINES = re.compile(r"\r\n?")
# A spreadsheet keeps fifteen digits; a longer number stays a text, so that no digit is lost.
_MOST_DIGITS = 15


def cell_value(box: Box, typed: str) -> str | Decimal:
    """The number for a text that reads as one, the drop-down's words for a choice, otherwise the text itself."""
    if box.choices:
        return dict(box.choices).get(typed.strip(), written_text(typed))
    number = _number(box, typed)
    if number is None or len(number.as_tuple().digits) > _MOST_DIGITS:
        return written_text(typed)
    return number


def written_text(typed: str) -> str:
    """A text as a cell can hold it: line ends as the spreadsheet's own, nothing that would damage the file."""
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", _NEWLINES.sub("\n", typed))


def typed_text(box: Box, read: str) -> str:
    """What a person would have typed on the site for what the cell says: the stored word of a choice, or the text."""
    if not box.choices:
        return "" if not read.strip() else read
    wanted = " ".join(read.split()).casefold()
    for value, label in box.choices:
        if wanted in {value.casefold(), " ".join(label.split()).casefold()}:
            return value
    return "" if not wanted else read


def says_the_same(box: Box, saved: str, read: str) -> bool:
    """Whether a cell still says what is saved: the text that would be written for it, or the same number."""
    value = cell_value(box, saved)
    if isinstance(value, str):
        return value.strip() == written_text(read).strip()
    return number_text(float(value)) == read or _number(box, read) == value


def settle(boxes: list[Box], read: Mapping[str, str], saved: Mapping[str, str]) -> dict[str, str]:
    """Typed text by box name: what is saved where the cell says the same, what the cell says where it differs.

    A box whose cell could not be read keeps what is saved; an emptied cell is an empty text.
    """
    settled = {}
    for box in boxes:
        kept = saved.get(box.name, "")
        if box.name not in read:
            settled[box.name] = kept
            continue
        said = read[box.name]
        settled[box.name] = kept if says_the_same(box, kept, said) else typed_text(box, said)
    return settled


def _number(box: Box, typed: str) -> Decimal | None:
    kind = box.kind.number
    if kind is None or not typed.strip():
        return None
    try:
        value = read_number(typed.strip(), kind=kind, allow_negative=True).value
    except NumberProblem:
        return None
    # "25%" stays a text: beside it 0.25 and 25 would look like the same answer.
    return None if value is None or "%" in typed else value
