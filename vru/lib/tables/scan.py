"""What the reading library does not tell: formulas, errors, percentages, and how big the file really is.

Runs only inside the limited process. Every part is unpacked as a stream and counted, none is kept.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from vru.lib.tables.cells import column_letters
from vru.lib.tables.limits import ReadingLimits
from vru.lib.tables.refusals import Unreadable

_CHUNK = 1 << 16
_REFERENCE = re.compile(r"([A-Z]{1,4})(\d{1,8})")
_PERCENT_FORMATS = {9, 10}
_PADDED = re.compile(r"0{2,15}")
Cell = tuple[int, int]


@dataclass(slots=True)
class Marks:
    """Cells (row, column from 0) of one sheet that must not be taken at face value."""

    formulas: set[Cell] = field(default_factory=set)
    errors: set[Cell] = field(default_factory=set)
    percents: set[Cell] = field(default_factory=set)
    padded: dict[Cell, int] = field(default_factory=dict)  # Digits that the format shows at least.
    merged: list[tuple[Cell, Cell]] = field(default_factory=list)


class Counter:
    """Cells with something in them, over the whole workbook. Raises Unreadable beyond the limits."""

    def __init__(self, limits: ReadingLimits) -> None:
        self.limits, self.cells = limits, 0

    def count(self, sheet: str, row: int, column: int) -> None:
        self.cells += 1
        if row > self.limits.last_row or column > self.limits.last_column:
            raise Unreadable("outside", sheet=sheet[:40], row=row + 1, column=column_letters(min(column, 18277)))
        if self.cells > self.limits.cells:
            raise Unreadable("unpacks")


def open_archive(data: bytes, limits: ReadingLimits) -> zipfile.ZipFile:
    """The file as an archive whose declared sizes are within the limits. Raises Unreadable."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, RuntimeError) as error:
        raise Unreadable("damaged") from error
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable("locked")
    if len(entries) > limits.entries or sum(entry.file_size for entry in entries) > limits.unpacked_bytes:
        raise Unreadable("unpacks")
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names):
        raise Unreadable("damaged")
    return archive


def parse(archive: zipfile.ZipFile, name: str, limits: ReadingLimits, start: Any, end: Any = None) -> None:
    """Feed one part to the handlers, in pieces. Raises Unreadable for a damaged part or one that declares entities."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = _no_doctype
    unpacked = 0
    try:
        with archive.open(name) as part:
            while piece := part.read(_CHUNK):
                unpacked += len(piece)
                if unpacked > limits.unpacked_bytes:
                    raise Unreadable("unpacks")
                parser.Parse(piece, False)
        parser.Parse(b"", True)
    except KeyError as error:
        raise Unreadable("damaged") from error
    except (expat.ExpatError, zipfile.BadZipFile, EOFError, OSError, ValueError, RuntimeError) as error:
        raise Unreadable("damaged") from error
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise Unreadable("damaged") from error
        raise


def scan_xlsx(archive: zipfile.ZipFile, limits: ReadingLimits) -> dict[str, Marks]:
    """The marks of every sheet by its name. Raises Unreadable."""
    counter, styles = Counter(limits), _number_styles(archive, limits)
    return {
        name: _scan_sheet(archive, part, name, styles, counter) for name, part in _sheet_parts(archive, limits).items()
    }


def _no_doctype(*_: object) -> None:
    raise Unreadable("damaged")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _sheet_parts(archive: zipfile.ZipFile, limits: ReadingLimits) -> dict[str, str]:
    sheets: dict[str, str] = {}
    targets: dict[str, str] = {}

    def on_sheet(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "sheet":
            link = next((value for key, value in attributes.items() if _local(key) == "id" and " " in key), "")
            sheets[attributes.get("name", "")] = link

    def on_link(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "Relationship" and attributes.get("TargetMode") != "External":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    parse(archive, "xl/workbook.xml", limits, on_sheet)
    parse(archive, "xl/_rels/workbook.xml.rels", limits, on_link)
    parts = {}
    for name, link in sheets.items():
        target = targets.get(link, "")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
        if part.startswith("xl/worksheets/"):
            parts[name] = part
    return parts


@dataclass(slots=True)
class _Styles:
    """Numbers of the cell styles that say something about a number, as text: that is how cells name them."""

    percents: set[str] = field(default_factory=set)
    padded: dict[str, int] = field(default_factory=dict)


def _number_styles(archive: zipfile.ZipFile, limits: ReadingLimits) -> _Styles:
    found = _Styles()
    if "xl/styles.xml" not in archive.namelist():
        return found
    percents, padded, count = set(_PERCENT_FORMATS), dict[int, int](), [0]
    inside = [""]

    def start(tag: str, attributes: dict[str, str]) -> None:
        local = _local(tag)
        if local in {"cellXfs", "cellStyleXfs", "dxfs"}:
            inside[0] = local
        elif local == "numFmt":
            code, number = attributes.get("formatCode", ""), int(attributes.get("numFmtId", "-1"))
            if "%" in code:
                percents.add(number)
            elif _PADDED.fullmatch(code):
                padded[number] = len(code)
        elif local == "xf" and inside[0] == "cellXfs":
            style, shown = str(count[0]), int(attributes.get("numFmtId", "0"))
            count[0] += 1
            if shown in percents:
                found.percents.add(style)
            elif shown in padded:
                found.padded[style] = padded[shown]

    parse(archive, "xl/styles.xml", limits, start)
    return found


class _SheetScan:
    """Follows one sheet's cells; a cell without its own address stands beside the one before it."""

    def __init__(self, sheet: str, styles: _Styles, counter: Counter) -> None:
        self.marks, self.sheet, self.styles, self.counter = Marks(), sheet, styles, counter
        self.row, self.column, self.full = -1, -1, False
        self.kind = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = _local(tag)
        if local == "row":
            self.row = int(attributes["r"]) - 1 if attributes.get("r", "").isdecimal() else self.row + 1
            self.column = -1
        elif local == "c":
            self._cell(attributes)
        elif local in {"v", "is", "f"}:
            self._content(local)
        elif local == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _cell(self, attributes: dict[str, str]) -> None:
        here = _address(attributes.get("r", ""))
        self.row, self.column = here if here else (self.row, self.column + 1)
        self.kind, self.full = attributes.get("t", "n"), False
        style = attributes.get("s", "")
        if style in self.styles.percents:
            self.marks.percents.add((self.row, self.column))
        elif style in self.styles.padded:
            self.marks.padded[(self.row, self.column)] = self.styles.padded[style]

    def _content(self, local: str) -> None:
        if not self.full:
            self.full = True
            self.counter.count(self.sheet, self.row, self.column)
        if local == "f":
            self.marks.formulas.add((self.row, self.column))
        elif self.kind == "e":
            self.marks.errors.add((self.row, self.column))

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        corners = _address(first), _address(last or first)
        if corners[0] and corners[1] and len(self.marks.merged) < self.counter.limits.cells:
            self.marks.merged.append((corners[0], corners[1]))


def _scan_sheet(archive: zipfile.ZipFile, part: str, name: str, styles: _Styles, counter: Counter) -> Marks:
    scan = _SheetScan(name, styles, counter)
    parse(archive, part, counter.limits, scan.start)
    return scan.marks


def _address(reference: str) -> Cell | None:
    """ "C5" → (4, 2)."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1
