"""Reading the forms and the workbook of an outline: a funder's tables, bands and sheets as data.

docs/funder-forms.md describes the format. Everything that can be wrong with a form is found here, so that a report is
never begun with one that cannot be made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from evaluation.figures.family import RolledFamily
from evaluation.figures.key import FigureError, FigureKey
from evaluation.figures.registry import family_of
from evaluation.reports.forms.definition import BANDS, BY, DIMENSION, FIGURES, PARAMETERS, RECORDS
from evaluation.reports.forms.grid import BREAKDOWN, NEW
from evaluation.reports.forms.period import THIS, TO_DATE, WORDS, YEAR, ReportPeriod
from evaluation.reports.tokens import TEXTS
from programmes.loading.problems import Problems, near_match
from programmes.loading.schema import (
    Fields,
    Row,
    choice,
    flag,
    mapping,
    read_row,
    references,
    rows,
    slug,
    text,
)
from programmes.models import Category, Dimension
from vru.lib.narrative import find_tokens
from vru.lib.periods import FinancialYear

BAND: Fields = {"label": text(120), "categories": references()}
ITEM: Fields = {"label": text(200), "figure": text(200)}
ROWS: Fields = {
    "by": choice(list(BY)),
    "head": text(100, optional=True),
    "dimension": slug(40, optional=True),
    "bands": rows(BAND),
    "rest": text(120, optional=True),
    "items": rows(ITEM),
    "then": choice(list(PARAMETERS), optional=True, default=""),
    "due": choice([THIS, TO_DATE, YEAR], optional=True, default=""),
}
COLUMN: Fields = {
    "label": text(120),
    "id": slug(40, optional=True),
    "figure": text(200, optional=True),
    "period": choice(list(WORDS), optional=True, default=YEAR),
    "field": slug(40, optional=True),
    "share": references(),
    "total": text(200, optional=True),
}
FORM: Fields = {
    "title": text(200),
    "rows": mapping(ROWS),
    "columns": rows(COLUMN, optional=False),
    "total": text(120, optional=True),
    "note": text(600, optional=True),
    "sources": choice(["all"], optional=True, default=""),
    "keep_empty": flag(),
}
FACT: Fields = {"label": text(200), "text": text(600)}
ANSWER: Fields = {"label": text(300), "section": slug(60)}
SHEET: Fields = {
    "sheet": text(31),
    "title": text(200),
    "note": text(600, optional=True),
    "facts": rows(FACT),
    "forms": references(),
    "answers": rows(ANSWER),
}
_HEADS = {
    FIGURES: "Measure",
    "programme": "Intervention",
    "objective": "Objective",
    "theme": "Theme",
    "source": "Source",
    "area": "Area",
    "heading": "Cost heading",
    "quarter": "Quarter",
    "month": "Month",
}
_LONGEST_NAME = 60


def read_forms(raw: object, every: str, problems: Problems) -> dict[str, Any]:
    """Forms by name, as they are stored. ``every`` is the outline's: how often the report is made."""
    if raw is None:
        return {}
    if not isinstance(raw, Mapping):
        problems.add("forms", "is not a set of forms by name.")
        return {}
    found = {}
    for name, form in raw.items():
        place = f"forms.{name}"
        if not isinstance(name, str) or not name.replace("-", "").isalnum() or len(name) > _LONGEST_NAME:
            problems.add(place, "is no name for a form. Use letters, digits and hyphens.")
            continue
        found[name] = _form(read_row(form, FORM, place, problems), every, problems)
    return found


def read_workbook(raw: object, forms: Mapping[str, Any], sections: Iterable[str], problems: Problems) -> list[Any]:
    """The sheets in the funder's order, as they are stored."""
    if raw is None:
        return []
    slugs = list(sections)
    sheets: list[Row] = rows(SHEET).read(raw, "workbook", problems)
    for sheet in sheets:
        for index, name in enumerate(sheet["forms"]):
            if name not in forms:
                problems.add(f"{sheet.at('forms')}[{index}]", f'there is no form "{name}".{near_match(name, forms)}')
        for answer in sheet["answers"]:
            if answer["section"] not in slugs:
                hint = near_match(answer["section"], slugs)
                problems.add(answer.at("section"), f'there is no section "{answer["section"]}".{hint}')
        _check_texts([(fact.at("text"), fact["text"]) for fact in sheet["facts"]], problems)
        if not (sheet["facts"] or sheet["forms"] or sheet["answers"]):
            problems.add(sheet.place, "holds nothing. Give it facts, forms or answers.")
    return [_plain(sheet) for sheet in sheets]


def _form(row: Row, every: str, problems: Problems) -> dict[str, Any]:
    rows_read = row["rows"]
    if not problems.found:
        _check_rows(rows_read, problems)
        _check_columns(row, every, problems)
        _check_labels(row, problems)
    made = _plain(row)
    made["head"] = made["rows"].pop("head", "") or _head(rows_read)
    return made


def _head(rows_read: Mapping[str, Any]) -> str:
    dimension = rows_read.get("dimension")
    if dimension:
        found = Dimension.objects.filter(slug=dimension).first()
        return found.title if found else str(dimension)
    return _HEADS.get(rows_read.get("by") or "", "")


