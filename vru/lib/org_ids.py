"""Organisation identifiers (org-id.guide) from registration numbers as people write them.

Lists: GB-CHC Charity Commission for England and Wales, GB-SC Scottish Charity Register, GB-NIC Charity
Commission for Northern Ireland, GB-COH Companies House, GB-LAE English local authorities, GB-EDU schools
(URN), GB-NHS health service organisations.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_DASHES = str.maketrans(
    dict.fromkeys("\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}\N{NON-BREAKING HYPHEN}\N{HYPHEN}", "-")
)  # Companies House prefixes are two letters and six digits, once one letter and seven (R0000001).
_COMPANY = re.compile(r"(?P<letters>[A-Z]{2})(?P<digits>\d{1,6})|R\d{7}|[A-Z]{2}\d{5}R|(?P<plain>\d{1,8})", re.ASCII)
_ENGLISH_CHARITY = re.compile(r"0?(?P<number>[1-9]\d{5,6})(?P<suffix>[-/]\d{1,3})?", re.ASCII)
_SCOTTISH_CHARITY = re.compile(r"SCO?(?P<digits>\d{1,6})", re.ASCII)
_NORTHERN_IRISH_CHARITY = re.compile(r"NIC?(?P<digits>\d{6})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Identifier:
    """One organisation in one register. `note` says what was mended in the number as given, if anything."""

    scheme: str
    number: str
    note: str = ""

    @property
    def org_id(self) -> str:
        return f"{self.scheme}-{self.number}"

    def __str__(self) -> str:
        return self.org_id


def charity_identifier(text: str) -> Identifier:
    """GB-CHC, GB-SC or GB-NIC, by the number's own prefix. Raises ValueError with a sentence."""
    typed = _tidy(text)
    shown = _clip(text)
    if not typed:
        raise ValueError("Enter a charity number, like 1234567, SC012345 or NIC101234.")
    if re.fullmatch(r"1\d{5}", typed, re.ASCII):
        # The register of England and Wales starts at 200000, so that this cannot be one of its numbers.
        return Identifier("GB-NIC", typed, "Six digits beginning with 1: read as a number of Northern Ireland.")
    if match := _ENGLISH_CHARITY.fullmatch(typed):
        return Identifier("GB-CHC", match["number"], _note_on_suffix(match["suffix"]))
    if match := _SCOTTISH_CHARITY.fullmatch(typed):
        number = match["digits"].zfill(6)
        note = "" if len(match["digits"]) == 6 else f"Leading zeros restored: SC{number}."
        return Identifier("GB-SC", f"SC{number}", note)
    if match := _NORTHERN_IRISH_CHARITY.fullmatch(typed):
        return Identifier("GB-NIC", match["digits"])
    if re.fullmatch(r"0*\d{1,5}", typed, re.ASCII):
        raise ValueError(f'"{shown}" is too short for a charity number: in England it has 6 or 7 digits.')
    if re.fullmatch(r"\d+", typed, re.ASCII):
        raise ValueError(
            f'"{shown}" is too long for a charity number, which has 6 or 7 digits. Is it a company number?'
        )
    raise ValueError(f'"{shown}" is not a charity number. Write it like 1234567, SC012345 or NIC101234.')


def company_identifier(text: str) -> Identifier:
    """GB-COH with the number's eight characters. Raises ValueError with a sentence."""
    typed = _tidy(text)
    match = _COMPANY.fullmatch(typed)
    if match is None or not typed.strip("0"):
        raise ValueError(
            f'"{_clip(text)}" is not a company number. It has 8 characters, like 01234567, SC123456 or OC301234.'
        )
    number = typed
    if match["plain"]:
        number = match["plain"].zfill(8)
    elif match["letters"]:
        number = match["letters"] + match["digits"].zfill(6)
    note = "" if number == typed else f"Leading zeros restored: {number}."
    return Identifier("GB-COH", number, note)


def local_authority_identifier(text: str) -> Identifier:
    """GB-LAE with the register's code of three letters, like CMD for Camden. Raises ValueError."""
    typed = _tidy(text)
    if not re.fullmatch(r"[A-Z]{3}", typed):
        raise ValueError(
            f'"{_clip(text)}" is not a code of the register of English local authorities. It has 3 letters, like CMD.'
        )
    return Identifier("GB-LAE", typed)


def school_identifier(text: str) -> Identifier:
    """GB-EDU with the unique reference number of six digits. Raises ValueError with a sentence."""
    typed = _tidy(text).removeprefix("URN")
    if not re.fullmatch(r"[1-9]\d{5}", typed, re.ASCII):
        raise ValueError(f'"{_clip(text)}" is not a school\'s reference number (URN), like 100000.')
    return Identifier("GB-EDU", typed)


def nhs_identifier(text: str) -> Identifier:
    """GB-NHS with the organisation code of three to six letters and digits, like RJ1. Raises ValueError."""
    typed = _tidy(text)
    if not re.fullmatch(r"(?=.*[0-9])[A-Z0-9]{3,6}", typed):
        raise ValueError(
            f'"{_clip(text)}" is not an NHS organisation code. It has 3 to 6 letters and digits, like RJ1.'
        )
    return Identifier("GB-NHS", typed)


def normalise_charity_number(text: str) -> str:
    """The number as its register writes it: "1234567", "SC012345", "101234". Raises ValueError."""
    return charity_identifier(text).number


def normalise_company_number(text: str) -> str:
    """The number's eight characters: "01234567", "SC123456". Raises ValueError with a sentence."""
    return company_identifier(text).number


def _tidy(text: str) -> str:
    # Full-width digits and spaces of every kind come from copied web pages.
    plain = "".join(chr(ord(each) - 0xFEE0) if "\uff01" <= each <= "\uff5e" else each for each in text)
    return re.sub(r"[\s\u200b\ufeff]", "", plain).translate(_DASHES).upper()


def _note_on_suffix(suffix: str | None) -> str:
    if not suffix:
        return ""
    return f'"{suffix}" was left out: it names a linked charity, which shares the main charity\'s number.'


def _clip(text: str) -> str:
    text = text.strip()
    return text if len(text) <= 40 else f"{text[:39]}…"
