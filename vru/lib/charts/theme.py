"""One look for every picture: colours whose lightness differs, so that a greyscale print still tells them apart."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import vl_convert
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

NAVY = "#0F2344"
BLUE = "#1D4F91"
AMBER = "#F2A900"
TINT = "#E8EEF6"
GREY = "#5B6776"
RULE = "#C6CFDB"
INK = "#16202E"
WHITE = "#FFFFFF"

# Ordered so that neighbours are far apart in lightness: about 14, 73, 41, 85, 57, 30 of 100.
PALETTE = (NAVY, AMBER, "#2F66AE", "#C4D4EA", "#7C8FA8", "#8A4B00")
DASHES: tuple[tuple[float, ...], ...] = ((1, 0), (7, 3), (2, 2.5), (9, 3, 2, 3), (4, 2), (1, 3))
MARKERS = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross")
FONT = "Public Sans"
FONT_STACK = f"'{FONT}', Arial, sans-serif"
_FOLDER = Path(__file__).parent / "fonts"


@lru_cache(maxsize=1)
def register_fonts() -> None:
    """Let the chart renderer measure with the font that is printed; otherwise labels overrun on other machines."""
    vl_convert.register_font_directory(str(_FOLDER))


@lru_cache(maxsize=2)
def _advances(bold: bool) -> tuple[dict[int, int], int]:
    font = TTFont(_FOLDER / ("PublicSans-SemiBold.ttf" if bold else "PublicSans-Regular.ttf"))
    metrics = font["hmtx"].metrics
    widths = {code: metrics[glyph][0] for code, glyph in font.getBestCmap().items()}
    return widths, font["head"].unitsPerEm


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of `text` in the picture's units when set at `size`; a letter the font lacks counts as wide."""
    widths, em = _advances(bold)
    return sum(widths.get(ord(letter), em) for letter in text) * size / em


def wrap(text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """`text` in lines no wider than `width`; a single word that is too long is broken."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        for piece in _pieces(word, size, width, bold):
            joined = f"{line} {piece}" if line else piece
            if line and text_width(joined, size, bold=bold) > width:
                lines.append(line)
                line = piece
            else:
                line = joined
    return [*lines, line] if line else lines


def _pieces(word: str, size: float, width: float, bold: bool) -> list[str]:
    pieces: list[str] = []
    piece = ""
    for letter in word:
        if piece and text_width(piece + letter, size, bold=bold) > width:
            pieces.append(piece)
            piece = ""
        piece += letter
    return [*pieces, piece]


def on(colour: str) -> str:
    """The text colour that reads on `colour`."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    luminance = 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2
    return NAVY if luminance > 0.25 else WHITE


def config() -> dict[str, object]:
    """The chart grammar's configuration."""
    axis = {
        "labelFont": FONT, "titleFont": FONT, "labelFontSize": 11, "titleFontSize": 11, "labelColor": INK,
        "titleColor": GREY, "titleFontWeight": "normal", "domainColor": RULE, "tickColor": RULE,
        "gridColor": "#E3E8EF", "gridWidth": 0.75, "labelLimit": 260, "titlePadding": 8, "labelPadding": 6,
    }  # fmt: skip
    legend = {
        "labelFont": FONT, "titleFont": FONT, "labelFontSize": 11, "labelColor": INK, "title": None,
        "orient": "top", "direction": "horizontal", "symbolSize": 110, "symbolStrokeWidth": 0.75,
        "columnPadding": 18, "offset": 10, "labelLimit": 260,
    }  # fmt: skip
    return {
        "font": FONT, "background": "transparent", "view": {"stroke": None}, "axis": axis, "legend": legend,
        "text": {"font": FONT, "fontSize": 11, "color": INK}, "padding": 4,
    }  # fmt: skip
