"""The tables that a signature adds: what was explained before it, and what changed since the last signed edition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from evaluation.reports.imprint import Imprint

Table = dict[str, Any]
SECTION = "How the figures were made"


def beside_tables(imprint: Imprint) -> list[Table]:
    """In the shape of the tables of the facts, in the order of printing; those without rows are left out."""
    return [table for table in (explained(imprint), changed(imprint)) if table["rows"]]


def explained(imprint: Imprint) -> Table:
    rows = [_row(each.about, _cell(each.sentence)) for each in imprint.explanations]
    return _table("explained", "S1", "What was explained before signing", ("What was found", "Explanation"), rows)


def changed(imprint: Imprint) -> Table:
    rows = [_row(each.label, _cell(each.old), _cell(each.new, each.key), _cell(each.why)) for each in imprint.changes]
    caption = f"What changed since {imprint.since}"
    return _table("changes", "S2", caption, ("Figure", "Was", "Is now", "Why"), rows)


def signature_of(imprint: Imprint) -> Mapping[str, Any]:
    """What a machine reads of the signature; empty for a draft."""
    if imprint.signature is None:
        return {}
    return {
        "edition": imprint.number,
        "signed_by": imprint.signature.name,
        "signed_as": imprint.signature.role,
        "signed_at": imprint.signature.signed_at,
        "restated": imprint.is_restated,
        "imprint_sha256": imprint.sha256,
    }


def _table(name: str, number: str, caption: str, labels: Iterable[str], rows: list[dict[str, Any]]) -> Table:
    return {
        "id": name,
        "number": number,
        "caption": caption,
        "columns": [{"label": label, "kind": "text", "unit": ""} for label in labels],
        "rows": rows,
        "notes": [],
        "sources": [],
    }


def _row(header: str, *cells: dict[str, Any]) -> dict[str, Any]:
    return {"header": header, "cells": list(cells), "emphasis": False}


def _cell(text: str, key: str = "") -> dict[str, Any]:
    return {"text": text, "value": None, "key": key}
