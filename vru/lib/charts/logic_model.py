"""The logic model as one picture: columns from what is done to what it is for, joined by links."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from vru.lib.charts.layout import Box, Placed, lay_out
from vru.lib.charts.theme import AMBER, BLUE, FONT_STACK, INK, NAVY, RULE, TINT, WHITE

_WIDTH = 1060
_HEIGHT = 610
_HEAD = 34
# Fill, outline and text of each column, the last one darkest: the eye moves from the many to the few.
_SKINS = (
    ("#FFF7E3", AMBER, INK),
    (WHITE, RULE, INK),
    (TINT, "#B9C8DD", NAVY),
    (BLUE, BLUE, WHITE),
    (NAVY, NAVY, WHITE),
)
_PLAIN_STRAND = "#8A97A8"
_STRANDS = (BLUE, "#B97F00", NAVY, "#7C8FA8")


@dataclass(frozen=True, slots=True)
class LogicNode:
    """One box. `label` is what it is called; `detail` a short second line (a sum, a count), or nothing."""

    id: str
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class LogicColumn:
    """One step of the chain ("Interventions", "Objectives" …) with its boxes in reading order."""

    label: str
    nodes: tuple[LogicNode, ...]


@dataclass(frozen=True, slots=True)
class LogicLink:
    """`source` leads to `target`; both are ids of boxes, the target in a later column."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class LogicModel:
    """Columns from left to right and the links between their boxes.

    Raises ValueError when an id stands twice, a link names no box, or a link does not lead to the right.
    """

    prefix: str
    title: str
    columns: tuple[LogicColumn, ...]
    links: tuple[LogicLink, ...]

    def __post_init__(self) -> None:
        place: dict[str, int] = {}
        for index, column in enumerate(self.columns):
            for node in column.nodes:
                if node.id in place:
                    raise ValueError(f"The logic model has two boxes with the id {node.id!r}.")
                place[node.id] = index
        for link in self.links:
            missing = [end for end in (link.source, link.target) if end not in place]
            if missing:
                raise ValueError(f"A link of the logic model names {missing[0]!r}, which is not one of its boxes.")
            if place[link.source] >= place[link.target]:
                raise ValueError(f"The link from {link.source!r} to {link.target!r} does not lead to a later column.")


def logic_model_svg(model: LogicModel) -> str:
    """The picture as an `<svg>` element, for one landscape A4 page and for the web.

    Text is measured and wrapped, and set smaller when there is much of it; a model too big for the page makes
    the picture taller rather than letting words run out of their boxes.
    """
    columns = [[Box(node.id, node.label, node.detail) for node in column.nodes] for column in model.columns]
    links = [(link.source, link.target) for link in model.links]
    layout = lay_out(columns, links, width=_WIDTH, height=_HEIGHT, head=_HEAD)
    parts = [_open(model, layout.height)]
    parts += [
        _heading(column.label, x, width) for column, (x, width) in zip(model.columns, layout.columns, strict=True)
    ]
    parts += _strands(model, layout.placed, layout.ports)
    first = max(0, len(_SKINS) - len(model.columns))
    parts += [
        _box(layout.placed[node.id], _SKINS[min(first + place, len(_SKINS) - 1)])
        for place, column in enumerate(model.columns)
        for node in column.nodes
    ]
    return "".join([*parts, "</svg>"])


def describe(model: LogicModel) -> str:
    """One sentence for the picture's title: how many boxes, step by step, and how many links."""
    counts = ", leading to ".join(f"{len(column.nodes)} {column.label.lower()}" for column in model.columns)
    noun = "link" if len(model.links) == 1 else "links"
    return f"{model.title.rstrip('.')}: diagram of {counts}, joined by {len(model.links)} {noun}."


def _open(model: LogicModel, height: float) -> str:
    names = {node.id: node.label for column in model.columns for node in column.nodes}
    every = "; ".join(f"{names[link.source]} leads to {names[link.target]}" for link in model.links)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart logic-model" role="img" '
        f'viewBox="0 0 {_WIDTH} {height:.0f}" width="{_WIDTH}" height="{height:.0f}" '
        f'aria-labelledby="{model.prefix}-title" '
        f'aria-describedby="{model.prefix}-desc" font-family="{FONT_STACK}">'
        f'<title id="{model.prefix}-title">{escape(describe(model))}</title>'
        f'<desc id="{model.prefix}-desc">{escape(every)}.</desc>'
    )


def _heading(label: str, x: float, width: float) -> str:
    return (
        f'<text x="{x:.1f}" y="14" font-size="12" font-weight="600" fill="{NAVY}">{escape(label)}</text>'
        f'<rect x="{x:.1f}" y="21" width="{width:.1f}" height="2.5" fill="{AMBER}"/>'
    )


def _strands(
    model: LogicModel, placed: dict[str, Placed], ports: dict[tuple[str, str], tuple[float, float]]
) -> list[str]:
    """Curves in bundles: every link that passes through the same box of the last column but one has one colour."""
    middle = model.columns[-2].nodes if len(model.columns) > 1 else ()
    colours = {node.id: _STRANDS[index % len(_STRANDS)] for index, node in enumerate(middle)}
    drawn = []
    for link in model.links:
        start, end = placed[link.source], placed[link.target]
        y1, y2 = ports[link.source, link.target]
        x1, x2 = start.x + start.width, end.x
        bend = (x2 - x1) * 0.5
        colour = colours.get(link.target) or colours.get(link.source) or _PLAIN_STRAND
        drawn.append(
            f'<path d="M{x1:.1f} {y1:.1f}C{x1 + bend:.1f} {y1:.1f} {x2 - bend:.1f} {y2:.1f} {x2 - 5:.1f} {y2:.1f}" '
            f'fill="none" stroke="{colour}" stroke-width="1.3" stroke-opacity="0.85"/>'
            f'<path d="M{x2 - 6:.1f} {y2 - 2.6:.1f}L{x2 - 0.5:.1f} {y2:.1f}L{x2 - 6:.1f} {y2 + 2.6:.1f}Z" '
            f'fill="{colour}"/>'
        )
    return drawn


def _box(box: Placed, skin: tuple[str, str, str]) -> str:
    fill, outline, ink = skin
    parts = [
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="3" '
        f'fill="{fill}" stroke="{outline}" stroke-width="0.9"/>'
    ]
    parts += [
        f'<text x="{line.x:.1f}" y="{line.y:.1f}" font-size="{line.size:.2f}" '
        f'font-weight="{600 if line.bold else 400}" fill="{ink}">{escape(line.text)}</text>'
        for line in box.lines
    ]
    return "".join(parts)
