"""The same marks for a workbook saved as OpenDocument, whose rows and cells say how often they are repeated."""

from __future__ import annotations

import zipfile

from vru.lib.tables.limits import ReadingLimits
from vru.lib.tables.refusals import Unreadable
from vru.lib.tables.scan import Counter, Marks, parse

MIME = b"application/vnd.oasis.opendocument.spreadsheet"


def scan_ods(archive: zipfile.ZipFile, limits: ReadingLimits) -> dict[str, Marks]:
    """The marks of every sheet by its name. Raises Unreadable; a password shows in the manifest."""
    locked: list[bool] = []
    if "META-INF/manifest.xml" in archive.namelist():
        parse(
            archive,
            "META-INF/manifest.xml",
            limits,
            lambda tag, _: locked.append(True) if tag.endswith("encryption-data") else None,
        )
    if locked:
        raise Unreadable("locked")
    scan = _ContentScan(Counter(limits))
    parse(archive, "content.xml", limits, scan.start, scan.end)
    return scan.sheets


class _ContentScan:
    def __init__(self, counter: Counter) -> None:
        self.sheets: dict[str, Marks] = {}
        self.counter = counter
        self.name = ""
        self.row = self.column = 0
        self.rows = 1

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(" ")[2]
        said = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if local == "table":
            self.name, self.row = said.get("name", ""), 0
            self.sheets.setdefault(self.name, Marks())
        elif local == "table-row":
            self.rows, self.column = _times(said.get("number-rows-repeated")), 0
        elif local in {"table-cell", "covered-table-cell"}:
            self._cell(said)

    def end(self, tag: str) -> None:
        if tag.rpartition(" ")[2] == "table-row":
            self.row += self.rows

    def _cell(self, said: dict[str, str]) -> None:
        times = _times(said.get("number-columns-repeated"))
        if "value-type" in said or "formula" in said:
            # The corner furthest out is what would have to be held; the count is of every repeat.
            self.counter.count(self.name, self.row + self.rows - 1, self.column + times - 1)
            self._mark(said, times)
        wide, high = _times(said.get("number-columns-spanned")), _times(said.get("number-rows-spanned"))
        if (wide > 1 or high > 1) and self.name in self.sheets:
            corner = (self.row + high - 1, self.column + wide - 1)
            self.sheets[self.name].merged.append(((self.row, self.column), corner))
        self.column += times

    def _mark(self, said: dict[str, str], times: int) -> None:
        marks = self.sheets.setdefault(self.name, Marks())
        for row in range(self.row, self.row + self.rows):
            for column in range(self.column, self.column + times):
                if (row, column) != (self.row, self.column):
                    self.counter.count(self.name, row, column)
                if "formula" in said:
                    marks.formulas.add((row, column))
                if said.get("value-type") == "percentage":
                    marks.percents.add((row, column))


def _times(text: str | None) -> int:
    return min(int(text), 20_000_000) if text and text.isdecimal() and len(text) < 9 and int(text) > 0 else 1
