"""Makes the files of one edition: facts, charts and pages, PDF, annex. The caller keeps or copies them."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from evaluation.actions.issues import refresh_issues
from evaluation.models import EditionFile
from evaluation.reports.annex import annex_xlsx, annex_zip
from evaluation.reports.context import moment, report_html
from evaluation.reports.errors import OutputRefused
from evaluation.reports.facts import Facts, Request, read_facts
from evaluation.reports.imprint import WORKING, Imprint
from vru.lib.pdf import render_pdf

Progress = Callable[[str, int], None]
# (name of the stage in JSON, what people read, percent when it begins)
STAGES = (
    ("facts", "Reading the facts", 2),
    ("pages", "Drawing charts and pages", 25),
    ("pdf", "Making the PDF", 40),
    ("annex", "Writing the data annex", 88),
    ("storing", "Storing the files", 95),
)
NAMES: dict[str, str] = {
    EditionFile.Kind.PDF: "report.pdf",
    EditionFile.Kind.WEB: "report.html",
    EditionFile.Kind.ANNEX_XLSX: "annex.xlsx",
    EditionFile.Kind.ANNEX_ZIP: "annex.zip",
    EditionFile.Kind.SNAPSHOT: "snapshot.json",
}


@dataclass(frozen=True, slots=True)
class BuiltFile:
    kind: str
    path: Path
    sha256: str
    size: int


@dataclass
class Built:
    """Files in the order of `NAMES`; seconds by stage, of which ``render`` is the renderer's part of the PDF stage."""

    facts: Facts
    files: list[BuiltFile] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    pages: int = 0
    missing: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        data = self.facts.data
        return {
            "kind": data["kind"],
            "year": data["year"],
            "layer": data["layer"],
            "as_at": data["as_at"],
            "snapshot_sha256": self.facts.sha256,
            "pages": self.pages,
            "files": [
                {"name": each.path.name, "path": str(each.path), "sha256": each.sha256, "size": each.size}
                for each in self.files
            ],
            "seconds": {name: round(value, 3) for name, value in self.seconds.items()},
            "tokens_without_figure": self.missing,
        }


def build_files(request: Request, folder: Path, progress: Progress | None = None, imprint: Imprint = WORKING) -> Built:
    """All five files in `folder`, whole or not at all each: a file is written beside its name, then renamed.

    Raises ReportError (see `read_facts`), and OutputRefused when the folder cannot be written.
    """
    clock = Clock(progress or (lambda stage, percent: None))
    check_writable(folder)
    with clock.stage("facts"):
        # Outside the reading of facts, which changes nothing. Of everything in hand, not as at the report's day: an
        # earlier day would withdraw what was found since, and with it what was decided about it.
        refresh_issues(year=request.year, layer=request.layer)
        facts = read_facts(request)
    return build_from(facts, imprint, folder, clock)


def build_from(facts: Facts, imprint: Imprint, folder: Path, clock: Clock | None = None) -> Built:
    """The same from facts and imprint alone: nothing is read from the database. Raises OutputRefused."""
    clock = clock or Clock(lambda stage, percent: None)
    check_writable(folder)
    built = Built(facts, seconds=clock.seconds)
    with clock.stage("pages"):
        html, built.missing = report_html(facts, imprint)
    with clock.stage("pdf"):
        data = facts.data
        with _temporary(folder) as temporary:
            report = render_pdf(
                html,
                title=f"{data['title']} {data['year']}",
                author=data["unit"]["name"],
                subject=f"{data['title']} of {data['unit']['name']}, {data['year']}, {data['layer']}",
                timestamp=moment(data),
                output=temporary,
            )
            pdf = temporary.read_bytes()
        built.pages = report.pages
        clock.seconds["render"], clock.seconds["repair"] = report.seconds_render, report.seconds_repair
    with clock.stage("annex"):
        contents = {
            EditionFile.Kind.PDF: pdf,
            EditionFile.Kind.WEB: html.encode("utf-8"),
            EditionFile.Kind.ANNEX_XLSX: annex_xlsx(facts, imprint),
            EditionFile.Kind.ANNEX_ZIP: annex_zip(facts, imprint),
            EditionFile.Kind.SNAPSHOT: facts.content,
        }
    with clock.stage("storing"):
        built.files = [_store(kind, folder / NAMES[kind], content) for kind, content in contents.items()]
    return built


def check_writable(folder: Path) -> None:
    """Raises OutputRefused, in one sentence, before any work is done in vain."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix=".")
        os.close(handle)
        Path(name).unlink()
    except OSError as error:
        raise OutputRefused(
            f"The folder {folder} cannot be written ({error.strerror or error}). "
            "Name another one with --output, or change its permissions."
        ) from error


class Clock:
    """Reports each stage as it begins and keeps the seconds it took."""

    def __init__(self, progress: Progress) -> None:
        self.seconds: dict[str, float] = {}
        self._progress = progress

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        label, percent = next((label, percent) for each, label, percent in STAGES if each == name)
        self._progress(label, percent)
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = time.perf_counter() - started


@contextmanager
def _temporary(folder: Path) -> Iterator[Path]:
    """A path for an unfinished PDF beside its final place, gone afterwards."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=".unfinished-") as name:
        yield Path(name) / "report.pdf"


def _store(kind: str, path: Path, content: bytes) -> BuiltFile:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return BuiltFile(kind, path, sha256(content).hexdigest(), len(content))
