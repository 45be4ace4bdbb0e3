"""Storing statements with their values, the series they make and the relations between them."""

from __future__ import annotations

from typing import Any

from evaluation.loading.merged import Merged
from evaluation.models import Relation, RelationTerm, Series, StatedValue, Statement, Wording
from programmes.loading.schema import Row
from programmes.models import Programme
from vru.lib.bounded import Bounded, Precision


def put_series(merged: Merged) -> None:
    """A series before its parts."""
    stored: dict[str, Series] = {}
    rows = list(enumerate(merged.once_each("series", "slug"), start=1))
    slugs = {row["slug"] for _, row in rows}
    for order, row in sorted(rows, key=lambda pair: (pair[1]["parts_of"] in slugs, pair[0])):
        shared = ("title", "unit", "calendar", "population", "geography", "place")
        document = merged.document(merged.resume(row))
        values = {name: row[name] for name in shared} | {
            "source_document": document,
            "order": order,
            "part_of": merged.writer.find(stored, row["parts_of"], row.at("parts_of"), "series"),
        }
        series = merged.writer.put(Series, row.place, {"slug": row["slug"]}, values) if document else None
        if series is not None:
            stored[row["slug"]] = series


def put_statements(merged: Merged) -> None:
    """Statements and their values. A value that left the file is removed with the relations that rest on it."""
    programmes = {programme.ref: programme for programme in Programme.objects.in_layer(merged.layer)}
    listed = _listed_by_programmes(merged)
    series = {each.slug: each for each in Series.objects.all()}
    of_points = {point: row["slug"] for row in merged.rows("series") for point in row["points"]}
    for row in merged.once_each("statements", "ref"):
        ref = row["programme"] or listed.get(row["ref"])
        document = merged.document(row)
        if document is None:
            continue
        values = {
            "layer": merged.layer,
            "source_document": document,
            "place": row["place"],
            "subject": row["subject"],
            "programme": merged.writer.find(programmes, ref, row.at("programme"), "programme"),
        }
        statement = merged.writer.put(Statement, row.place, {"ref": row["ref"]}, values)
        if statement is not None:
            _put_values(merged, statement, row, series, of_points)
    _check_named(merged)


def put_relations(merged: Merged) -> None:
    for row in merged.once_each("relations", "ref"):
        result = merged.value(row["result"], row.at("result"))
        terms = [merged.value(name, f"{row.at('terms')}[{index}]") for index, name in enumerate(row["terms"])]
        if not terms:
            merged.writer.problems.add(row.at("terms"), "has no value. Name at least one, like STATEMENT.key.")
        if result is None or None in terms:
            continue
        values = {"layer": merged.layer, "kind": row["kind"], "result": result, "note": row["note"]}
        relation = merged.writer.put(Relation, row.place, {"ref": row["ref"]}, values)
        if relation is None:
            continue
        kept = [
            merged.writer.put(RelationTerm, row.place, {"relation": relation, "position": position}, {"value": term})
            for position, term in enumerate(terms, start=1)
        ]
        merged.writer.keep_only(relation.terms.all(), kept)


def put_wordings(merged: Merged) -> None:
    """What documents say in words. A date needs the first and the last day that it can be."""
    for row in merged.once_each("wordings", "ref"):
        document = merged.document(row)
        if row["kind"] == Wording.Kind.DATE and None in (row["starts_on"], row["ends_on"]):
            merged.writer.problems.add(row.at("starts_on"), "a date needs both starts_on and ends_on.")
            continue
        if document is None:
            continue
        shared = ("kind", "fact", "about", "text", "starts_on", "ends_on", "place")
        values = {name: row[name] for name in shared} | {"layer": merged.layer, "source_document": document}
        merged.writer.put(Wording, row.place, {"ref": row["ref"]}, values)


def _listed_by_programmes(merged: Merged) -> dict[str, str]:
    """Statement → the programme that lists it, for statements that name none themselves."""
    listed: dict[str, str] = {}
    for row in merged.rows("programmes"):
        for ref in row["statements"]:
            listed.setdefault(ref, row["ref"])
    return listed


def _put_values(
    merged: Merged, statement: Statement, row: Row, series: dict[str, Series], of_points: dict[str, str]
) -> None:
    kept = []
    seen: set[str] = set()
    for order, value in enumerate(row["values"], start=1):
        if value["key"] in seen:
            merged.writer.problems.add(value.at("key"), f'"{value["key"]}" is already used in this statement.')
            continue
        seen.add(value["key"])
        name = f"{statement.ref}.{value['key']}"
        slug = value["series"] or of_points.get(name)
        values = _value_fields(value, merged) | {
            "order": order,
            "series": merged.writer.find(series, slug, value.at("series"), "series"),
        }
        stored = merged.writer.put(StatedValue, value.place, {"statement": statement, "key": value["key"]}, values)
        if stored is not None:
            merged.values[name] = stored
            kept.append(stored)
    merged.writer.keep_only(statement.values.all(), kept)


def _value_fields(row: Row, merged: Merged) -> dict[str, Any]:
    period = row["period"]
    if row["precision"] and (row["value"], row["low"], row["high"]) != (None, None, None):
        try:
            Bounded(row["value"], row["low"], row["high"], Precision(row["precision"]))
        except ValueError as error:
            merged.writer.problems.add(row.place, str(error))
    shared = ("label", "as_printed", "value", "low", "high", "precision", "unit", "kind", "population", "measure")
    return {name: row[name] for name in shared} | {
        "figure_key": row["figure"],
        "period_kind": period["kind"],
        "period_text": period["text"],
        "period_start": period["starts_on"],
        "period_end": period["ends_on"],
    }


def _check_named(merged: Merged) -> None:
    """Every statement and value that another row names must be in the files."""
    statements = {row["ref"]: row for row in merged.rows("statements")}
    for row in merged.rows("programmes"):
        merged.writer.find_all(statements, row["statements"], row.at("statements"), "statement")
    for kind in ("allocations", "budget_lines"):
        for row in merged.rows(kind):
            merged.writer.find(statements, row["statement"], row.at("statement"), "statement")
    for row in merged.rows("series"):
        for index, name in enumerate(row["points"]):
            merged.value(name, f"{row.at('points')}[{index}]")
