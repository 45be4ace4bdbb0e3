"""A form in words: what stands in its rows and columns, for somebody who checks it against the funder's own."""

from __future__ import annotations

from dataclasses import dataclass

from evaluation.figures.key import FigureKey
from evaluation.figures.registry import family_of
from evaluation.reports.forms.definition import BANDS, DIMENSION, FIGURES, RECORDS, FormColumn, FormDefinition
from evaluation.reports.forms.period import PREVIOUS, THIS, TO_DATE

_TIMES = {THIS: "the period", PREVIOUS: "the period before", TO_DATE: "the year to date"}


@dataclass(frozen=True, slots=True)
class DescribedForm:
    """``rows`` are sentences; ``columns`` are (label, what it shows, the key)."""

    name: str
    title: str
    rows: tuple[str, ...]
    columns: tuple[tuple[str, str, str], ...]
    notes: tuple[str, ...]


def described(definition: FormDefinition) -> DescribedForm:
    notes = [definition.note] if definition.note else []
    if not definition.sources_apply:
        notes.append("Of all sources, not only those the funder is told about.")
    return DescribedForm(
        definition.name,
        definition.title,
        tuple(_rows(definition)),
        tuple(_column(definition, each) for each in definition.columns),
        tuple(notes),
    )


def _rows(definition: FormDefinition) -> list[str]:
    rows = definition.rows
    if rows.by == FIGURES:
        made = [f"{label} ({figure})" for label, figure in rows.items]
    elif rows.by == BANDS:
        made = [f"{band.label}: {', '.join(band.categories)}" for band in rows.bands]
        made += [f"{rows.rest}: all other categories of {rows.dimension}"] if rows.rest else []
    elif rows.by == DIMENSION:
        made = [f"Each category of {rows.dimension}"]
    elif rows.by in RECORDS:
        made = [f"Each of the {rows.by}"]
    else:
        made = [f"Each {rows.by}{f', divided by {rows.then}' if rows.then else ''}"]
    return [*made, *([definition.total] if definition.total else [])]


def _column(definition: FormDefinition, column: FormColumn) -> tuple[str, str, str]:
    if column.field:
        return column.label, f"The {column.field}", ""
    if column.share is not None:
        labels = {each.id: each.label for each in definition.columns}
        part, whole = (labels.get(each, each) for each in column.share)
        return column.label, f"“{part}” as a percentage of “{whole}”", ""
    time = _TIMES.get(column.period, "the whole year")
    if not column.figure:
        return column.label, f"The row's figure, of {time}", ""
    return column.label, f"{family_of(FigureKey.parse(column.figure)).title}, of {time}", column.figure
