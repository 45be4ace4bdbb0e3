"""Having an uploaded workbook read by a process of its own, and knowing whether it is this return's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from grants.workbook.reader import Found
from grants.workbook.refusals import FileRefused, refusal_of
from grants.workbook.shape import READABLE_VERSIONS, Limits
from vru.lib.tables.limits import read_in_limits
from vru.lib.tables.refusals import Unreadable

READER = "grants.workbook.reader"


@dataclass(frozen=True, slots=True)
class Workbook:
    """What a file said. ``about`` is its hidden sheet; ``peak_kib`` what reading it took."""

    about: Mapping[str, str]
    cells: list[Found]
    peak_kib: int = 0

    @property
    def versions(self) -> dict[str, int]:
        """The drafts' versions when the workbook was downloaded; empty when the hidden sheet was tampered with."""
        try:
            said = json.loads(self.about.get("versions", "{}"))
        except ValueError:
            return {}
        return {str(key): value for key, value in said.items() if isinstance(value, int)} if _is_map(said) else {}


@dataclass(slots=True)
class Answers:
    """The cells of the boxes that are asked. ``unsure`` maps a box to the code of why its cell was not read."""

    texts: dict[str, str] = field(default_factory=dict)
    places: dict[str, Found] = field(default_factory=dict)
    unsure: dict[str, str] = field(default_factory=dict)
    strangers: list[Found] = field(default_factory=list)


def read_file(data: bytes, limits: Limits | None = None) -> Workbook:
    """Read a workbook in a limited process. Raises FileRefused; never anything else, whatever the bytes are."""
    try:
        said = read_in_limits(READER, data, limits or Limits())
    except Unreadable as error:
        raise refusal_of(error) from error
    if refused := said.get("refused"):
        raise _Said(refused["code"], refused["message"])
    return Workbook(said["about"], [Found(**cell) for cell in said["cells"]], said.get("peak_kib", 0))


class _Said(FileRefused):
    """A refusal whose sentence the reader has already written."""

    def __init__(self, code: str, message: str) -> None:
        Exception.__init__(self, message)
        self.code = code


def check_about(about: Mapping[str, str], *, grant: str, quarter: str) -> None:
    """Raises FileRefused for a form that is too old, or made for another return. ``quarter`` is a key, "2020-21Q3"."""
    template = about.get("template", "")
    if template not in {str(version) for version in READABLE_VERSIONS}:
        raise FileRefused("F116", found=f"version {template[:20]}" if template else "without a version")
    if about.get("grant") != grant:
        raise FileRefused("F114", found=about.get("grant", "")[:40] or "(none)", wanted=grant)
    if about.get("quarter") != quarter:
        raise FileRefused("F115", found=about.get("quarter", "")[:20] or "(no quarter)", wanted=quarter)


def gather(cells: list[Found], asked: set[str]) -> Answers:
    """One text for each box: parts joined in order, twins compared, cells that cannot be relied on set apart."""
    answers = Answers()
    parts: dict[str, dict[int, Found]] = {}
    for cell in cells:
        if cell.name not in asked:
            answers.strangers.append(cell)
            continue
        answers.places.setdefault(cell.name, cell)
        earlier = parts.setdefault(cell.name, {}).setdefault(cell.part, cell)
        if earlier.text != cell.text:
            answers.unsure[cell.name] = "F204"
        if cell.problem:
            answers.unsure[cell.name] = cell.problem
            answers.places[cell.name] = cell
    for name, inside in parts.items():
        if name not in answers.unsure:
            answers.texts[name] = "".join(inside[part].text for part in sorted(inside))
    return answers


def _is_map(said: object) -> bool:
    return isinstance(said, dict)
