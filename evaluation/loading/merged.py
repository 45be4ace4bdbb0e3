"""Several files of published facts read as one, while every problem still names its own file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evaluation.loading.published_schema import PUBLISHED_FILE
from evaluation.models import StatedValue
from programmes.loading.problems import LoadError, Problems
from programmes.loading.schema import Row, read_row
from programmes.loading.upsert import Writer
from programmes.loading.yaml_file import read_yaml
from programmes.models import SourceDocument


@dataclass(frozen=True)
class PublishedFile:
    row: Row
    problems: Problems


class Merged:
    """The rows of all files by kind. ``values`` maps "STATEMENT.key" to what is stored, once statements are."""

    def __init__(self, paths: list[Path]) -> None:
        self.files: list[PublishedFile] = []
        for path in paths:
            problems = Problems(path)
            self.files.append(PublishedFile(read_row(read_yaml(path), PUBLISHED_FILE, "", problems), problems))
        self.writer = Writer(self.files[0].problems)
        self.documents = {document.key: document for document in SourceDocument.objects.all()}
        self.values: dict[str, StatedValue] = {}
        self._problems = {
            id(row): file.problems for file in self.files for rows in file.row.values() for row in _rows(rows)
        }
        layers = {file.row["layer"] for file in self.files}
        if len(layers) > 1:
            self.files[0].problems.add("layer", f"the files of a folder name several layers: {', '.join(layers)}.")
        self.layer = self.files[0].row["layer"]

    def rows(self, kind: str) -> Iterator[Row]:
        """Rows of one kind over all files. While one is in hand, the writer's problems go to its own file."""
        for file in self.files:
            self.writer.problems = file.problems
            yield from file.row[kind]

    def once_each(self, kind: str, key: str) -> Iterator[Row]:
        """As ``rows``; a key that an earlier row took, in whichever file, is a problem."""
        seen: set[str] = set()
        for row in self.rows(kind):
            if row[key] in seen:
                self.writer.problems.add(row.at(key), f'"{row[key]}" is already used by another row.')
                continue
            seen.add(row[key])
            yield row

    def resume(self, row: Row) -> Row:
        """Let the writer's problems go to the file of ``row``, for rows that are taken out of their order."""
        self.writer.problems = self._problems[id(row)]
        return row

    def document(self, row: Row, key: str = "source") -> SourceDocument | None:
        return self.writer.find(self.documents, row[key], row.at(key), "source")

    def value(self, name: str | None, place: str) -> StatedValue | None:
        return self.writer.find(self.values, name, place, "stated value")

    def stop_if_any(self) -> None:
        """Raises LoadError with the problems of all files."""
        if any(file.problems.found for file in self.files):
            raise LoadError.of(file.problems for file in self.files)


def _rows(value: object) -> list[Row]:
    return [each for each in value if isinstance(each, Row)] if isinstance(value, list) else []
