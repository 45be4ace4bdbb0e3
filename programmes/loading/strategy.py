"""Storing a strategy file: one unit, its documents, strategy, areas, dimensions and indicators."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from programmes.loading.problems import LoadError, Problem, Problems
from programmes.loading.schema import Row, read_row
from programmes.loading.strategy_schema import STRATEGY_FILE
from programmes.loading.upsert import Writer
from programmes.loading.versions import put_versions
from programmes.loading.yaml_file import read_yaml
from programmes.models import (
    Area,
    BudgetCategory,
    Category,
    CostHeading,
    Dimension,
    Indicator,
    IndicatorVersion,
    Objective,
    SourceDocument,
    Strategy,
    Unit,
)


def read_strategy_file(path: Path) -> Row:
    """The file's rows, checked against the format. Raises LoadError with every problem found."""
    problems = Problems(path)
    row = read_row(read_yaml(path), STRATEGY_FILE, "", problems)
    problems.stop_if_any()
    return row


@transaction.atomic
def load_strategy(path: Path) -> Writer:
    """Store the file, all or nothing; loading it again changes nothing.

    Raises LoadError with every problem found, among them that the database belongs to another unit.
    """
    row = read_strategy_file(path)
    refuse_another_unit(path, row["unit"])
    problems = Problems(path)
    writer = Writer(problems)
    _put_unit(writer, row["unit"])
    sources = _put_sources(writer, row)
    areas = _put_areas(writer, row)
    _put_titled(writer, row, "budget_categories", BudgetCategory)
    _put_titled(writer, row, "cost_headings", CostHeading)
    _put_dimensions(writer, row, areas)
    strategy_row = row["strategy"]
    strategy = writer.put(
        Strategy, strategy_row.place, {"slug": strategy_row["slug"]}, {"title": strategy_row["title"]}
    )
    if strategy is not None:
        put_versions(writer, strategy, strategy_row["versions"], sources)
        problems.stop_if_any()
        _put_indicators(writer, row, strategy)
    problems.stop_if_any()
    return writer


def refuse_another_unit(path: Path, unit: Row) -> None:
    """One database per unit: its totals would otherwise mix two units."""
    other = Unit.objects.exclude(slug=unit["slug"]).first()
    if other is not None:
        raise LoadError(
            path,
            [
                Problem(
                    "unit.slug",
                    f"this database belongs to {other.name}, and a database holds one unit only. To load "
                    f"{unit['name']}, set DATABASE_URL to an empty database.",
                )
            ],
        )


def _put_unit(writer: Writer, row: Row) -> None:
    values = {name: row[name] for name in row if name not in ("slug", "established")}
    values["established_on"] = row["established"]
    writer.put(Unit, row.place, {"slug": row["slug"]}, values)


def _put_sources(writer: Writer, row: Row) -> dict[str, SourceDocument]:
    found = {}
    for source in once_each(writer, row["sources"], "key"):
        values = {name: source[name] for name in source if name != "key"}
        stored = writer.put(SourceDocument, source.place, {"key": source["key"]}, values)
        if stored is not None:
            found[source["key"]] = stored
    return found


def _put_areas(writer: Writer, row: Row) -> dict[str, Area]:
    found = {}
    for area in once_each(writer, row["areas"], "code"):
        tile = area["tile"]
        if len(tile) not in (0, 2):
            writer.problems.add(area.at("tile"), "is not two whole numbers. Write it like [column, row].")
            continue
        values = {
            "name": area["name"],
            "kind": area["kind"],
            "order": area["order"],
            "tile_column": tile[0] if tile else None,
            "tile_row": tile[1] if tile else None,
        }
        stored = writer.put(Area, area.place, {"code": area["code"]}, values)
        if stored is not None:
            found[area["code"]] = stored
    return found


def _put_titled(writer: Writer, row: Row, key: str, model: type[BudgetCategory] | type[CostHeading]) -> None:
    for order, titled in enumerate(once_each(writer, row[key], "slug"), start=1):
        writer.put(model, titled.place, {"slug": titled["slug"]}, {"title": titled["title"], "order": order})


def _put_dimensions(writer: Writer, row: Row, areas: dict[str, Area]) -> None:
    if Dimension.TOTAL not in {dimension["slug"] for dimension in row["dimensions"]}:
        writer.problems.add("dimensions", 'has no dimension "total". Every headline is a cell of it.')
    for order, dimension in enumerate(once_each(writer, row["dimensions"], "slug")):
        stored = writer.put(
            Dimension,
            dimension.place,
            {"slug": dimension["slug"]},
            {"title": dimension["title"], "question": dimension["question"], "order": order},
        )
        if stored is not None:
            _put_categories(writer, stored, dimension, areas)


def _put_categories(writer: Writer, dimension: Dimension, row: Row, areas: dict[str, Area]) -> None:
    is_total = dimension.slug == Dimension.TOTAL
    if is_total and len(row["categories"]) != 1:
        writer.problems.add(row.at("categories"), "the dimension total has exactly one category.")
    for order, category in enumerate(once_each(writer, row["categories"], "slug"), start=1):
        writer.put(
            Category,
            category.place,
            {"dimension": dimension, "slug": category["slug"], "valid_from": row["from"]},
            {
                "label": category["label"],
                "kind": Category.Kind.TOTAL if is_total else category["kind"],
                "area": writer.find(areas, category["area"], category.at("area"), "area"),
                "order": order,
            },
        )


def _put_indicators(writer: Writer, row: Row, strategy: Strategy) -> None:
    """An indicator's objective is numbered in the latest version; it is in force from the first one's start."""
    versions = list(strategy.versions.order_by("valid_from", "pk"))
    objectives = {each.number: each for each in Objective.objects.filter(version=versions[-1])}
    for indicator in once_each(writer, row["indicators"], "slug"):
        objective = writer.find(objectives, indicator["objective"], indicator.at("objective"), "objective")
        stored = writer.put(
            Indicator,
            indicator.place,
            {"slug": indicator["slug"]},
            {"title": indicator["title"], "is_illustrative": indicator["illustrative"]},
        )
        if stored is None or objective is None:
            continue
        shared = ("kind", "unit", "population", "definition", "numerator", "denominator", "direction")
        values = {name: indicator[name] for name in shared}
        values |= {"objective": objective, "valid_from": indicator["from"] or versions[0].valid_from}
        writer.put(IndicatorVersion, indicator.place, {"indicator": stored, "number": 1}, values)


def once_each(writer: Writer, rows: list[Row], key: str) -> list[Row]:
    """The rows, with a problem for every key that an earlier row already took."""
    seen: dict[object, str] = {}
    kept = []
    for row in rows:
        if row[key] in seen:
            writer.problems.add(row.at(key), f'"{row[key]}" is already used by {seen[row[key]]}.')
        else:
            seen[row[key]] = row.place
            kept.append(row)
    return kept
