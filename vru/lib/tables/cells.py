"""A spreadsheet's cells as the text a person sees or would have typed, and their addresses. Knows no Django."""

from __future__ import annotations

from decimal import Decimal


def number_text(value: float, *, percent: bool = False, digits: int = 0) -> str:
    """A cell's number as a person types it: 1169.0 → "1169", 0.25 shown as a percentage → "25%".

    Fifteen significant digits, which is all that a spreadsheet shows or takes in. ``digits`` is how many digits the
    cell's format shows at least: 1234567 shown as 00000000 is "01234567".
    """
    number = Decimal(f"{value:.15g}")
    if percent:
        number *= 100
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    text = "0" if text in {"-0", ""} else text
    if digits and text.isdecimal():
        text = text.zfill(digits)
    return f"{text}%" if percent else text


def column_letters(index: int) -> str:
    """0 → "A", 25 → "Z", 26 → "AA"."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
