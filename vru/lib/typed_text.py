"""Text as people type or paste it, made plain before it is read as a number, a date or a place."""

from __future__ import annotations

import re
import unicodedata

from vru.lib.words import clipped


class TypedProblem(ValueError):
    """Why a text could not be read. `code` is for programs, `message` for the person who typed it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


# What people write where they have nothing to write.
NOTHING_SAID = frozenset(
    {
        "n/a", "na", "n.a.", "#n/a", "not applicable", "none", "nil", "not known", "unknown", "tbc", "tbd", "-", "--",
        "?",
    }
)  # fmt: skip
PERIOD = re.compile(r"(19|20|21)\d\d\s*[-/]\s*(\d{2}|\d{4})", re.ASCII)
_MINUSES = dict.fromkeys(
    map(ord, "\N{MINUS SIGN}\N{EN DASH}\N{EM DASH}\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{SMALL HYPHEN-MINUS}"),
    "-",
)
# Invisible and harmless: zero-width spaces and joiners, byte-order mark, soft hyphen, direction marks.
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u061c")


def tidy(text: str) -> str:
    """One line of plain characters: any script's digits as 0-9, any space as one space, any dash as a hyphen.

    Raises TypedProblem for hidden characters. Not Unicode's own compatibility folding, which would turn the footnote
    mark in "1,169²" into a digit.
    """
    out = []
    for character in text:
        category = unicodedata.category(character)
        if category == "Nd":
            out.append(str(unicodedata.decimal(character)))
        elif category == "Zs" or character in "\t\r\n":
            out.append(" ")
        elif "\uff01" <= character <= "\uff5e":
            out.append(chr(ord(character) - 0xFEE0))
        elif character == "\N{FULLWIDTH POUND SIGN}":
            out.append("£")
        elif category in ("Cc", "Cf", "Cs") and character not in _INVISIBLE:
            # Direction overrides among them: they show "21" where "12" is stored.
            raise TypedProblem("characters", "This has hidden characters in it. Clear it and retype it.")
        elif character not in _INVISIBLE:
            out.append(character)
    return re.sub(" +", " ", "".join(out)).strip().translate(_MINUSES)


def clip(text: str) -> str:
    """Short enough to repeat in a sentence."""
    return clipped(text, 40)
