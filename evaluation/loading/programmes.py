"""Storing published programmes and the decisions behind them."""

from __future__ import annotations

from typing import Any

from evaluation.loading.merged import Merged
from programmes.loading.schema import Row
from programmes.models import Area, Decision, Objective, Programme, StrategyVersion, Theme


def put_programmes(merged: Merged) -> None:
    """Parents before their projects. Objectives and themes are those of the strategy's latest version."""
    decisions = _put_decisions(merged)
    version = StrategyVersion.objects.order_by("valid_from", "pk").last()
    objectives = {each.number: each for each in Objective.objects.filter(version=version)}
    themes = {each.slug: each for each in Theme.objects.filter(version=version)}
    areas = {area.code: area for area in Area.objects.all()}
    writer = merged.writer
    stored: dict[str, Programme] = {}
    for row in _parents_first(merged):
        values = _plain_values(merged.resume(row), merged)
        values |= {
            "parent": writer.find(stored, row["parent"], row.at("parent"), "programme"),
            "theme": writer.find(themes, row["theme"], row.at("theme"), "theme"),
            "decision": writer.find(decisions, row["decision"], row.at("decision"), "decision"),
            "primary_objective": writer.find(
                objectives, row["primary_objective"], row.at("primary_objective"), "objective"
            ),
        }
        secondary = writer.find_all(
            objectives, row["secondary_objectives"], row.at("secondary_objectives"), "objective"
        )
        members = writer.find_all(areas, row["areas"], row.at("areas"), "area")
        programme = writer.put(Programme, row.place, {"ref": row["ref"]}, values)
        if programme is not None:
            writer.put_links(programme, "secondary_objectives", secondary)
            writer.put_links(programme, "areas", members)
            stored[row["ref"]] = programme


def _put_decisions(merged: Merged) -> dict[str, Decision]:
    stored = {}
    for row in merged.once_each("decisions", "ref"):
        values = {name: row[name] for name in ("title", "decided_on", "decided_by", "summary", "url")}
        values |= {"authorised_pence": row["authorised"], "layer": merged.layer}
        decision = merged.writer.put(Decision, row.place, {"ref": row["ref"]}, values)
        if decision is not None:
            stored[row["ref"]] = decision
    return stored


def _plain_values(row: Row, merged: Merged) -> dict[str, Any]:
    ages = row["ages"]
    if len(ages) not in (0, 2):
        merged.writer.problems.add(row.at("ages"), "is not two whole numbers. Write it like [18, 25].")
        ages = []
    shared = ("title", "summary", "objective_basis", "level", "starts_on", "ends_on", "status")
    return {name: row[name] for name in shared} | {
        "layer": merged.layer,
        "youngest_age": ages[0] if ages else None,
        "oldest_age": ages[1] if ages else None,
    }


def _parents_first(merged: Merged) -> list[Row]:
    """The rows in an order in which a project follows its programme; a parent that is missing is left to the writer."""
    rows = list(merged.once_each("programmes", "ref"))
    by_ref = {row["ref"]: row for row in rows}
    ordered: list[Row] = []
    placed: set[str] = set()
    waiting = rows
    while waiting:
        ready = [row for row in waiting if row["parent"] not in by_ref or row["parent"] in placed]
        if not ready:
            for row in waiting:
                merged.resume(row)
                merged.writer.problems.add(row.at("parent"), f'"{row["ref"]}" is inside itself. Break the circle.')
            return ordered
        ordered += ready
        placed |= {row["ref"] for row in ready}
        waiting = [row for row in waiting if row["ref"] not in placed]
    return ordered
