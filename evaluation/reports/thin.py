"""Figures that rest on too few of the returns that were due: they stand, but say so while the report is a draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from evaluation.figures.figure import Figure


def thin_figures(
    figures: Mapping[str, Figure], places: Mapping[str, Iterable[str]], least_percent: int
) -> list[dict[str, Any]]:
    """Those of the printed figures (``places``: key to where it stands) with fewer approved returns than
    ``least_percent`` of those due, as {key, label, received, expected, places}, in the order of printing.
    """
    found = []
    for key, where in places.items():
        figure = figures[key]
        if is_thin(figure, least_percent):
            found.append(
                {
                    "key": key,
                    "label": figure.label,
                    "received": figure.returns_received or 0,
                    "expected": figure.returns_expected,
                    "places": list(where),
                }
            )
    return found


def is_thin(figure: Figure, least_percent: int) -> bool:
    """Whether a number rests on too few returns. How many returns there are is never thin itself."""
    if not figure.has_value or not figure.returns_expected or figure.key.startswith("returns."):
        return False
    return (figure.returns_received or 0) * 100 < least_percent * figure.returns_expected


def marks(thin: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What stands behind each thin figure in a draft, by key."""
    return {each["key"]: f"[only {each['received']:,} of {each['expected']:,} returns]" for each in thin}
