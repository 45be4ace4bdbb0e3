"""What the forms of a report need from the database: their records, and the figures that their cells name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from evaluation.figures.computation import Computation
from evaluation.figures.figure import Figure
from evaluation.figures.key import FigureError
from evaluation.figures.registry import computed
from evaluation.models import ReportOutline
from evaluation.reports.content import SectionContent
from evaluation.reports.forms.definition import FormDefinition
from evaluation.reports.forms.grid import Forms, FormSetting, grid_of
from evaluation.reports.forms.period import ReportPeriod
from evaluation.reports.forms.records import form_records
from vru.lib.periods import long_date


def read_forms(
    outline: ReportOutline,
    computation: Computation,
    period: str,
    sections: Iterable[SectionContent],
    records: Mapping[str, Any],
    unit: Callable[[], Mapping[str, Any]],
) -> tuple[Forms, dict[str, Figure]]:
    """The forms that the sections name, and the figures of their cells, not protected yet."""
    scope = computation.scope
    named = {str(block["form"]) for section in sections for block in section.blocks if block.get("kind") == "form"}
    definitions = {
        name: FormDefinition.read(name, outline.forms[name]) for name in sorted(named) if name in outline.forms
    }
    if not definitions and not outline.workbook:
        return Forms(), {}
    about = ReportPeriod(scope.year, period)
    texts = {f"unit.{name}": str(value) for name, value in unit().items()}
    setting = FormSetting(
        period=about,
        sources=tuple(outline.sources),
        records={**records, **form_records(definitions.values(), scope, about, outline.sources)},
        texts={**texts, "year": str(scope.year), "as_at": long_date(scope.as_at), **about.texts},
    )
    found, refused = _figures(computation, definitions, setting)
    return Forms(definitions, setting, tuple(outline.workbook), refused), found


def _figures(
    computation: Computation, definitions: Mapping[str, FormDefinition], setting: FormSetting
) -> tuple[dict[str, Figure], dict[str, str]]:
    """(Figures by key, why a form cannot be made). All forms at once, because they ask for the same slices."""
    keys: dict[str, list[str]] = {}
    refused: dict[str, str] = {}
    for name, definition in definitions.items():
        try:
            keys[name] = grid_of(definition, setting).keys
        except ValueError as error:
            refused[name] = str(error)
    try:
        return computed(computation, [key for each in keys.values() for key in each]), refused
    except FigureError:
        pass  # one of them asks for something that is no more: find out which
    found: dict[str, Figure] = {}
    for name, each in keys.items():
        try:
            found |= computed(computation, each)
        except FigureError as error:
            refused[name] = str(error)
    return found, refused
