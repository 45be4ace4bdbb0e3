"""The state of one assembly: the material, running numbers, and which figure is printed where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from evaluation.figures.figure import NOT_AVAILABLE
from evaluation.reports.forms.period import ReportPeriod
from evaluation.reports.material import Material
from evaluation.reports.tokens import OPTIONS, keys_in
from vru.lib.narrative import find_tokens
from vru.lib.periods import FinancialYear


@dataclass
class Assembly:
    """``places`` maps each printed figure to where it stands, ``absent`` each key without a figure to its sections.

    ``refused`` says why a key has no figure; ``problems`` are sentences about blocks that could not be made.
    """

    material: Material
    refused: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    places: dict[str, list[str]] = field(default_factory=dict)
    absent: dict[str, list[str]] = field(default_factory=dict)
    section: str = ""
    place: str = ""
    tables: int = 0
    charts: int = 0

    def use(self, key: str, where: str = "") -> None:
        """Note that a figure is printed at a place, by default the section in hand."""
        place = where or self.place
        figure = self.material.figures.get(key)
        found = self.places if figure is not None and figure.display != NOT_AVAILABLE else self.absent
        listed = found.setdefault(key, [])
        if place not in listed:
            listed.append(place)

    def use_texts(self, *texts: str) -> None:
        for key in keys_in(texts, section=self.section, refused=self.refused):
            self.use(key)
        for token in (token for text in texts for token in find_tokens(text)):
            if token.option and token.option not in OPTIONS:
                self.problems.append(
                    f'{self.section}: {{{{{token}}}}} asks for the display "{token.option}". '
                    f"Use one of: {', '.join(OPTIONS)}."
                )

    def use_cells(self, table: dict[str, Any], where: str) -> None:
        for row in table["rows"]:
            for cell in row["cells"]:
                if cell["key"]:
                    self.use(cell["key"], where)

    def next_table(self) -> int:
        self.tables += 1
        return self.tables

    def next_chart(self) -> int:
        self.charts += 1
        return self.charts


def texts_of(material: Material) -> dict[str, str]:
    """The texts that a narrative may name instead of typing them."""
    unit = {f"unit.{name}": str(value) for name, value in material.unit.items()}
    period = ReportPeriod(FinancialYear.parse(material.year), material.period)
    return {**unit, "year": material.year, **period.texts, "as_at": material.as_at}
