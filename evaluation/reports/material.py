"""What a report is assembled from: the year's figures and the records around them, read once, as plain values.

Builders of tables and charts see nothing else. The figures in it are protected already, so that no builder can print
a small count by mistake.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evaluation.figures.figure import Figure
from evaluation.reports.forms.grid import Forms

Record = Mapping[str, Any]
# Under a table, more places than this say less than the names of their documents.
MOST_PLACES = 2


def split_key(key: str) -> tuple[str, dict[str, str]]:
    """("reach.new", {"objective": "5"}) from a canonical key."""
    name, *parts = key.split(" ")
    return name, dict(part.split("=", 1) for part in parts)


class Figures(Mapping[str, Figure]):
    """Figures by canonical key, and by family and one parameter."""

    def __init__(self, figures: Mapping[str, Figure]) -> None:
        self._all = dict(figures)
        self._families: dict[str, list[tuple[dict[str, str], Figure]]] = {}
        for key, figure in self._all.items():
            name, parameters = split_key(key)
            self._families.setdefault(name, []).append((parameters, figure))

    def __getitem__(self, key: str) -> Figure:
        return self._all[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def one(self, name: str, **parameters: object) -> Figure | None:
        wanted = sorted((each, str(value)) for each, value in parameters.items())
        return self._all.get(" ".join([name, *(f"{each}={value}" for each, value in wanted)]))

    def by(self, name: str, parameter: str, **fixed: object) -> dict[str, Figure]:
        """{value of `parameter`: figure} for the keys of a family that have it, the fixed ones, and no other."""
        wanted = {each: str(value) for each, value in fixed.items()}
        found = {}
        for parameters, figure in self._families.get(name, []):
            rest = {each: value for each, value in parameters.items() if each != parameter}
            if parameter in parameters and rest == wanted:
                found[parameters[parameter]] = figure
        return found


@dataclass(frozen=True)
class Material:
    """Records are plain dictionaries in their printed order; their fields are named in `gather`. ``period`` is as in
    `Report.period`.
    """

    year: str
    layer: str
    as_at: str
    unit: Record
    figures: Figures
    documents: Mapping[str, Record] = field(default_factory=dict)
    funding_sources: tuple[Record, ...] = ()
    budget_categories: tuple[Record, ...] = ()
    aims: tuple[Record, ...] = ()
    outcomes: tuple[Record, ...] = ()
    objectives: tuple[Record, ...] = ()
    links: tuple[Record, ...] = ()
    themes: tuple[Record, ...] = ()
    commitments: tuple[Record, ...] = ()
    actions: tuple[Record, ...] = ()
    dimensions: tuple[Record, ...] = ()
    areas: tuple[Record, ...] = ()
    quarters: tuple[str, ...] = ()
    programmes: tuple[Record, ...] = ()
    values: tuple[Record, ...] = ()
    series: tuple[Record, ...] = ()
    indicators: tuple[Record, ...] = ()
    studies: tuple[Record, ...] = ()
    recommendations: tuple[Record, ...] = ()
    case_studies: tuple[Record, ...] = ()
    issues: tuple[Record, ...] = ()
    period: str = ""
    forms: Forms = field(default_factory=Forms)

    def sources(self, figures: Mapping[str, Figure] | Sequence[Figure | None]) -> tuple[str, ...]:
        """Where some figures come from, for the line under a table."""
        listed = figures.values() if isinstance(figures, Mapping) else figures
        return self.places([source for figure in listed if figure is not None for source in figure.sources])

    def places(self, sources: Iterable[str]) -> tuple[str, ...]:
        """Each source once; of many, only the documents. Numbers of returns stand in the note on completeness."""
        found = dict.fromkeys(source for source in sources if source and "approved return" not in source)
        if len(found) > MOST_PLACES:
            found = dict.fromkeys(source.partition(", ")[0] for source in found)
        if any("approved return" in source for source in sources):
            found.setdefault("Approved quarterly returns")
        return tuple(found)
