"""A form's definition, as `loading.forms` stores it: what stands in the rows, and what each column asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evaluation.reports.forms.period import YEAR

FIGURES, DIMENSION, BANDS = "figures", "dimension", "bands"
# Rows that are the values of one parameter of the figures asked for.
PARAMETERS = {
    "programme": "programme",
    "objective": "objective",
    "theme": "theme",
    "source": "source",
    "area": "borough",
    "heading": "heading",
    "quarter": "quarter",
    "month": "month",
}
# Rows that are records, and the fields of each that a column may show.
RECORDS: dict[str, tuple[str, ...]] = {
    "milestones": ("programme", "grant", "title", "due", "status", "reported"),
    "risks": ("programme", "title", "description", "likelihood", "impact", "score", "response", "action", "review"),
}
BY = (FIGURES, DIMENSION, BANDS, *PARAMETERS, *RECORDS)


@dataclass(frozen=True, slots=True)
class Band:
    """Several categories of a dimension under one label."""

    label: str
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormRows:
    """``items`` are (label, figure) of rows that are figures; ``then`` divides each row further; ``rest`` heads what is
    in no band.
    """

    by: str
    dimension: str = ""
    bands: tuple[Band, ...] = ()
    rest: str = ""
    items: tuple[tuple[str, str], ...] = ()
    then: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True)
class FormColumn:
    """One of: a figure at a time, a field of a record, or one column as a percentage of another (by their ids)."""

    label: str
    figure: str = ""
    period: str = YEAR
    field: str = ""
    share: tuple[str, str] | None = None
    id: str = ""
    total: str = ""


@dataclass(frozen=True, slots=True)
class FormDefinition:
    """One table of a form. ``sources_apply`` says that it is limited to the sources the funder is told about."""

    name: str
    title: str
    head: str
    rows: FormRows
    columns: tuple[FormColumn, ...]
    total: str = ""
    note: str = ""
    sources_apply: bool = True
    keeps_empty: bool = False

    @classmethod
    def read(cls, name: str, data: Mapping[str, Any]) -> FormDefinition:
        """From the stored JSON. Raises KeyError for a definition that the loader would not have stored."""
        rows = data["rows"]
        return cls(
            name=name,
            title=data["title"],
            head=data["head"],
            rows=FormRows(
                by=rows["by"],
                dimension=rows.get("dimension", ""),
                bands=tuple(Band(each["label"], tuple(each["categories"])) for each in rows.get("bands", ())),
                rest=rows.get("rest", ""),
                items=tuple((each["label"], each["figure"]) for each in rows.get("items", ())),
                then=rows.get("then", ""),
                due=rows.get("due", ""),
            ),
            columns=tuple(
                FormColumn(**{**each, "share": tuple(each["share"]) if each.get("share") else None})
                for each in data["columns"]
            ),
            total=data.get("total", ""),
            note=data.get("note", ""),
            sources_apply=data.get("sources") != "all",
            keeps_empty=data.get("keep_empty", False),
        )
