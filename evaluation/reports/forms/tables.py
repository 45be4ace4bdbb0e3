"""A form's grid, filled with protected figures, as a table like every other of the report."""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.figures.figure import GBP, PERCENT, Figure
from evaluation.reports.forms.definition import RECORDS, FormDefinition
from evaluation.reports.forms.grid import Asked, FormSetting, Grid, Line, grid_of
from evaluation.reports.material import Figures
from evaluation.reports.tables.model import HIDDEN, Cell, Column, Kind, Row, TableData, figure_cell, share
from evaluation.reports.tables.people import GROSS_NOTE, HIDDEN_NOTE

QUARTERLY_NOTE = (
    "People and spend are counted by quarter: the latest quarter that had ended is shown, never a part of one."
)
_EMPTY = {
    "milestones": "no milestone of a grant falls due in the period",
    "risks": "no open risk is recorded",
}


def form_table(definition: FormDefinition, setting: FormSetting, figures: Figures) -> TableData:
    """Raises FigureError and ValueError as `grid_of`."""
    grid = grid_of(definition, setting)
    lines = [line for line in grid.lines if definition.keeps_empty or _says_anything(line, figures)]
    if not any(not line.emphasis for line in lines):
        lines = []
    rows = tuple(Row(line.header, _filled(line, figures), line.emphasis) for line in lines)
    columns = (Column(grid.head), *(Column(label, kind) for label, kind in zip(grid.labels, _kinds(grid), strict=True)))
    printed = [figures.get(cell.key) for line in lines for cell in line.cells if cell.key]
    notes = _notes(definition, setting, grid, lines, figures) if rows else ()
    sources = _sources(printed)
    empty = _EMPTY.get(definition.rows.by, "no approved return and no payment says anything about it yet")
    return TableData(columns, rows, notes, sources if rows else (), empty)


def _says_anything(line: Line, figures: Figures) -> bool:
    if any(cell.text for cell in line.cells):
        return True
    return any(_is_said(figures.get(cell.key)) for cell in line.cells if cell.key)


def _is_said(figure: Figure | None) -> bool:
    """A nought that a return states is said; one that only means that no row of a register was found is not."""
    if figure is None:
        return False
    return figure.display == HIDDEN or bool(figure.value) or (figure.has_value and bool(figure.returns_received))


def _filled(line: Line, figures: Figures) -> tuple[Cell, ...]:
    made = [_cell(asked, figures) for asked in line.cells]
    return tuple(
        _share(made[asked.share[0]], made[asked.share[1]]) if asked.share is not None else cell
        for asked, cell in zip(line.cells, made, strict=True)
    )


def _cell(asked: Asked, figures: Figures) -> Cell:
    return figure_cell(figures.get(asked.key), short=False) if asked.key else Cell(asked.text or "–")


def _share(part: Cell, whole: Cell) -> Cell:
    # The percentage of a hidden count would give it away.
    return Cell(HIDDEN) if HIDDEN in (part.text, whole.text) else share(part.value, whole.value)


def _kinds(grid: Grid) -> list[Kind]:
    return [_kind(unit, [line.cells[place] for line in grid.lines]) for place, unit in enumerate(grid.units)]


def _kind(unit: str, cells: Sequence[Asked]) -> Kind:
    if unit == "mixed":
        return "number"
    if not unit:
        numeric = [cell.text for cell in cells if cell.text]
        return "count" if numeric and all(text.isdigit() for text in numeric) else "text"
    found: dict[str, Kind] = {GBP: "money", PERCENT: "percent"}
    return found.get(unit, "count")


def _notes(
    definition: FormDefinition, setting: FormSetting, grid: Grid, lines: Sequence[Line], figures: Figures
) -> tuple[str, ...]:
    printed = [found for line in lines for cell in line.cells if cell.key and (found := figures.get(cell.key))]
    people = [each for each in printed if each.key.startswith("reach.") and not each.key.startswith("reach.target")]
    notes = [definition.note] if definition.note else []
    notes += _bases(grid, lines, figures)
    if grid.marks:
        notes.append(QUARTERLY_NOTE)
    if definition.sources_apply and setting.sources and definition.rows.by not in RECORDS:
        notes.append(_of_sources(setting, printed, bool(people)))
    if any(each.basis == "computed" for each in people):
        notes.append(GROSS_NOTE)
    if any(each.display == HIDDEN for each in printed):
        notes.append(HIDDEN_NOTE)
    return tuple(notes)


def _bases(grid: Grid, lines: Sequence[Line], figures: Figures) -> list[str]:
    """On how many returns each column rests, of the total where there is one: "This quarter: from 139 of 208."."""
    told = next((line for line in lines if line.emphasis), lines[0] if lines else None)
    found: dict[str, list[str]] = {}
    for label, cell in zip(grid.labels, told.cells if told else (), strict=bool(told)):
        figure = figures.get(cell.key) if cell.key else None
        if figure is not None and figure.returns_expected is not None:
            basis = f"from {figure.returns_received or 0:,} of {figure.returns_expected:,} returns"
            found.setdefault(basis, []).append(label)
    if len(found) == 1:
        return [f"{basis[0].upper()}{basis[1:]}." for basis in found]
    return ["; ".join(f"{' and '.join(labels)}: {basis}" for basis, labels in found.items()) + "."] if found else []


def _of_sources(setting: FormSetting, printed: Sequence[Figure], any_people: bool) -> str:
    titles = {each["slug"]: each["title"] for each in setting.records["funding_sources"]}
    named = " and ".join(titles.get(slug, slug) for slug in setting.sources)
    limited = [each for each in printed if "source=" in each.key]
    if not limited:
        return f"Of the whole unit, whoever pays: these figures cannot be limited to {named}."
    people = " People are those of every grant that it pays for, wholly or in part." if any_people else ""
    whole = " Figures that no source can be named for are of the whole unit." if len(limited) < len(printed) else ""
    return f"Only what {named} pays for.{people}{whole}"


def _sources(printed: Sequence[Figure | None]) -> tuple[str, ...]:
    found = [source for each in printed if each is not None for source in each.sources]
    if any("approved return" in source for source in found):
        return ("Approved quarterly returns",)
    return tuple(dict.fromkeys(found))[:2]
