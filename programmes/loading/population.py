"""Estimates of how many people live in each area: read, checked row by row, stored all or not at all."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from programmes.loading.problems import Problems, near_match
from programmes.models import Area, AreaPopulation
from vru.lib.layers import Layer
from vru.lib.numbers import NumberKind, NumberProblem, read_number
from vru.lib.tables import CellProblem, Row, TableRefused, match_columns, read_table

COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("code", "area code", "gss code"),
    "year": ("year",),
    "youngest": ("youngest", "youngest age", "age from"),
    "oldest": ("oldest", "oldest age", "age to"),
    "people": ("people", "population"),
    "source": ("source",),
}
EARLIEST, LATEST, OLDEST_AGE, MOST_PEOPLE, LONGEST_SOURCE = 1981, 2100, 130, 100_000_000, 200
Key = tuple[int, int, int, int]


def load_population(file: Path, *, layer: str = Layer.RECORDED) -> dict[str, int]:
    """How many rows were ``created``, ``changed`` and ``unchanged``. A row is known by area, year, ages and layer.

    Raises LoadError with every problem of the file, each with its row; then nothing is stored.
    """
    problems = Problems(file.name)
    try:
        sheet = read_table(file.read_bytes(), file.name).first
        headings, rows = sheet.split_at_headings(name for names in COLUMNS.values() for name in names)
    except (OSError, TableRefused) as error:
        problems.add("", str(error))
        problems.stop_if_any()
        raise
    columns = match_columns(headings.cells, COLUMNS)
    missing = [name for name in COLUMNS if name not in columns]
    if missing:
        problems.add(f"row {headings.number}", f"The columns {', '.join(missing)} are missing.")
    problems.stop_if_any()
    doubtful = {(problem.row, problem.column): problem for problem in sheet.problems}
    areas = {area.code: area for area in Area.objects.places()}
    read: dict[Key, AreaPopulation] = {}
    for row in rows:
        _read_row(row, columns, doubtful, areas, layer, read, problems)
    problems.stop_if_any()
    return _store(read)


def _read_row(
    row: Row,
    columns: dict[str, int],
    doubtful: dict[tuple[int, int], CellProblem],
    areas: dict[str, Area],
    layer: str,
    read: dict[Key, AreaPopulation],
    problems: Problems,
) -> None:
    before = len(problems.found)
    place = f"row {row.number}"
    typed = {name: row.cell(index).strip() for name, index in columns.items()}
    for name, index in columns.items():
        if (row.number, index) in doubtful:
            problems.add(f"{place}, {name}", doubtful[row.number, index].message)
    area = areas.get(typed["code"].upper())
    if area is None:
        problems.add(f"{place}, code", f'There is no area "{typed["code"]}".{near_match(typed["code"], areas)}')
    year = _whole(typed["year"], f"{place}, year", EARLIEST, LATEST, problems)
    youngest = _whole(typed["youngest"], f"{place}, youngest", 0, OLDEST_AGE, problems)
    oldest = _whole(typed["oldest"], f"{place}, oldest", 0, OLDEST_AGE, problems)
    people = _whole(typed["people"], f"{place}, people", 0, MOST_PEOPLE, problems)
    if not typed["source"] or len(typed["source"]) > LONGEST_SOURCE:
        problems.add(f"{place}, source", f"Say who published it, in at most {LONGEST_SOURCE} characters.")
    if youngest is not None and oldest is not None and oldest < youngest:
        problems.add(f"{place}, oldest", f"The oldest age, {oldest}, is below the youngest, {youngest}.")
    if len(problems.found) > before or area is None:
        return
    key = (area.pk, int(year or 0), int(youngest or 0), int(oldest or 0))
    if key in read:
        problems.add(place, "An earlier row has the same area, year and ages.")
    read[key] = AreaPopulation(
        area=area,
        year=key[1],
        layer=layer,
        youngest_age=key[2],
        oldest_age=key[3],
        people=int(people or 0),
        source=typed["source"],
    )


def _whole(text: str, place: str, least: int, most: int, problems: Problems) -> int | None:
    try:
        value = read_number(text, kind=NumberKind.PEOPLE).value
    except NumberProblem as problem:
        problems.add(place, str(problem))
        return None
    if value is None or not least <= value <= most:
        problems.add(place, f'"{text}" is not a whole number from {least} to {most:,}.')
        return None
    return int(value)


@transaction.atomic
def _store(read: dict[Key, AreaPopulation]) -> dict[str, int]:
    counts = {"created": 0, "changed": 0, "unchanged": 0}
    for row in read.values():
        key = {name: getattr(row, name) for name in ("area", "year", "layer", "youngest_age", "oldest_age")}
        kept = AreaPopulation.objects.select_for_update(of=("self",)).filter(**key).first()
        if kept is None:
            row.save()
            counts["created"] += 1
        elif (kept.people, kept.source) != (row.people, row.source):
            kept.people, kept.source = row.people, row.source
            kept.save(update_fields=["people", "source"])
            counts["changed"] += 1
        else:
            counts["unchanged"] += 1
    return counts
