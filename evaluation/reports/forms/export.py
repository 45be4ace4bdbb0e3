"""A funder's return as data: every table of its form with values and keys, and the words, from facts alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evaluation.reports.facts import Facts
from evaluation.reports.forms.period import ReportPeriod
from evaluation.reports.forms.workbook import answer_of
from evaluation.reports.imprint import WORKING, Imprint
from evaluation.reports.tables.model import HIDDEN
from evaluation.reports.tokens import Resolver
from vru.lib.narrative import fill
from vru.lib.periods import FinancialYear

FORMAT = "vru-funder-return/1"


def return_json(facts: Facts, imprint: Imprint = WORKING) -> dict[str, Any]:
    """Plain data. Numbers are text, as everywhere in our JSON; a hidden count has no value and its text is "[c]"."""
    data = facts.data
    resolver = Resolver(data["figures"], data["texts"])
    period = ReportPeriod(FinancialYear.parse(data["year"]), data["period"])
    signature = imprint.signature
    return {
        "format": FORMAT,
        "kind": data["kind"],
        "title": data["title"],
        "funder": data["funder"],
        "unit": data["unit"]["name"],
        "period": {
            "name": str(period),
            "starts_on": period.starts_on.isoformat(),
            "ends_on": period.ends_on.isoformat(),
        },
        "layer": data["layer"],
        "as_at": data["as_at"],
        "status": imprint.status,
        "edition": imprint.number,
        "signed": None if signature is None else {"name": signature.name, "role": signature.role},
        "snapshot_sha256": facts.sha256,
        "hidden": HIDDEN,
        "forms": [
            _table(data, block, resolver)
            for section in data["sections"]
            for block in section["blocks"]
            if block["kind"] == "table" and block.get("form")
        ],
        "words": [
            {"section": section["slug"], "title": section["title"], "text": text}
            for section in data["sections"]
            if (text := answer_of(data, section["slug"], resolver))
        ],
    }


def _table(data: Mapping[str, Any], block: Mapping[str, Any], resolver: Resolver) -> dict[str, Any]:
    head, *columns = block["columns"]
    return {
        "form": block["form"],
        "title": fill(block["caption"], resolver),
        "rows_are": head["label"],
        "columns": [{"label": column["label"], "kind": column["kind"]} for column in columns],
        "rows": [
            {
                "label": row["header"],
                "is_total": row["emphasis"],
                "cells": [_cell(data, cell) for cell in row["cells"]],
            }
            for row in block["rows"]
        ],
        "notes": [fill(note, resolver) for note in block["notes"]],
    }


def _cell(data: Mapping[str, Any], cell: Mapping[str, Any]) -> dict[str, Any]:
    figure = data["figures"].get(cell["key"]) if cell["key"] else None
    basis = None
    if figure is not None and figure["returns_expected"] is not None:
        basis = {"received": figure["returns_received"] or 0, "expected": figure["returns_expected"]}
    return {"value": cell["value"], "text": cell["text"], "key": cell["key"], "returns": basis}
