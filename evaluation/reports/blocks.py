"""Blocks of a section: from the outline's request to facts. One function a kind; adding one is one line below."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from evaluation.figures.figure import GBP
from evaluation.reports.assembly import Assembly
from evaluation.reports.charts import CHARTS
from evaluation.reports.content import SectionContent
from evaluation.reports.errors import ReportError, UnknownToken
from evaluation.reports.forms.tables import form_table
from evaluation.reports.logic import model_columns
from evaluation.reports.material import Record
from evaluation.reports.tables import TABLES
from evaluation.reports.tables.model import HIDDEN, TableData
from evaluation.reports.tables.money import objective_names
from evaluation.reports.tables.programmes import printed_before, stated_cell
from evaluation.reports.tokens import canonical
from vru.lib.narrative import Token

Block = dict[str, Any]
PROGRAMME_FIGURES = ("award.total", "grants.count", "reach.new", "reach.trained", "spend.total")


def assemble_section(assembly: Assembly, section: SectionContent) -> Block:
    """One section's facts. Raises ReportError, naming the section, for a strict section's block that cannot be made."""
    assembly.section = section.name
    assembly.place = f"Section {section.number}" if section.number[:1].isdigit() else section.number or section.title
    assembly.use_texts(*section.key_points)
    blocks: list[Block] = []
    for block in section.blocks:
        try:
            blocks += _assembled(assembly, block)
        except ReportError as error:
            if section.is_strict:
                raise
            blocks += problem(assembly, {"text": str(error)})
    return {
        "number": section.number or "",
        "slug": section.slug,
        "title": section.title,
        "key_points": list(section.key_points),
        "blocks": blocks,
    }


def _assembled(assembly: Assembly, block: Mapping[str, Any]) -> list[Block]:
    try:
        return BLOCKS[block["kind"]](assembly, block)
    except KeyError as error:
        what = error.args[0] if error.args and " " in str(error.args[0]) else f"{error} is not known or is missing."
        raise ReportError(f'In section "{assembly.section}", the block "{block.get("kind")}": {what}') from error


def problem(assembly: Assembly, block: Mapping[str, Any]) -> list[Block]:
    """Something that cannot be made stands in its place as a sentence, and is listed."""
    assembly.problems.append(f"{assembly.section}: {block['text']}")
    return [{"kind": "problem", "text": block["text"]}]


def prose(assembly: Assembly, block: Mapping[str, Any]) -> list[Block]:
    assembly.use_texts(block["text"])
    return [{"kind": "prose", "text": block["text"]}]


def callout(assembly: Assembly, block: Mapping[str, Any]) -> list[Block]:
    assembly.use_texts(block["text"])
    return [{"kind": "callout", "title": block.get("title") or "", "text": block["text"]}]


def case_study(assembly: Assembly, block: Mapping[str, Any]) -> list[Block]:
    """What a grantee told, as it stands; a sentence in its place where the consent does not reach this far."""
    ref = block["ref"]
    told = next((each for each in assembly.material.case_studies if each["ref"] == ref), None)
    if told is None:
        return problem(assembly, {"text": f'There is no case study "{ref}" in these records. Take the block out.'})
    if told["is_withdrawn"]:
        said = f'Consent for the case study "{ref}" was withdrawn, so it may not be told. Take the block out.'
        return problem(assembly, {"text": said})
    if told["is_internal"]:
        said = f'Consent for the case study "{ref}" does not reach outside the unit. Ask for more or take it out.'
        return problem(assembly, {"text": said})
    # What people told holds no figures: braces in it are words.
    text = told["text"].replace("{{", "{ {").replace("}}", "} }")
    text = f"{text}\n\n*Told by {told['told_by']}, with consent.*"
    return [{"kind": "callout", "title": block.get("title") or told["title"], "text": text, "case_study": ref}]


def not_supplied(assembly: Assembly, block: Mapping[str, Any]) -> list[Block]:
    assembly.use_texts(block["text"])
    return [{"kind": "not_supplied", "text": block["text"]}]


def figures(assembly: Assembly, block: Mapping[str, Any]) -> list[Block]:
    """Pull numbers. A key without a figure in this layer is left out of the row, and listed as missing."""
    keys = [key for text in block["keys"] if (key := _key(assembly, text))]
    for key in keys:
        assembly.use(key)
    found = assembly.material.figures
    known = [key for key in keys if key in found and (found[key].has_value or found[key].display == HIDDEN)]
    return [{"kind": "figures", "keys": known}]


def _key(assembly: Assembly, text: str) -> str:
    """The key in its one form; "" for one that is refused, which is noted already."""
    try:
        return canonical(Token(text, ""), section=assembly.section)
    except UnknownToken:
        if text not in assembly.refused:
            raise
        assembly.use(text)
        return ""


def table(assembly: Assembly, block: Mapping[str, Any]) -> list[Block]:
    """A numbered table; without rows, one sentence that says why. Raises KeyError for a name that is not registered."""
    builder = TABLES.get(block["table"])
    if builder is None:
        raise KeyError(f'There is no table "{block["table"]}". Known are: {", ".join(sorted(TABLES))}.')
    caption, note = block.get("caption") or "", block.get("note") or ""
    return _numbered(assembly, caption, note, builder(assembly.material, block.get("params") or {}))


def form(assembly: Assembly, block: Mapping[str, Any]) -> list[Block]:
    """One table of the funder's form. Raises KeyError for one that is not loaded, ReportError for one that cannot be
    made.
    """
    forms = assembly.material.forms
    definition = forms.definitions.get(block["form"])
    if definition is None or forms.setting is None:
        known = ", ".join(sorted(forms.definitions)) or "none"
        raise KeyError(f'There is no form "{block["form"]}" in this kind of report. Known are: {known}.')
    if block["form"] in forms.refused:
        raise ReportError(f'The form "{block["form"]}" cannot be made: {forms.refused[block["form"]]}')
    data = form_table(definition, forms.setting, assembly.material.figures)
    caption = block.get("caption") or definition.title
    return [
        {**each, "form": definition.name} if each["kind"] == "table" else each
        for each in _numbered(assembly, caption, block.get("note") or "", data)
    ]


def _numbered(assembly: Assembly, caption: str, note: str, table_data: TableData) -> list[Block]:
    """A table with its number; without rows, one sentence that says why."""
    data = table_data.as_json()
    if not data["rows"]:
        return [_nothing(caption, data["empty"])]
    number = assembly.next_table()
    assembly.use_texts(caption, note, *data["notes"])
    assembly.use_cells(data, f"Table {number}")
    notes = [*data["notes"], *([note] if note else [])]
    name = f"table-{number}"
    return [{"kind": "table", "id": name, "number": number, "caption": caption, **data, "notes": notes}]


def chart(assembly: Assembly, block: Mapping[str, Any]) -> list[Block]:
    builder = CHARTS.get(block["chart"])
    if builder is None:
        raise KeyError(f'There is no chart "{block["chart"]}". Known are: {", ".join(sorted(CHARTS))}.')
    caption = block.get("caption") or ""
    data = builder(assembly.material, block.get("params") or {}).as_json()
    if not data["categories"] or not data["series"]:
        return [_nothing(caption, data["empty"])]
    number = assembly.next_chart()
    assembly.use_texts(caption, block.get("note") or "")
    for row in data["series"]:
        for key in row["keys"]:
            if key:
                assembly.use(key, f"Figure {number}")
    notes = [*data["notes"], *([block["note"]] if block.get("note") else [])]
    return [{"kind": "chart", "id": f"figure-{number}", "number": number, "caption": caption, **data, "notes": notes}]


def logic_model(assembly: Assembly, block: Mapping[str, Any]) -> list[Block]:
    """From funding through programmes, objectives and outcomes to aims, as the strategy in force links them."""
    material = assembly.material
    caption = block.get("caption") or "Logic model"
    if not material.links:
        return [_nothing(caption, "the strategy in force links no objective to an outcome")]
    number = assembly.next_chart()
    assembly.use_texts(caption)
    assembly.place = f"Figure {number}"
    columns, links = model_columns(assembly)
    return [
        {
            "kind": "logic_model",
            "id": f"figure-{number}",
            "number": number,
            "caption": caption,
            "columns": columns,
            "links": links,
            "notes": [block["note"]] if block.get("note") else [],
        }
    ]


def programmes(assembly: Assembly, block: Mapping[str, Any]) -> list[Block]:
    """Programmes with their summaries, in groups; each with its computed figures and what was published about it."""
    material = assembly.material
    field = "theme" if block.get("group_by") == "theme" else "objective"
    named = (
        [(each["slug"], each["title"]) for each in material.themes]
        if field == "theme"
        else [(number, f"Objective {title}") for number, title in objective_names(material)]
    )
    top = [each for each in material.programmes if not each["parent"]]
    if not top:
        return [_nothing(block.get("caption") or "Programmes", "no programme is recorded for the year")]
    known = [slug for slug, _title in named]
    groups = []
    for slug, title in [*named, (None, f"No single {field}")]:
        members = [each for each in top if _group_of(each, field, known) == slug]
        if members:
            items = [
                _programme(assembly, each) for each in sorted(members, key=lambda each: (each["title"], each["ref"]))
            ]
            groups.append({"title": title, "items": items})
    return [{"kind": "programmes", "groups": groups}]


def recommendations(assembly: Assembly, block: Mapping[str, Any]) -> list[Block]:
    chosen = [each for each in assembly.material.recommendations if each["group"] == block["group"]]
    if not chosen:
        return [_nothing(block.get("caption") or "Recommendations", "none has been recorded for this review")]
    caption = block.get("caption") or ""
    assembly.use_texts(caption)
    return [{"kind": "recommendations", "caption": caption, "items": [dict(each) for each in chosen]}]


def studies(assembly: Assembly, block: Mapping[str, Any]) -> list[Block]:
    caption = block.get("caption") or "Evaluations commissioned and what they have found"
    found = table(assembly, {"table": "studies", "caption": caption})
    if any(each["findings"] for each in assembly.material.studies):
        found += table(assembly, {"table": "findings", "caption": "Findings of evaluations"})
    return found


def commitments(assembly: Assembly, block: Mapping[str, Any]) -> list[Block]:
    caption = block.get("caption") or "Commitments of the strategy"
    return table(assembly, {"table": "commitments", "caption": caption, "note": block.get("note")})


def workplan(assembly: Assembly, block: Mapping[str, Any]) -> list[Block]:
    caption = block.get("caption") or "Actions of the workplan"
    return table(assembly, {"table": "workplan", "caption": caption, "note": block.get("note")})


BLOCKS: dict[str, Callable[[Assembly, Mapping[str, Any]], list[Block]]] = {
    "callout": callout,
    "case_study": case_study,
    "chart": chart,
    "commitments": commitments,
    "figures": figures,
    "form": form,
    "logic_model": logic_model,
    "not_supplied": not_supplied,
    "problem": problem,
    "programmes": programmes,
    "prose": prose,
    "recommendations": recommendations,
    "studies": studies,
    "table": table,
    "workplan": workplan,
}


def _nothing(caption: str, reason: str) -> Block:
    """What stands in place of an empty frame."""
    return {"kind": "nothing", "caption": caption.rstrip("."), "reason": reason}


def _group_of(programme: Record, field: str, known: list[Any]) -> Any:
    value = programme[field] if field == "theme" else str(programme[field])
    return value if value in known else None


def _programme(assembly: Assembly, programme: Record) -> Block:
    material = assembly.material
    keys = []
    for name in PROGRAMME_FIGURES:
        figure = material.figures.one(name, programme=programme["ref"])
        if figure is not None and figure.basis == "computed" and figure.value:
            keys.append(figure.key)
            assembly.use(figure.key)
    stated = _published_about(assembly, programme["ref"])
    areas = programme["areas"]
    return {
        "ref": programme["ref"],
        "title": programme["title"],
        "summary": programme["summary"],
        "meta": [
            *([programme["ages"]] if programme["ages"] else []),
            ", ".join(areas) if 0 < len(areas) <= _AREAS_NAMED else programme["level"],
            programme["status"],
            *(["Objective inferred"] if programme["objective_inferred"] else []),
            *programme["ratings"],
        ],
        "keys": keys,
        "stated": stated,
    }


def _published_about(assembly: Assembly, ref: str) -> list[Block]:
    """What was published about a programme: each number once, without what its evaluations found."""
    material = assembly.material
    of_findings = {value for study in material.studies for each in study["findings"] for value in each["values"]}
    found: dict[tuple[str, str], Block] = {}
    for value in material.values:
        if value["programme"] != ref or value["ref"] in of_findings:
            continue
        cell = stated_cell(material, value)
        label = value["subject"] if value["is_labelled"] else value["population"] or value["subject"]
        # The same amount of one programme, said in two places, is one amount.
        spot = (cell.text, "" if value["unit"].upper() == GBP else label.casefold())
        if spot in found and (found[spot]["period"] or not value["period"]):
            continue
        found[spot] = {
            "text": printed_before(value, label),
            "key": cell.key,
            "label": label,
            "kind": value["kind_label"],
            "period": value["period"],
            "source": value["source"],
        }
    for each in found.values():
        if each["key"]:
            assembly.use(each["key"])
    return list(found.values())


_AREAS_NAMED = 4
