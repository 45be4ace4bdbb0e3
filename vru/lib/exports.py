"""What a list holds as a file: an exporter yields rows, and one writer makes CSV or Excel of them, however many.

Rows are read and written one by one, so that a file of a hundred thousand rows takes no more memory than one of ten.
"""

from __future__ import annotations

import csv
import itertools
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from vru.lib.sheets import SheetColumn, Value, csv_value, harmless, sheet_name, styles_of, write_headings, write_row

Row = Sequence[Value]
FORMATS = {"csv": "CSV", "xlsx": "Excel"}
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Rows of one sheet: Excel opens 1,048,576 lines, and the title, notes and headings need some.
SHEET_ROWS = 1_000_000
_WIDTHS = {"text": 32, "count": 12, "money": 18, "percent": 12, "number": 14, "date": 14}
_LINES_AT_ONCE = 200
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Export:
    """One table on its way out.

    ``rows`` is called once, when the file is written, and may read from the database as it goes. Money is given in
    pounds as Decimal, days as dates; a text is always written as a text. ``notes`` stand above the headings of a
    workbook; a CSV begins with its headings.
    """

    name: str
    title: str
    columns: tuple[SheetColumn, ...]
    rows: Callable[[], Iterable[Row]]
    notes: tuple[str, ...] = ()


class _Line:
    """A file that gives back what was last written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(export: Export) -> Iterator[bytes]:
    """UTF-8 with a mark at its start, so that Excel reads £ and é; RFC 4180; texts made harmless."""
    writer = csv.writer(_Line(), lineterminator="\r\n")
    yield b"\xef\xbb\xbf" + _written(writer, [harmless(column.label) for column in export.columns])
    rows = iter(export.rows())
    while batch := list(itertools.islice(rows, _LINES_AT_ONCE)):
        yield b"".join(_written(writer, [csv_value(value) for value in row]) for row in batch)


def _written(writer: object, values: list[str]) -> bytes:
    # The writer returns what the file's `write` returned: the line itself.
    line: str = writer.writerow(values)  # type: ignore[attr-defined]
    return line.encode("utf-8")


def write_workbook(
    export: Export, target: IO[bytes], *, author: str, timestamp: datetime, sheet_rows: int = SHEET_ROWS
) -> None:
    """Write the rows to ``target`` as an Excel workbook; a further sheet begins when one is full.

    Raises ValueError for a naive timestamp, the only date the file carries.
    """
    if timestamp.tzinfo is None:
        raise ValueError("The timestamp of a workbook must carry its time zone.")
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    book.set_properties(
        {"title": export.title, "author": author, "created": timestamp.astimezone(UTC).replace(tzinfo=None)}
    )
    styles = styles_of(book)
    widths = [max(_WIDTHS[column.kind], _longest_word(column.label)) for column in export.columns]
    rows, taken = iter(export.rows()), set[str]()
    for number in itertools.count(1):
        batch = itertools.islice(rows, sheet_rows)
        first = next(batch, None)
        if first is None and number > 1:
            break
        page = book.add_worksheet(sheet_name(export.title, taken))
        line = write_headings(
            page, title=export.title, notes=export.notes, columns=export.columns, widths=widths, styles=styles
        )
        for row in itertools.chain([] if first is None else [first], batch):
            line += 1
            write_row(page, line, row, export.columns, styles)
    book.close()


def _longest_word(label: str) -> int:
    return max((len(word) for word in label.split()), default=0) + 2


def export_response(export: Export, file_format: str, *, author: str, timestamp: datetime) -> HttpResponseBase:
    """The file as a download. The first rows are read before anything is sent, so a query that fails is an error page.

    ``file_format`` is "csv" or "xlsx", as the converter ``<export_format:…>`` of addresses gives it.
    """
    filename = f"{file_name(export.name)}-{timestamp.date():%Y-%m-%d}.{file_format}"
    response: HttpResponseBase
    if file_format == "csv":
        lines = csv_lines(export)
        response = StreamingHttpResponse(
            itertools.chain(list(itertools.islice(lines, 2)), lines),
            content_type=CSV_TYPE,
            headers={"Content-Disposition": f'attachment; filename="{filename}"'},
        )
    else:
        # Handed over to the response, which closes it when the last piece is sent.
        file = tempfile.TemporaryFile()  # noqa: SIM115
        write_workbook(export, file, author=author, timestamp=timestamp)
        file.seek(0)
        response = FileResponse(file, as_attachment=True, filename=filename, content_type=XLSX_TYPE)
    # What is downloaded depends on who asks and on today's rows.
    response.headers["Cache-Control"] = "private, no-store"
    return response


def file_name(text: str) -> str:
    """A name that every system keeps: small letters, figures and hyphens."""
    return _NOT_IN_NAMES.sub("-", text.lower()).strip("-") or "export"
