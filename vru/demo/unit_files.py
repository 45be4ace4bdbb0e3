"""Loading the files of one unit together: strategy, outline and questions, all or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from evaluation.loading.outline import FORMAT, load_outline
from evaluation.loading.published import load_funding_sources
from grants.loading.payment_layouts import load_payment_layouts
from grants.loading.questions import load_questions
from programmes.loading.problems import Problems
from programmes.loading.schema import Row
from programmes.loading.strategy import load_strategy, read_strategy_file
from programmes.loading.upsert import Writer
from programmes.loading.versions import link_programmes

PRODUCT_QUESTIONS = settings.BASE_DIR / "demo" / "questions.yaml"
LAYOUTS = "payment-layouts.yaml"


@dataclass(frozen=True)
class Loaded:
    """What loading did, per file; which programmes the workplan names that are not there yet; and what became of the
    data issues of each layer.
    """

    files: dict[str, Writer]
    missing_programmes: tuple[str, ...] = ()
    issues: dict[str, dict[str, int]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "files": {name: writer.as_json() for name, writer in self.files.items()},
            "missing_programmes": list(self.missing_programmes),
            "data_issues": self.issues,
        }

    def sentence(self) -> str:
        totals = {
            word: _total(getattr(writer, word) for writer in self.files.values())
            for word in ("created", "changed", "unchanged", "removed")
        }
        return f"Loaded {', '.join(self.files)}: " + ", ".join(f"{n} {word}" for word, n in totals.items()) + "."


def _total(counters: Iterable[Any]) -> int:
    return sum(counter.total() for counter in counters)


@transaction.atomic
def load_unit(path: Path) -> Loaded:
    """The strategy file with its questions and outlines. Raises LoadError; nothing is stored then.

    ``questions`` and ``outline`` in the file name files beside it. Left out, questions.yaml and outline.yaml are
    taken when they are there, and every other kind of report that stands beside them; without questions or payment
    layouts of its own a unit uses those that come with the product.
    """
    row = read_strategy_file(path)
    files = {path.name: load_strategy(path)}
    questions = beside(path, row, "questions", "questions.yaml") or PRODUCT_QUESTIONS
    files[questions.name] = load_questions(questions)
    own_layouts = path.parent / LAYOUTS
    files[LAYOUTS] = load_payment_layouts(own_layouts if own_layouts.is_file() else PRODUCT_QUESTIONS.parent / LAYOUTS)
    # A funder's form names the sources that it is told about.
    load_funding_sources(path.parent)
    outline = beside(path, row, "outline", "outline.yaml")
    if outline is not None:
        files[outline.name] = load_outline(outline)
    for other in _other_outlines(path.parent, outline):
        files[other.name] = load_outline(other)
    missing = link_programmes(files[path.name], row["strategy"])
    return Loaded(files, tuple(missing))


def _other_outlines(folder: Path, first: Path | None) -> list[Path]:
    """Files that say in their first line of content that they are an outline."""
    return [path for path in sorted(folder.glob("*.yaml")) if path != first and _is_outline(path)]


def _is_outline(path: Path) -> bool:
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.strip() and not line.startswith(("#", "---")):
            return line.partition(":")[0] == "format" and line.partition(":")[2].strip().strip("\"'") == FORMAT
    return False


def beside(path: Path, row: Row, key: str, usual_name: str) -> Path | None:
    """The file that ``row[key]`` names in the strategy file's folder. Raises LoadError when a named one is missing."""
    file = path.parent / (row[key] or usual_name)
    if file.is_file():
        return file
    if row[key]:
        problems = Problems(path)
        problems.add(key, f'the file "{row[key]}" does not exist beside this one.')
        problems.stop_if_any()
    return None
