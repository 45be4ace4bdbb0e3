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
from typing import Any, Protocol

from evaluation.actions.issues import refresh_issues
from evaluation.models import EditionFile
from evaluation.reports.annex import annex_xlsx, annex_zip
from evaluation.reports.context import moment, report_pages, time_of, title_of
from evaluation.reports.errors import OutputRefused
from evaluation.reports.facts import Facts, Request, read_facts
from evaluation.reports.imprint import WORKING, Imprint
from vru.lib.pdf import PdfProcess

Progress = Callable[[str, int], None]
# (name of the stage in JSON, what people read, percent when it begins)
STAGES = (
    ("facts", "Reading the facts", 2),
    ("pages", "Drawing charts and pages", 25),
    ("annex", "Writing the data annex", 40),
    ("pdf", "Making the PDF", 50),
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
    """``made_from`` is the hash of the page that a PDF was printed from; "" for the others."""

    kind: str
    path: Path
    sha256: str
    size: int
    made_from: str = ""


@dataclass
class Built:
    """Files in the order of `NAMES`; seconds by stage. ``pdf`` is from the moment the page is handed over, so it holds
    ``annex``; ``render`` and ``repair`` are the two parts of making it.
    """

    facts: Facts
    files: list[BuiltFile] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    pages: int = 0
    peak_kib: int = 0
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


class Kept(Protocol):
    """Where finished parts are kept until the whole is, so that what follows a killed worker need not begin again."""

    def get(self, name: str, key: str) -> bytes | None: ...

    def put(self, name: str, key: str, content: bytes) -> None: ...


class NothingKept:
    """For a build that nobody resumes."""

    def get(self, name: str, key: str) -> bytes | None:
        return None

    def put(self, name: str, key: str, content: bytes) -> None:
        return None


def build_files(
    request: Request,
    folder: Path,
    progress: Progress | None = None,
    imprint: Imprint = WORKING,
    kept: Kept | None = None,
) -> Built:
    """All five files in `folder`, whole or not at all each: a file is written beside its name, then renamed.

    Raises ReportError (see `read_facts`), OutputRefused when the folder cannot be written, and as `PdfProcess.wait`.
    """
    making = _Making(folder, progress, kept)
    with PdfProcess() as process:
        with making.clock.stage("facts"):
            facts = _facts(request, making.kept)
        return making.files(facts, imprint, process)


def build_from(
    facts: Facts, imprint: Imprint, folder: Path, progress: Progress | None = None, kept: Kept | None = None
) -> Built:
    """The same from facts and imprint alone: nothing is read from the database. Raises as `build_files`."""
    making = _Making(folder, progress, kept)
    with PdfProcess() as process:
        return making.files(facts, imprint, process)


def _facts(request: Request, kept: Kept) -> Facts:
    """Those that an earlier attempt read, else those of now."""
    content = kept.get("facts", "")
    if content is not None:
        return Facts.read(content)
    # Outside the reading of facts, which changes nothing. Of everything in hand, not as at the report's day: an
    # earlier day would withdraw what was found since, and with it what was decided about it.
    refresh_issues(year=request.year, layer=request.layer)
    facts = read_facts(request)
    kept.put("facts", "", facts.content)
    return facts


class _Making:
    """One build: the renderer works in its own process while the annex is written here."""

    def __init__(self, folder: Path, progress: Progress | None, kept: Kept | None) -> None:
        check_writable(folder)
        self.folder = folder
        self.progress = progress or (lambda stage, percent: None)
        self.clock = Clock(self.progress)
        self.kept: Kept = kept or NothingKept()

    def files(self, facts: Facts, imprint: Imprint, process: PdfProcess) -> Built:
        built = Built(facts, seconds=self.clock.seconds)
        key = f"{facts.sha256[:20]}-{imprint.sha256[:20]}"
        with self.clock.stage("pages"):
            pages = report_pages(facts, imprint)
            built.missing = pages.missing
        with _temporary(self.folder) as unfinished:
            # A page that this version writes otherwise is printed again.
            page = sha256(pages.paper.encode("utf-8")).hexdigest()
            of_page = f"{key}-{page[:20]}"
            made = self.kept.get("pdf", of_page)
            begun = time.perf_counter()
            if made is None:
                self._begin(process, facts, pages.paper, unfinished)
            with self.clock.stage("annex"):
                annexes = annex_xlsx(facts, imprint), annex_zip(facts, imprint)
            with self.clock.stage("pdf"):
                if made is None:
                    made = self._wait(process, built, unfinished)
                    self.kept.put("pdf", of_page, made)
            built.seconds["pdf"] = time.perf_counter() - begun
        contents = {
            EditionFile.Kind.PDF: made,
            EditionFile.Kind.WEB: pages.web.encode("utf-8"),
            EditionFile.Kind.ANNEX_XLSX: annexes[0],
            EditionFile.Kind.ANNEX_ZIP: annexes[1],
            EditionFile.Kind.SNAPSHOT: facts.content,
        }
        with self.clock.stage("storing"):
            built.files = [
                _store(kind, self.folder / NAMES[kind], content, page if kind == EditionFile.Kind.PDF else "")
                for kind, content in contents.items()
            ]
        return built

    def _begin(self, process: PdfProcess, facts: Facts, html: str, output: Path) -> None:
        data = facts.data
        process.begin(
            html,
            title=f"{title_of(data)} {time_of(data)}",
            author=data["unit"]["name"],
            subject=f"{title_of(data)} of {data['unit']['name']}, {time_of(data)}, {data['layer']}",
            timestamp=moment(data),
            output=output,
        )

    def _wait(self, process: PdfProcess, built: Built, output: Path) -> bytes:
        label, percent = _said("pdf")
        report = process.wait(lambda: self.progress(label, percent))
        built.pages, built.peak_kib = report.pages, report.peak_kib
        built.seconds["render"], built.seconds["repair"] = report.seconds_render, report.seconds_repair
        return output.read_bytes()


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
        self._progress(*_said(name))
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = time.perf_counter() - started


def _said(stage: str) -> tuple[str, int]:
    return next((label, percent) for name, label, percent in STAGES if name == stage)


@contextmanager
def _temporary(folder: Path) -> Iterator[Path]:
    """A path for an unfinished PDF beside its final place, gone afterwards."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=".unfinished-") as name:
        yield Path(name) / "report.pdf"


def _store(kind: str, path: Path, content: bytes, made_from: str) -> BuiltFile:
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
    return BuiltFile(kind, path, sha256(content).hexdigest(), len(content), made_from)
