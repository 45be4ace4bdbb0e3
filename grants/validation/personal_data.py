"""Signs of personal data in a narrative. A sign asks for a second look; it proves nothing."""

from __future__ import annotations

import re

_DATE = r"\d{1,2}(?:st|nd|rd|th)?[\s/.-]{1,2}(?:\d{1,2}|[A-Za-z]{3,9})[\s/.,-]{1,2}(?:19|20)\d\d"
_DATE_OF_BIRTH = re.compile(r"\b(?:d\.?o\.?b|born|date of birth|birthday)\b.{0,20}\d", re.IGNORECASE)
# A name in capitals with a full date close behind it: "Jordan Smith (12/03/2006)".
_NAME_WITH_DATE = re.compile(rf"\b[A-Z][a-z'’-]{{1,30}}\s[A-Z][a-z'’-]{{1,30}}\b[\s,:(]{{0,4}}{_DATE}")
_PHONE = re.compile(r"(?<![\d.,£])(?:\+44[\s-]?(?:\(0\)\s?)?|\(?0)\d(?:[\s()-]{0,2}\d){8,9}(?!\d)")
# In small letters an ordinal ("b1 2nd floor") looks like the second half of a postcode.
_POSTCODE = re.compile(
    r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|(?i:\b[a-z]{1,2}\d[a-z\d]?\s?(?!\d(?:st|nd|rd|th)\b)\d[a-z]{2}\b)"
)
# A telephone's keyboard may send full-width letters and digits, and a document no-break spaces.
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0xA0: " ", 0x202F: " "}
_SIGNS = (
    ("a date of birth", _DATE_OF_BIRTH),
    ("a name with a date", _NAME_WITH_DATE),
    ("a telephone number", _PHONE),
    ("a postcode", _POSTCODE),
)


def signs_of_personal_data(text: str) -> list[str]:
    """What the text seems to hold, as nouns for a sentence; empty when nothing was seen. Linear in its length."""
    plain = text.translate(_PLAIN)
    return [noun for noun, sign in _SIGNS if sign.search(plain)]
