"""Storing how the finance system wants the file of a payment run, vru-payment-layouts/1."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import transaction

from grants.models import ExportLayout
from grants.money.payment_file import DELIMITERS, ENCODINGS, FIELDS, layout_problem
from programmes.loading.problems import Problems
from programmes.loading.schema import Fields, Row, anything, choice, flag, read_row, rows, slug, text
from programmes.loading.upsert import Writer
from programmes.loading.yaml_file import read_yaml

FORMAT = "vru-payment-layouts/1"
COLUMN: Fields = {
    "heading": text(60),
    "field": choice(list(FIELDS), optional=True),
    "text": text(100, optional=True),
    "format": text(20, optional=True),
    "values": anything(),
}
LAYOUT: Fields = {
    "slug": slug(60),
    "title": text(200),
    "default": flag(),
    "delimiter": choice(list(DELIMITERS), optional=True, default=","),
    "encoding": choice(list(ENCODINGS), optional=True, default="utf-8"),
    "headings": flag(),
    "columns": rows(COLUMN, optional=False),
}
LAYOUTS: Fields = {"format": choice([FORMAT]), "layouts": rows(LAYOUT, optional=False)}


@transaction.atomic
def load_payment_layouts(path: Path) -> Writer:
    """Store the layouts, all or nothing; one that left the file stays, because runs may name it.

    A run keeps the layout it was exported with, so a changed layout changes no file that was sent. Raises LoadError.
    """
    problems = Problems(path)
    row = read_row(read_yaml(path), LAYOUTS, "", problems)
    problems.stop_if_any()
    defaults = [each for each in row["layouts"] if each["default"]]
    if len(defaults) > 1:
        problems.add(defaults[1].at("default"), "another layout is the default already.")
        problems.stop_if_any()
    writer = Writer(problems)
    if defaults:
        ExportLayout.objects.exclude(slug=defaults[0]["slug"]).filter(is_default=True).update(is_default=False)
    for each in row["layouts"]:
        _put(writer, each)
    problems.stop_if_any()
    return writer


def _put(writer: Writer, row: Row) -> None:
    values = {
        "title": row["title"],
        "columns": [_column(column) for column in row["columns"]],
        "delimiter": row["delimiter"],
        "encoding": row["encoding"],
        "has_headings": row["headings"],
        "is_default": row["default"],
    }
    problem = layout_problem(ExportLayout(slug=row["slug"], **values))
    if problem:
        writer.problems.add(row.place, problem)
        return
    writer.put(ExportLayout, row.place, {"slug": row["slug"]}, values)


def _column(row: Row) -> dict[str, Any]:
    """Only what the file gives: a column has either a field or a text."""
    column = {"heading": row["heading"]}
    given = {name: row[name] for name in ("field", "text", "format", "values") if row[name]}
    return column | given
