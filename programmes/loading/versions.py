"""Storing the dated versions of a strategy: aims, outcomes, objectives, the links between them and the promises."""

from __future__ import annotations

import datetime
import itertools
from typing import Any

from django.db import models

from programmes.actions.strategy import PROGRESS_RECORDED
from programmes.loading.schema import Row
from programmes.loading.upsert import Writer
from programmes.models import (
    Aim,
    AimLink,
    LogicLink,
    Objective,
    Outcome,
    Programme,
    SourceDocument,
    Strategy,
    StrategyCommitment,
    StrategyVersion,
    Theme,
    WorkplanAction,
    WorkStrand,
)
from vru.accounts.models import AuditEvent

Numbered = dict[int, Any]


def put_versions(writer: Writer, strategy: Strategy, rows: list[Row], sources: dict[str, SourceDocument]) -> None:
    """All versions of one strategy. Versions may not overlap: a day has one wording."""
    _check_dates(writer, rows)
    seen: set[str] = set()
    for row in rows:
        if row["key"] in seen:
            writer.problems.add(row.at("key"), f'"{row["key"]}" is already the key of another version.')
            continue
        seen.add(row["key"])
        version = writer.put(
            StrategyVersion,
            row.place,
            {"strategy": strategy, "key": row["key"]},
            {
                "label": row["label"],
                "valid_from": row["valid_from"],
                "valid_to": row["valid_to"],
                "source": writer.find(sources, row["source"], row.at("source"), "source"),
            },
        )
        if version is not None:
            _put_version(writer, version, row, sources)


def link_programmes(writer: Writer, strategy_row: Row) -> list[str]:
    """Tie workplan actions to the programmes that answer them; returns the refs that are not loaded yet.

    A strategy is loaded before the programmes it names, so this runs again once programmes have come in.
    """
    programmes = {programme.ref: programme for programme in Programme.objects.all()}
    missing: list[str] = []
    recorded = _with_recorded_progress()
    for version_row in strategy_row["versions"]:
        actions = {
            action.ref: action
            for action in WorkplanAction.objects.filter(
                version__strategy__slug=strategy_row["slug"], version__key=version_row["key"]
            )
        }
        for row in version_row["actions"]:
            found = [programmes[ref] for ref in row["programmes"] if ref in programmes]
            missing += [ref for ref in row["programmes"] if ref not in programmes]
            if actions[row["ref"]].pk not in recorded:
                writer.put_links(actions[row["ref"]], "programmes", found)
    return sorted(set(missing))


def _check_dates(writer: Writer, rows: list[Row]) -> None:
    dated = sorted((row for row in rows if row["valid_from"]), key=lambda row: row["valid_from"])
    for earlier, later in itertools.pairwise(dated):
        if (earlier["valid_to"] or datetime.date.max) >= later["valid_from"]:
            writer.problems.add(
                later.at("valid_from"),
                f"{later['valid_from']} falls inside the version {earlier['key']}. End that one the day before.",
            )


def _put_version(writer: Writer, version: StrategyVersion, row: Row, sources: dict[str, SourceDocument]) -> None:
    aims = _put_numbered(writer, version, row["aims"], Aim)
    outcomes = _put_numbered(writer, version, row["outcomes"], Outcome)
    objectives = _put_numbered(writer, version, row["objectives"], Objective)
    themes = _put_ordered(writer, version, row["themes"], Theme)
    strands = _put_ordered(writer, version, row["strands"], WorkStrand)
    _put_links(writer, row["objective_links"], LogicLink, ("objective", objectives), ("outcome", outcomes))
    _put_links(writer, row["outcome_links"], AimLink, ("outcome", outcomes), ("aim", aims))
    for key, is_priority in (("commitments", False), ("priorities", True)):
        for promise in row[key]:
            writer.put(
                StrategyCommitment,
                promise.place,
                {"version": version, "ref": promise["ref"]},
                {**_promise(writer, promise, objectives, sources), "is_priority": is_priority},
            )
    recorded = _with_recorded_progress()
    kept = set(WorkplanAction.objects.filter(version=version, pk__in=recorded).values_list("ref", flat=True))
    for action in row["actions"]:
        values = _promise(writer, action, objectives, sources)
        if action["ref"] not in kept:
            values |= {name: action[name] for name in ("owner", "due_on", "status")}
        values["theme"] = writer.find(themes, action["theme"], action.at("theme"), "theme")
        values["strand"] = writer.find(strands, action["strand"], action.at("strand"), "strand")
        writer.put(WorkplanAction, action.place, {"version": version, "ref": action["ref"]}, values)


def _with_recorded_progress() -> set[int]:
    """Keys of the actions whose progress somebody wrote down on the site: the file's words no longer say how far."""
    events = AuditEvent.objects.filter(subject_type=WorkplanAction._meta.label_lower, action=PROGRESS_RECORDED)
    return {int(key) for key in events.values_list("subject_id", flat=True)}


def _promise(writer: Writer, row: Row, objectives: Numbered, sources: dict[str, SourceDocument]) -> dict[str, Any]:
    return {
        "objective": writer.find(objectives, row["objective"], row.at("objective"), "objective"),
        "text": row["text"],
        "source": writer.find(sources, row["source"], row.at("source"), "source"),
        "place": row["place"],
    }


def _put_numbered(writer: Writer, version: StrategyVersion, rows: list[Row], model: type[models.Model]) -> Numbered:
    found: Numbered = {}
    for row in rows:
        if row["number"] in found:
            writer.problems.add(row.at("number"), f"{row['number']} is already used in this version.")
            continue
        values = {name: row[name] for name in row if name != "number"}
        found[row["number"]] = writer.put(model, row.place, {"version": version, "number": row["number"]}, values)
    return {number: stored for number, stored in found.items() if stored is not None}


def _put_ordered(
    writer: Writer, version: StrategyVersion, rows: list[Row], model: type[models.Model]
) -> dict[str, Any]:
    found = {
        row["slug"]: writer.put(
            model, row.place, {"version": version, "slug": row["slug"]}, {"title": row["title"], "order": order}
        )
        for order, row in enumerate(rows, start=1)
    }
    return {slug: stored for slug, stored in found.items() if stored is not None}


def _put_links(
    writer: Writer,
    rows: list[Row],
    model: type[models.Model],
    first: tuple[str, Numbered],
    second: tuple[str, Numbered],
) -> None:
    for row in rows:
        left = writer.find(first[1], row[first[0]], row.at(first[0]), first[0])
        right = writer.find(second[1], row[second[0]], row.at(second[0]), second[0])
        if left is not None and right is not None:
            values = {"basis": row["basis"], "rationale": row["rationale"]}
            writer.put(model, row.place, {first[0]: left, second[0]: right}, values)
