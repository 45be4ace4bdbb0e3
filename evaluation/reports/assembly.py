"""The state of one assembly: the material, running numbers, and which figure is printed where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from evaluation.figures.figure import NOT_AVAILABLE
from evaluation.models import OutlineSection
from evaluation.reports.material import Material
from evaluation.reports.tokens import keys_in


@dataclass
class Assembly:
    """``places`` maps each printed figure to where it stands, ``absent`` each key without a figure to its sections."""

    material: Material
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
        for key in keys_in(texts, section=self.section):
            self.use(key)

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


def for_layer(blocks: Iterable[Any], layer: str) -> list[dict[str, Any]]:
    """What of an outline's list is meant for a layer. A bare text is for all."""
    listed = [{"text": each} if isinstance(each, str) else dict(each) for each in blocks]
    return [each for each in listed if not each.get("layers") or layer in each["layers"]]


def section_name(section: OutlineSection) -> str:
    """As in messages and lists of places: "1E Sustainability"."""
    return f"{section.number} {section.title}".strip()


def texts_in(section: OutlineSection, layer: str) -> list[str]:
    """Every text of a section that may hold tokens, and its pull figures as tokens."""
    texts = [point["text"] for point in for_layer(section.key_points, layer)]
    for block in for_layer(section.blocks, layer):
        texts += [str(block[field]) for field in ("title", "text", "caption", "note") if block.get(field)]
        texts += [f"{{{{{key}}}}}" for key in block.get("keys", ())]
    return texts


def texts_of(material: Material) -> dict[str, str]:
    """The texts that a narrative may name instead of typing them."""
    unit = {f"unit.{name}": str(value) for name, value in material.unit.items()}
    return {**unit, "year": material.year, "as_at": material.as_at}
