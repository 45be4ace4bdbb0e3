"""Storing a report outline, vru-outline/1: the sections of a report as data. docs/strategy-file.md describes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import transaction

from evaluation.loading.forms import read_forms, read_workbook
from evaluation.models import OutlineSection, ReportOutline
from programmes.loading.problems import Problems, near_match
from programmes.loading.schema import Fields, Row, Spec, anything, choice, read_row, references, rows, slug, text, whole
from programmes.loading.upsert import Writer
from programmes.loading.yaml_file import read_yaml
from programmes.models import FundingSource
from vru.lib.layers import Layer

FORMAT = "vru-outline/1"

# The keys that each kind of block takes besides `kind` and `layers`; True: it cannot do without.
BLOCKS: dict[str, dict[str, bool]] = {
    "prose": {"text": False, "text_file": False},
    "figures": {"keys": True, "caption": False, "title": False},
    "table": {"table": True, "caption": True, "params": False, "note": False},
    "chart": {"chart": True, "caption": True, "params": False, "note": False},
    "logic_model": {"caption": False, "note": False},
    "programmes": {"group_by": False, "caption": False, "note": False},
    "recommendations": {"group": True, "caption": False, "note": False},
    "studies": {"caption": False, "note": False},
    "commitments": {"caption": False, "note": False},
    "workplan": {"caption": False, "note": False},
    "callout": {"title": False, "text": True},
    "case_study": {"ref": True, "title": False},
    "not_supplied": {"text": True},
    "form": {"form": True, "caption": False, "note": False},
}

SECTION: Fields = {
    "number": text(20, optional=True),
    "slug": slug(60),
    "title": text(200),
    "guidance": text(2000, optional=True),
    "word_limit": whole(optional=True),
    "key_points": anything(),
    "blocks": anything(),
}
OUTLINE: Fields = {
    "format": choice([FORMAT]),
    "kind": slug(60),
    "title": text(200),
    "funder": text(200, optional=True),
    "every": choice(list(ReportOutline.Every.values), optional=True, default=ReportOutline.Every.YEAR.value),
    "about": choice(list(ReportOutline.Subject.values), optional=True, default=ReportOutline.Subject.UNIT.value),
    "sources": references(),
    "forms": anything(),
    "workbook": anything(),
    "sections": rows(SECTION, optional=False),
}


@transaction.atomic
def load_outline(path: Path) -> Writer:
    """Store the outline of one kind of report, all or nothing. Raises LoadError with every problem found."""
    problems = Problems(path)
    raw = _without_blank_numbers(read_yaml(path))
    row = read_row(raw, OUTLINE, "", problems)
    sections = [_section(section, path, problems) for section in row["sections"]]
    problems.stop_if_any()
    values = {name: row[name] for name in ("title", "funder", "every", "about")} | _form_fields(row, problems)
    _check_blocks_of_forms(sections, values["forms"], problems)
    problems.stop_if_any()
    writer = Writer(problems)
    outline = writer.put(ReportOutline, "", {"kind": row["kind"]}, values)
    if outline is not None:
        _put_sections(writer, outline, row["sections"], sections)
    problems.stop_if_any()
    return writer


def _form_fields(row: Row, problems: Problems) -> dict[str, Any]:
    """What the funder's form is made of: the sources it is told about, its tables, its sheets."""
    known = list(FundingSource.objects.values_list("slug", flat=True))
    for index, slug_ in enumerate(row["sources"]):
        if slug_ not in known:
            problems.add(f"sources[{index}]", f'there is no funding source "{slug_}".{near_match(slug_, known)}')
    forms = read_forms(row["forms"], row["every"], problems)
    workbook = read_workbook(row["workbook"], forms, [each["slug"] for each in row["sections"]], problems)
    return {"sources": row["sources"], "forms": forms, "workbook": workbook}


def _check_blocks_of_forms(sections: list[dict[str, Any]], forms: dict[str, Any], problems: Problems) -> None:
    for number, section in enumerate(sections):
        for index, block in enumerate(section["blocks"]):
            if block.get("kind") == "form" and block.get("form") not in forms:
                hint = near_match(block.get("form"), forms)
                problems.add(
                    f"sections[{number}].blocks[{index}].form", f'there is no form "{block.get("form")}".{hint}'
                )


