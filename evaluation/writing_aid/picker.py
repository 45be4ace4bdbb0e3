"""Figures to pick for a report: found by words, each with its value, what it rests on and how it may be written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache

from evaluation.figures.computation import Computation
from evaluation.figures.figure import COMPUTED, PEOPLE, Figure
from evaluation.figures.registry import computed
from evaluation.figures.snapshot import read_snapshot
from evaluation.models import Report
from evaluation.reports.as_at import scope_of_report
from evaluation.reports.thin import is_thin

# While somebody types a search, the same figures are asked for every half second.
REMEMBERED_SECONDS = 60
_WAYS = {
    "exact": "Every digit",
    "words": "In words",
    "millions": "In millions",
    "about": "Rounded, as about",
    "basis": "What it rests on",
}


@dataclass(frozen=True)
class Pick:
    """A figure offered. ``ways`` are (name, token, text) of the other ways to write it."""

    key: str
    label: str
    display: str
    basis: str
    received: int | None
    expected: int | None
    is_thin: bool
    is_small: bool
    ways: tuple[tuple[str, str, str], ...]

    @property
    def token(self) -> str:
        return f"{{{{{self.key}}}}}"

    @property
    def percent(self) -> int:
        """How many of the returns due came in, of a hundred."""
        return 100 * (self.received or 0) // self.expected if self.expected else 100


def find_picks(report: Report, words: str) -> list[Pick]:
    """Figures that have a value and all of these words in label or key: the plainest first, then by key."""
    asked = words.casefold().split()
    found = [pick for pick in _picks(report) if all(word in f"{pick.label} {pick.key}".casefold() for word in asked)]
    return sorted(found, key=lambda pick: (pick.key.count("="), pick.key))


def pick_of(figure: Figure) -> Pick:
    small = figure.unit == PEOPLE and figure.basis == COMPUTED and figure.value is not None
    return Pick(
        key=figure.key,
        label=figure.label,
        display=figure.display,
        basis=figure.shown("basis"),
        received=figure.returns_received,
        expected=figure.returns_expected,
        is_thin=is_thin(figure, settings.REPORT_THIN_PERCENT),
        is_small=bool(small and figure.value and 0 < figure.value < settings.DISCLOSURE_THRESHOLD),
        ways=tuple(_ways(figure)),
    )


def _ways(figure: Figure) -> Iterable[tuple[str, str, str]]:
    said = {figure.display}
    for option, name in _WAYS.items():
        text = figure.shown(option)
        if text not in said:
            said.add(text)
            yield name, f"{{{{{figure.key} | {option}}}}}", text


def _picks(report: Report) -> list[Pick]:
    def read() -> list[Pick]:
        with read_snapshot():
            figures = computed(Computation(scope_of_report(report))).values()
        return [pick_of(figure) for figure in figures if figure.has_value]

    key = f"figures-to-pick:{report.year}:{report.period}:{report.layer}"
    found: list[Pick] | None = cache.get(key)
    if found is None:
        found = read()
        cache.set(key, found, REMEMBERED_SECONDS)
    return found
