"""Headings of columns without what people write in more than one way, and a mark of a file's whole row of them."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence

_SAME = {"reference": "ref", "number": "no", "num": "no", "organization": "organisation"}
_IDLE = {"and", "of", "the"}


def plain_heading(text: str) -> str:
    """ "Grant Reference (ours)", "grant_ref" and "GRANT  REF." → "grant ref"; "Award £" → "award"."""
    folded = unicodedata.normalize("NFKD", text).casefold().replace("&", " and ")
    letters = "".join(each for each in folded if not unicodedata.combining(each))
    letters = re.sub(r"\([^)]*\)", " ", letters)
    words = re.findall(r"[a-z0-9]+", re.sub("['’]", "", letters))
    return " ".join(_SAME.get(word, word) for word in words if word not in _IDLE)


def headings_hash(headings: Sequence[str]) -> str:
    """SHA-256 of the headings as they stand, for remembering what somebody said that they mean."""
    return hashlib.sha256(json.dumps([heading.strip() for heading in headings]).encode()).hexdigest()
