"""Where the boxes and links of a layered diagram go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from vru.lib.charts.theme import wrap

_SIZES = (11.5, 11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
_PAD = 8.0
_GAP_LEAST = 5.0
_GAP_MOST = 54.0
_ROOM_FOR_LINKS = 222.0  # between all columns together; never less than the next between two
_BETWEEN_LEAST = 42.0
_SHARES = {5: (0.88, 1.38, 1.1, 1.1, 0.85)}
_OTHER_SHARES = (1.25, 1.15, 1.15, 0.95)


@dataclass(frozen=True, slots=True)
class Box:
    """What is to be placed: a bold label and a smaller detail."""

    id: str
    label: str
    detail: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text at its baseline."""

    text: str
    x: float
    y: float
    size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """A box with its place and the lines inside it."""

    column: int
    x: float
    y: float
    width: float
    height: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole: boxes by id, (x, width) of each column, (start, end) heights of each link, and the text size."""

    placed: dict[str, Placed]
    columns: list[tuple[float, float]]
    ports: dict[tuple[str, str], tuple[float, float]]
    size: float
    height: float


def lay_out(
    columns: Sequence[Sequence[Box]], links: Sequence[tuple[str, str]], *, width: float, height: float, head: float
) -> Layout:
    """Place every box in the largest text that fits `height`; in the smallest, the height grows instead."""
    spans = _spans(len(columns), width)
    room = height - head
    size = _SIZES[-1]
    for candidate in _SIZES:
        if all(_stack(column, span[1], candidate) <= room for column, span in zip(columns, spans, strict=True)):
            size = candidate
            break
    tallest = max((_stack(column, span[1], size) for column, span in zip(columns, spans, strict=True)), default=0.0)
    room = max(room, tallest)
    placed: dict[str, Placed] = {}
    for index, column in enumerate(columns):
        _place_column(placed, index, column, spans[index], (head, room, size))
    return Layout(placed, spans, _ports(placed, links), size, head + room + 2)


def _spans(count: int, width: float) -> list[tuple[float, float]]:
    shares = _SHARES.get(count) or [_OTHER_SHARES[min(index, len(_OTHER_SHARES) - 1)] for index in range(count)]
    between = max(_BETWEEN_LEAST, min(74.0, _ROOM_FOR_LINKS / max(1, count - 1)))
    free = width - between * (count - 1) - 2
    x, spans = 1.0, []
    for share in shares:
        size = free * share / sum(shares)
        spans.append((x, size))
        x += size + between
    return spans


def _texts(box: Box, width: float, size: float) -> list[tuple[str, float, bool]]:
    inner = width - 2 * _PAD
    label = [(text, size, True) for text in wrap(box.label, size, inner, bold=True)]
    small = size * 0.88
    return label + [(text, small, False) for text in wrap(box.detail, small, inner)]


def _box_height(box: Box, width: float, size: float) -> float:
    return sum(text_size * 1.28 for _text, text_size, _bold in _texts(box, width, size)) + size * 0.9


def _stack(column: Sequence[Box], width: float, size: float) -> float:
    return sum(_box_height(box, width, size) for box in column) + _GAP_LEAST * max(0, len(column) - 1)


def _place_column(
    placed: dict[str, Placed],
    index: int,
    column: Sequence[Box],
    span: tuple[float, float],
    frame: tuple[float, float, float],
) -> None:
    head, room, size = frame
    x, width = span
    heights = [_box_height(box, width, size) for box in column]
    spare = room - sum(heights)
    gap = min(_GAP_MOST, spare / (len(column) - 1)) if len(column) > 1 else 0.0
    y = head + max(0.0, (spare - gap * max(0, len(column) - 1)) / 2)
    for box, height in zip(column, heights, strict=True):
        placed[box.id] = Placed(index, x, y, width, height, _lines(box, x, y, width, size))
        y += height + gap


def _lines(box: Box, x: float, y: float, width: float, size: float) -> tuple[Line, ...]:
    lines = []
    y += size * 0.45
    for text, text_size, bold in _texts(box, width, size):
        lines.append(Line(text, x + _PAD, y + text_size, text_size, bold))
        y += text_size * 1.28
    return tuple(lines)


def _ports(placed: dict[str, Placed], links: Sequence[tuple[str, str]]) -> dict[tuple[str, str], tuple[float, float]]:
    """Each link leaves and enters at its own height, in the order of its other end: no crossing at the box."""
    leaving: dict[str, list[tuple[str, str]]] = defaultdict(list)
    entering: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for link in links:
        leaving[link[0]].append(link)
        entering[link[1]].append(link)
    starts = _spread(placed, leaving, end=1)
    ends = _spread(placed, entering, end=0)
    return {link: (starts[link], ends[link]) for link in links}


def _spread(
    placed: dict[str, Placed], groups: dict[str, list[tuple[str, str]]], *, end: int
) -> dict[tuple[str, str], float]:
    heights = {}
    for node, group in groups.items():
        box = placed[node]
        ordered = sorted(group, key=lambda link: (placed[link[end]].y, link))
        for index, link in enumerate(ordered):
            heights[link] = box.y + box.height * (index + 1) / (len(ordered) + 1)
    return heights
