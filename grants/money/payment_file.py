"""A payment run as the finance system wants it: the same run and layout are the same bytes, always.

A layout is data. Each column has a ``heading`` and either ``text`` (a fixed value) or ``field`` (one of ``FIELDS``); an
amount or a day may have a ``format``, and ``values`` may replace what a field says by the finance system's own codes.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from grants.models import ExportLayout, PaymentRun, PaymentRunLine
from vru.lib.money import Money
from vru.lib.sheets import harmless

Line: TypeAlias = PaymentRunLine
Column: TypeAlias = Mapping[str, Any]
DAYS = {
    "yyyy-mm-dd": "%Y-%m-%d",
    "dd/mm/yyyy": "%d/%m/%Y",
    "dd.mm.yyyy": "%d.%m.%Y",
    "yyyymmdd": "%Y%m%d",
    "ddmmyyyy": "%d%m%Y",
    "ddmmyy": "%d%m%y",
}
AMOUNTS: dict[str, Callable[[int], str]] = {
    "pounds": lambda pence: f"{Money(pence).pounds:f}",
    "pounds_unsigned": lambda pence: f"{Money(abs(pence)).pounds:f}",
    "pence": str,
    "pence_unsigned": lambda pence: str(abs(pence)),
}
TEXTS: dict[str, Callable[[PaymentRun, Line], str]] = {
    "supplier_reference": lambda run, line: line.supplier_reference,
    "payment_reference": lambda run, line: f"{line.facts.get('grant', '')}-{line.facts.get('number', 0):02d}",
    "run": lambda run, line: run.ref,
    "kind": lambda run, line: "credit_note" if line.amount_pence < 0 else "payment",
    "grant": lambda run, line: str(line.facts.get("grant", "")),
    "title": lambda run, line: str(line.facts.get("title", "")),
    "programme": lambda run, line: str(line.facts.get("programme", "")),
    "organisation": lambda run, line: str(line.facts.get("organisation", "")),
}
AMOUNT, PAY_ON = "amount", "pay_on"
FIELDS = (*TEXTS, AMOUNT, PAY_ON)
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "iso-8859-1", "ascii")
DELIMITERS = (",", ";", "\t", "|")


def layout_problem(layout: ExportLayout) -> str:
    """What is wrong with a layout, as a sentence; empty when a file can be written by it."""
    if layout.encoding not in ENCODINGS:
        return f"The encoding “{layout.encoding}” is not one of {', '.join(ENCODINGS)}."
    if layout.delimiter not in DELIMITERS:
        return "The columns are parted by a comma, a semicolon, a bar or a tab."
    if not isinstance(layout.columns, list) or not layout.columns:
        return "The layout has no columns."
    for number, column in enumerate(layout.columns, start=1):
        problem = _column_problem(column)
        if problem:
            return f"Column {number}: {problem}"
    fields = {column.get("field") for column in layout.columns}
    if not {"supplier_reference", AMOUNT} <= fields:
        return "Without a column for supplier_reference and one for amount nobody can be paid."
    return ""


def _column_problem(column: Any) -> str:
    if not isinstance(column, dict) or not isinstance(column.get("heading"), str):
        return "it needs a heading."
    if ("text" in column) == ("field" in column):
        return "give it either a field or a fixed text."
    if "text" in column:
        return "" if isinstance(column["text"], str) else "its text must be text."
    field, shown = column["field"], column.get("format")
    if field not in FIELDS:
        return f"“{field}” is not one of {', '.join(FIELDS)}."
    known = AMOUNTS if field == AMOUNT else DAYS if field == PAY_ON else {}
    if shown is not None and shown not in known:
        offered = ", ".join(known) or "none"
        return f"the format “{shown}” is not known for {field}. Formats: {offered}."
    return ""


def as_written(layout: ExportLayout) -> dict[str, Any]:
    """A layout frozen into a run, so that a later change of it changes no file that was sent."""
    return {
        "layout": layout.slug,
        "columns": layout.columns,
        "delimiter": layout.delimiter,
        "encoding": layout.encoding,
        "has_headings": layout.has_headings,
    }


def payment_file(run: PaymentRun, lines: Sequence[PaymentRunLine], how: Mapping[str, Any]) -> bytes:
    """The file's bytes. ``how`` comes from ``as_written``; what its encoding cannot write becomes a question mark."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=how["delimiter"], lineterminator="\r\n")
    columns: list[Column] = how["columns"]
    if how["has_headings"]:
        writer.writerow([_text(column["heading"]) for column in columns])
    for line in lines:
        writer.writerow([_value(run, line, column) for column in columns])
    return target.getvalue().encode(how["encoding"], errors="replace")


def file_name(run: PaymentRun) -> str:
    return f"payments-{run.ref.lower()}.csv"


def _value(run: PaymentRun, line: PaymentRunLine, column: Column) -> str:
    if "text" in column:
        return _text(column["text"])
    field = column["field"]
    if field == AMOUNT:
        return AMOUNTS[column.get("format", "pounds")](line.amount_pence)
    if field == PAY_ON:
        day: datetime.date = run.pay_on
        return day.strftime(DAYS[column.get("format", "yyyy-mm-dd")])
    said = TEXTS[field](run, line)
    return _text(str(column.get("values", {}).get(said, said)))


def _text(text: str) -> str:
    """On one line, and nothing that a spreadsheet takes for a formula."""
    return harmless(" ".join(text.split()))