def _without_blank_numbers(raw: dict[str, Any]) -> dict[str, Any]:
    """A section such as the executive summary has no number, and `number: ""` says so."""
    sections = raw.get("sections")
    if isinstance(sections, list):
        for section in sections:
            if isinstance(section, dict) and section.get("number") == "":
                section["number"] = None
    return raw


def _put_sections(writer: Writer, outline: ReportOutline, rows_read: list[Row], sections: list[dict[str, Any]]) -> None:
    slugs = [row["slug"] for row in rows_read]
    for index, slug_ in enumerate(slugs):
        if slug_ in slugs[:index]:
            writer.problems.add(rows_read[index].at("slug"), f'"{slug_}" is already the slug of another section.')
    writer.problems.stop_if_any()
    stored = list(outline.sections.order_by("order"))
    if [section.slug for section in stored] != slugs:
        # Orders are unique: sections that move would collide on the way, and nothing refers to a section.
        writer.keep_only(outline.sections.all(), [])
    for order, (row, values) in enumerate(zip(rows_read, sections, strict=True), start=1):
        writer.put(OutlineSection, row.place, {"outline": outline, "slug": row["slug"]}, {**values, "order": order})


def _section(row: Row, path: Path, problems: Problems) -> dict[str, Any]:
    points = _list(row["key_points"], row.at("key_points"), problems)
    blocks = _list(row["blocks"], row.at("blocks"), problems)
    return {
        "number": row["number"],
        "title": row["title"],
        "guidance": row["guidance"],
        "word_limit": row["word_limit"],
        "key_points": [
            _key_point(point, f"{row.at('key_points')}[{index}]", problems) for index, point in enumerate(points)
        ],
        "blocks": [_block(block, f"{row.at('blocks')}[{index}]", path, problems) for index, block in enumerate(blocks)],
    }


def _list(raw: object, place: str, problems: Problems) -> list[Any]:
    if raw is None:
        return []
    if not isinstance(raw, list):
        problems.add(place, "is not a list. Begin each row with a dash.")
        return []
    return raw


def _layers(place: str, values: dict[str, Any], problems: Problems) -> None:
    for index, layer in enumerate(values.get("layers") or []):
        if layer not in Layer.values:
            problems.add(f"{place}.layers[{index}]", f"'{layer}' is not one of: {', '.join(Layer.values)}.")


def _key_point(raw: object, place: str, problems: Problems) -> Any:
    if isinstance(raw, str):
        return raw
    row = read_row(raw, {"text": text(), "layers": references()}, place, problems)
    _layers(place, row, problems)
    return {"text": row["text"], **({"layers": row["layers"]} if row["layers"] else {})}


def _block(raw: object, place: str, path: Path, problems: Problems) -> dict[str, Any]:
    kind = raw.get("kind") if isinstance(raw, dict) else None
    if kind not in BLOCKS:
        read_row(raw, {"kind": choice(list(BLOCKS)), **_anything(raw)}, place, problems)
        return {}
    row = read_row(raw, _block_fields(kind), place, problems)
    _layers(place, row, problems)
    block = {name: value for name, value in row.items() if value not in (None, "", [])}
    if kind == "prose":
        _read_prose(block, place, path, problems)
    return block


def _anything(raw: object) -> dict[str, Spec]:
    return {str(name): anything() for name in raw if name != "kind"} if isinstance(raw, dict) else {}


def _block_fields(kind: str) -> Fields:
    fields: dict[str, Spec] = {"kind": text(), "layers": references()}
    for name, is_required in BLOCKS[kind].items():
        if name == "keys":
            fields[name] = references()
        elif name == "params":
            fields[name] = anything()
        else:
            fields[name] = text(optional=not is_required)
    return fields


def _read_prose(block: dict[str, Any], place: str, path: Path, problems: Problems) -> None:
    """The words may stand in a file of their own, beside the outline."""
    name = block.pop("text_file", None)
    if (name is None) == ("text" not in block):
        problems.add(place, "a prose block takes either text or text_file.")
        return
    if name is None:
        return
    file = (path.parent / name).resolve()
    if not file.is_relative_to(path.parent.resolve()):
        problems.add(f"{place}.text_file", f'"{name}" lies outside the folder of the outline. Move it inside.')
        return
    try:
        block["text"] = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        problems.add(f"{place}.text_file", f'the file "{name}" does not exist beside the outline or is not UTF-8.')
