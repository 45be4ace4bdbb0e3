"""Which parts of a section's text are prose that somebody reads: the rest is covered, letter for letter.

Places stay the same, so that a number found in the covered text can be replaced in the text itself.
"""

from __future__ import annotations

import re

from evaluation.reports.markup import FENCE, WITH_TEXT

# Stands for one letter of a token; nobody can type it into a section, and it is neither a letter nor a digit.
COVER = "\ue002"
READ_FIELDS = ("title", "caption", "note")
_TOKEN = re.compile(r"\{\{[^{}]*\}\}")
# Each part fails soon where it does not match, whatever was typed: none reads the rest of a text from every letter.
_UNREAD = re.compile(
    r"`[^`\n]*`|\]\([^)\s]{0,1000}\)|https?://\S+|www\.\S+|(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.]+"
    r"|<!--(?:(?!<!--).)*?-->|&#?\w{1,8};",
    re.DOTALL,
)
_OPENING = re.compile(r":::[ \t]*([a-z_]+)")
_FIELD = re.compile(r"[ \t]*([a-z_]+):")


def prose(text: str) -> str:
    """The text with everything that is not prose covered, of the same length and with its lines."""
    covered = text.replace(COVER, " ")
    if FENCE in covered:
        covered = "".join(_fences(covered))
    covered = _TOKEN.sub(lambda match: COVER * len(match[0]), covered)
    return _UNREAD.sub(_blank, covered)


def _fences(text: str) -> list[str]:
    """Lines, with the fields of a block covered but for its title, caption and note, and what a block says itself."""
    made = []
    kind = ""
    in_fields = False
    for line in text.splitlines(keepends=True):
        if line.startswith(FENCE):
            opening = _OPENING.match(line)
            kind = opening[1] if opening else ""
            in_fields = bool(kind)
            made.append(_spaces(line))
            continue
        if in_fields and kind in WITH_TEXT and not line.strip():
            in_fields = False
        if in_fields:
            name = _FIELD.match(line)
            end = name.end() if name and name[1] in READ_FIELDS else len(line)
            made.append(_spaces(line[:end]) + line[end:])
        else:
            made.append(line)
    return made


def _blank(match: re.Match[str]) -> str:
    return _spaces(match[0])


def _spaces(text: str) -> str:
    return "".join(letter if letter in "\r\n" else " " for letter in text)
