"""What a check before sign-off found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """Gravest first: it stops the signature; it needs a sentence, which is printed; it is only said."""

    BLOCKS = "blocks"
    EXPLAIN = "explain"
    NOTE = "note"


LONGEST_SUBJECT, LONGEST_ABOUT = 120, 200
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Finding:
    """``subject`` names it within its check, the same for as long as what was found is the same: a sentence given for
    it counts no longer. ``about`` is how the report prints what the sentence is about, so it names nobody. ``text`` is
    for the people who sign in; ``href`` and ``link`` lead to where it is mended.
    """

    weight: Weight
    subject: str
    about: str
    text: str
    href: str = ""
    link: str = ""

    @property
    def topic(self) -> str:
        """The subject without what was found: what a sentence that no longer counts was about, too."""
        return self.subject.partition(" #")[0]


def subject_of(topic: str, found: Iterable[object] = ()) -> str:
    """A subject that changes with what was found: "2020-21Q3 #9f86d081884c", at most 120 characters."""
    said = "\n".join(str(each) for each in found)
    mark = f" #{hashlib.sha256(said.encode()).hexdigest()[:_DIGITS]}" if said else ""
    room = LONGEST_SUBJECT - len(mark)
    if len(topic) > room:
        digest = hashlib.sha256(topic.encode()).hexdigest()[:_DIGITS]
        topic = f"{topic[: room - _DIGITS - 1]}~{digest}"
    return f"{topic}{mark}"