def _plain(value: Any) -> Any:
    """As stored: without keys that say nothing."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items() if each not in (None, "", [], False)}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _check_rows(row: Row, problems: Problems) -> None:
    by = row["by"]
    if by in (DIMENSION, BANDS):
        _check_dimension(row, problems)
    elif row["dimension"] or row["bands"]:
        problems.add(row.place, f"rows by {by} take neither a dimension nor bands.")
    if (by == FIGURES) != bool(row["items"]):
        problems.add(row.at("items"), "are the rows of a form by figures, and of no other.")
    if row["then"] and by not in PARAMETERS:
        problems.add(row.at("then"), f"rows by {by} cannot be divided further.")
    if row["due"] and by != "milestones":
        problems.add(row.at("due"), "belongs to milestones only.")


def _check_dimension(row: Row, problems: Problems) -> None:
    dimension = Dimension.objects.exclude(slug=Dimension.TOTAL).filter(slug=row["dimension"]).first()
    if dimension is None:
        known = list(Dimension.objects.exclude(slug=Dimension.TOTAL).values_list("slug", flat=True))
        problems.add(
            row.at("dimension"), f'there is no dimension "{row["dimension"]}".{near_match(row["dimension"], known)}'
        )
        return
    if (row["by"] == BANDS) != bool(row["bands"]):
        problems.add(row.at("bands"), "are the rows of a form by bands, and of no other.")
        return
    known = list(dict.fromkeys(Category.objects.filter(dimension=dimension).values_list("slug", flat=True)))
    placed: dict[str, str] = {}
    for band in row["bands"]:
        if not band["categories"]:
            problems.add(band.at("categories"), "name no category.")
        for index, each in enumerate(band["categories"]):
            place = f"{band.at('categories')}[{index}]"
            if each not in known:
                problems.add(place, f'there is no category "{each}" of {dimension}.{near_match(each, known)}')
            elif each in placed:
                problems.add(place, f'"{each}" stands in the band "{placed[each]}" already: it would be counted twice.')
            placed.setdefault(each, band["label"])
    left = [each for each in known if each not in placed]
    if row["bands"] and left and not row["rest"]:
        problems.add(row.at("rest"), f"is missing: say under which label {', '.join(left)} stand.")


def _check_columns(row: Row, every: str, problems: Problems) -> None:
    by, ids = row["rows"]["by"], [column["id"] for column in row["columns"] if column["id"]]
    for column in row["columns"]:
        if by in RECORDS:
            if column["field"] not in RECORDS[by]:
                known = RECORDS[by]
                problems.add(
                    column.at("field"), f"is not one of: {', '.join(known)}.{near_match(column['field'], known)}"
                )
        elif column["share"]:
            _check_share(column, ids, problems)
        elif by == FIGURES:
            if column["figure"]:
                problems.add(column.at("figure"), "stands in the rows already, because they are by figures.")
        elif not column["figure"]:
            problems.add(column.at("figure"), "is missing. Name a figure, or a share of two columns.")
        else:
            _check_figure(column["figure"], column.at("figure"), _added(row["rows"]), problems)
            _check_time(column["figure"], column["period"], every, column.at("period"), problems)
        if column["total"]:
            _check_figure(column["total"], column.at("total"), (), problems)
    for item in row["rows"]["items"]:
        _check_figure(item["figure"], item.at("figure"), (), problems)
        for column in row["columns"]:
            if not column["share"]:
                _check_time(item["figure"], column["period"], every, item.at("figure"), problems)


def _added(rows_read: Mapping[str, Any]) -> tuple[str, ...]:
    """The parameters that rows add to the key of a figure."""
    if rows_read["by"] in (DIMENSION, BANDS):
        return (DIMENSION,)
    return tuple(PARAMETERS[each] for each in (rows_read["by"], rows_read["then"]) if each)


def _check_share(column: Row, ids: list[str], problems: Problems) -> None:
    if len(column["share"]) != 2:
        problems.add(column.at("share"), "takes two columns by their ids: the part and the whole.")
    for each in column["share"]:
        if each not in ids:
            problems.add(column.at("share"), f'there is no column with the id "{each}".{near_match(each, ids)}')


def _check_figure(figure: str, place: str, added: tuple[str, ...], problems: Problems) -> None:
    try:
        key = FigureKey.parse(figure)
        family = family_of(key)
    except (FigureError, ValueError) as error:
        problems.add(place, str(error))
        return
    if added == (DIMENSION,):
        if key.name not in (NEW, BREAKDOWN) or DIMENSION in key.names:
            problems.add(place, f"only {NEW} is counted by a dimension.")
        return
    parameters = family.parameters if isinstance(family, RolledFamily) else ()
    for name in added:
        if name not in parameters:
            problems.add(place, f"the figure {family.name} is not divided by {name}.")


def _check_time(figure: str, word: str, every: str, place: str, problems: Problems) -> None:
    period = {"year": "", "quarter": "Q4", "month": "M12"}[every]
    try:
        ReportPeriod(FinancialYear(2020), period).spot(family_of(FigureKey.parse(figure)), word)
    except ValueError as error:
        problems.add(place, str(error))


def _check_labels(row: Row, problems: Problems) -> None:
    """Labels may name the time and the unit, and nothing else: figures stand in cells."""
    said = [(row.at("title"), row["title"]), (row.at("total"), row["total"])]
    said += [(column.at("label"), column["label"]) for column in row["columns"]]
    said += [(each.at("label"), each["label"]) for each in (*row["rows"]["bands"], *row["rows"]["items"])]
    _check_texts(said, problems)


def _check_texts(said: Iterable[tuple[str, str]], problems: Problems) -> None:
    for place, words in said:
        for token in find_tokens(words or ""):
            if token.body not in TEXTS:
                problems.add(place, f'"{token.body}" is not a text that may be named here. Known: {", ".join(TEXTS)}.')
