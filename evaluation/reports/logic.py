"""The logic model as data: what goes in, what is done with it, and what the strategy says that leads to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evaluation.figures.figure import COMPUTED
from evaluation.reports.assembly import Assembly
from evaluation.reports.material import Material, Record

Column = dict[str, Any]
FUNDING = "funding"
_NAMED = 4


def model_columns(assembly: Assembly) -> tuple[list[Column], list[dict[str, str]]]:
    """(columns with their boxes, links with their basis). A column without boxes is left out, and its links with it."""
    material = assembly.material
    groups = _by_objective(material)
    columns: list[Column] = [
        {"label": "Inputs", "nodes": _inputs(assembly)},
        {"label": "Interventions", "nodes": [_group(assembly, number, members) for number, members in groups.items()]},
        {"label": "Objectives", "nodes": _steps("objective", material.objectives)},
        {"label": "Outcomes", "nodes": _steps("outcome", material.outcomes)},
        {"label": "Aims", "nodes": _steps("aim", material.aims)},
    ]
    kept = [column for column in columns if column["nodes"]]
    known = {node["id"] for column in kept for node in column["nodes"]}
    links = [{"from": FUNDING, "to": f"programmes-{number}", "basis": "Funding"} for number in groups]
    links += [
        {"from": f"programmes-{number}", "to": f"objective-{number}", "basis": "Primary objective"} for number in groups
    ]
    links += [dict(link) for link in material.links]
    return kept, [link for link in links if link["from"] in known and link["to"] in known]


def _by_objective(material: Material) -> dict[str, list[Record]]:
    """Programmes that are not projects by their primary objective, in the order of numbers; without one, last."""
    known = {str(each["number"]) for each in material.objectives}
    groups: dict[str, list[Record]] = {str(each["number"]): [] for each in material.objectives}
    groups["none"] = []
    for programme in material.programmes:
        if not programme["parent"]:
            number = str(programme["objective"])
            groups[number if number in known else "none"].append(programme)
    return {number: members for number, members in groups.items() if members}


def _inputs(assembly: Assembly) -> list[dict[str, str]]:
    figures = assembly.material.figures
    total = figures.one("funding.total")
    if total is None or not total.has_value:
        return []
    assembly.use(total.key)
    parts = []
    for source in assembly.material.funding_sources:
        part = figures.one("funding.source", source=source["slug"])
        if part is not None and part.value:
            assembly.use(part.key)
            parts.append(f"{source['title']} {part.display}")
    return [{"id": FUNDING, "label": f"Funding of {total.display}", "detail": "; ".join(parts)}]


def _group(assembly: Assembly, number: str, members: list[Record]) -> dict[str, str]:
    award = assembly.material.figures.one("award.total", objective=number)
    label = f"{len(members)} programme{'' if len(members) == 1 else 's'}"
    if number == "none":
        label += " serving several objectives"
    if award is not None and award.basis == COMPUTED and award.value:
        assembly.use(award.key)
        label += f", {award.display} awarded"
    titles = sorted(str(each["title"]) for each in members)
    more = f" and {len(titles) - _NAMED} more" if len(titles) > _NAMED else ""
    return {"id": f"programmes-{number}", "label": label, "detail": "; ".join(titles[:_NAMED]) + more}


def _steps(kind: str, records: tuple[Mapping[str, Any], ...]) -> list[dict[str, str]]:
    return [
        {"id": f"{kind}-{each['number']}", "label": f"{each['number']}. {each['title']}", "detail": ""}
        for each in records
    ]
