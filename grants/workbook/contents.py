"""What a workbook says, gathered before a cell of it is written."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from grants.questionnaire import Box


@dataclass(frozen=True, slots=True)
class Beside:
    """What is printed beside a box: last quarter, this year before this quarter, the target or the plan."""

    last: str = ""
    year_before: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something to put right, or to look at. ``box`` is '' for the return as a whole."""

    box: str
    found: str
    message: str
    is_error: bool = True


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything a workbook says. ``typed`` and ``beside`` by box name; ``versions`` of the drafts it starts from."""

    unit: str
    grant_ref: str
    grant_title: str
    organisation: str
    quarter: str
    quarter_key: str
    due_on: datetime.date
    manager: str
    is_illustrative: bool
    questionnaire: int | None
    made_at: datetime.datetime
    boxes: list[Box]
    typed: Mapping[str, str]
    beside: Mapping[str, Beside] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)
    marks: Sequence[Mark] = ()
