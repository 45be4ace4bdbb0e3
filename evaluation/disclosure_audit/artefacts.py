"""Reads what an edition's files print, file by file, without asking how they were made.

Every number that stands beside a figure's key becomes a `Said`. The same key is said by several files; the audit takes
all of them as known at once, so a count that is hidden in one file and printed in another is not hidden.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from html import unescape
from typing import Any

from evaluation.models import Edition, EditionFile
from evaluation.reports.errors import CorruptSnapshot, ReportError
from evaluation.reports.facts import Facts
from evaluation.reports.links import for_print
from vru.lib.tables import TableRefused, read_table

VALUE, TOP, BOTTOM = "value", "numerator", "denominator"
_READ = (EditionFile.Kind.SNAPSHOT, EditionFile.Kind.WEB, EditionFile.Kind.ANNEX_ZIP, EditionFile.Kind.ANNEX_XLSX)
_TEXT = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->", re.S)
_BLOCK = re.compile(
    r"</?(?:p|li|h[1-6]|td|th|tr|div|section|figcaption|caption|title|desc|text|dt|dd|aside|table)\b[^>]*>"
)
_TAG = re.compile(r"<[^>]+>")
_SPOKEN = re.compile(r'\b(?:alt|aria-label|title)="([^"]+)"')
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Said:
    """One number beside one key: which part of the figure it is, where it stands."""

    key: str
    part: str
    number: Decimal
    where: str


@dataclass(frozen=True, slots=True)
class Share:
    """A percentage without a key of its own: the key of the part, of the whole, and the number as printed."""

    part: str
    whole: str
    printed: str


@dataclass(frozen=True, slots=True)
class Artefacts:
    """One edition as its readers have it: its facts, every number with a key, shares, and every line of text."""

    facts: Facts
    said: tuple[Said, ...]
    shares: tuple[Share, ...]
    lines: tuple[tuple[str, str], ...]


def read_artefacts(edition: Edition) -> Artefacts:
    """The newest files of an edition: final ones where there are any. Raises ReportError when one cannot be read."""
    files = {file.kind: file for file in edition.files.order_by("kind", "is_final")}
    for kind in _READ:
        if kind not in files:
            raise ReportError(f"{edition} has no {EditionFile.Kind(kind).label}. Build it again.")
    try:
        snapshot, page, annex, workbook = (_bytes(files[kind]) for kind in _READ)
        facts = Facts.read(snapshot, edition.snapshot_hash)
        said = [*of_snapshot(facts.data), *of_annex(annex), *of_workbook(workbook), *of_changes(edition.imprint)]
    except (OSError, CorruptSnapshot, TableRefused, zipfile.BadZipFile) as error:
        raise ReportError(f"The files of {edition} cannot be read: {error}") from error
    lines = [*(("web page", line) for line in lines_of(page.decode("utf-8"))), *_reasons(edition.imprint)]
    return Artefacts(facts, tuple(dict.fromkeys(said)), tuple(shares_of(facts.data)), tuple(lines))


def check_paper(edition: Edition) -> None:
    """The PDF says what the web page says: it was made from that page, links and scripts left out.

    The PDF's own text is not read; its maker notes the hash of the page it was given. Raises ReportError when that is
    not the page among the edition's files.
    """
    files = {file.kind: file for file in edition.files.order_by("kind", "is_final")}
    paper, page = files.get(EditionFile.Kind.PDF), files.get(EditionFile.Kind.WEB)
    if paper is None or page is None:
        raise ReportError(f"{edition} has no PDF or no web page. Build it again.")
    try:
        given = sha256(for_print(_bytes(page).decode("utf-8")).encode("utf-8")).hexdigest()
    except (OSError, UnicodeDecodeError) as error:
        raise ReportError(f"The files of {edition} cannot be read: {error}") from error
    if paper.made_from != given:
        raise ReportError(f"The PDF of {edition} was not made from its web page. Make a new edition.")


def _bytes(file: EditionFile) -> bytes:
    with file.file.open("rb") as stored:
        content: bytes = stored.read()
    return content


def of_snapshot(data: Mapping[str, Any]) -> Iterator[Said]:
    """Each figure's numbers in every way they are written, and each cell and mark of a chart."""
    for key, figure in data["figures"].items():
        for part in (VALUE, TOP, BOTTOM):
            yield from _said(key, part, figure[part], "snapshot")
        for text in (figure["display"], *figure["shown"].values()):
            if _is_plain(figure) and (found := _NUMBER.fullmatch(str(text))):
                yield from _said(key, VALUE, found[0], "text")
    for section in data["sections"]:
        yield from _of_block(section, section["title"])


def _is_plain(figure: Mapping[str, Any]) -> bool:
    # Money and percentages are not counts, and "c.80,000" is no more than its value says.
    return figure["unit"] not in ("GBP", "percent") and figure["precision"] == "exact"


def _of_block(node: Any, where: str) -> Iterator[Said]:
    """Whatever has a key and a value, however deep: a new kind of block is read without being known here."""
    if isinstance(node, Mapping):
        where = f"{node['kind']} {node['number']}" if node.get("kind") and node.get("number") else where
        if isinstance(node.get("key"), str) and node["key"]:
            yield from _said(node["key"], VALUE, node.get("value"), where)
        if isinstance(node.get("keys"), list) and isinstance(node.get("values"), list):
            for key, value in zip(node["keys"], node["values"], strict=False):
                yield from _said(key, VALUE, value, where)
        for each in node.values():
            yield from _of_block(each, where)
    elif isinstance(node, list):
        for each in node:
            yield from _of_block(each, where)


def shares_of(data: Mapping[str, Any]) -> Iterator[Share]:
    """Percentages beside a count in a table, of the table's total, or of its first row where it has none."""
    for section in data["sections"]:
        for block in section["blocks"]:
            if block["kind"] != "table" or not block["rows"]:
                continue
            whole = next((row for row in block["rows"] if row["emphasis"]), block["rows"][0])
            for row in block["rows"]:
                for place, cell in enumerate(row["cells"]):
                    before = row["cells"][place - 1] if place else cell
                    is_share = block["columns"][place + 1]["kind"] == "percent" and not cell["key"] and before["key"]
                    if is_share and cell["value"] is not None:
                        yield Share(before["key"], whole["cells"][place - 1]["key"], cell["value"])


def of_annex(content: bytes) -> Iterator[Said]:
    """Each cell that the annex's metadata names a key for, and its index of figures."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in json.loads(archive.read("metadata.json"))["files"]:
            rows = list(csv.reader(io.StringIO(archive.read(entry["file"]).decode("utf-8-sig"))))[1:]
            for row, keys in zip(rows, entry.get("keys", ()), strict=False):
                yield from _of_row(row, keys, f"annex, {entry['file']}")
        index = csv.DictReader(io.StringIO(archive.read("figures.csv").decode("utf-8-sig")))
        for line in index:
            yield from _said(line["Key"], VALUE, line["Value"], "annex, figures.csv")


def _of_row(row: Sequence[str], keys: Sequence[str], where: str) -> Iterator[Said]:
    for text, key in zip(row, keys, strict=False):
        if key:
            yield from _said(key, VALUE, text, where)


def of_workbook(content: bytes) -> Iterator[Said]:
    """The index of figures in the Excel annex, whichever sheet it stands on."""
    for sheet in read_table(content, "annex").sheets:
        heads, rows = sheet.split_at_headings(("Key", "Value"))
        if {"Key", "Value"} <= set(heads.cells):
            key, value = heads.cells.index("Key"), heads.cells.index("Value")
            for row in rows:
                yield from _said(row.cell(key), VALUE, row.cell(value), f"Excel annex, {sheet.name}")


def of_changes(imprint: Mapping[str, Any]) -> Iterator[Said]:
    """The new number of each figure in the list of what changed; the old one belongs to the edition before."""
    for change in imprint.get("changes", ()):
        text = str(change["new"])
        if _NUMBER.fullmatch(text):
            yield from _said(change["key"], VALUE, text, "what changed")


def _reasons(imprint: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for change in imprint.get("changes", ()):
        yield "what changed", str(change["why"])
    for each in imprint.get("explanations", ()):
        yield "explanations", str(each["sentence"])


def lines_of(html: str) -> Iterator[str]:
    """What a page says, paragraph by paragraph and cell by cell, and what it only speaks (text alternatives)."""
    body = _TEXT.sub(" ", html)
    for spoken in _SPOKEN.findall(body):
        yield unescape(spoken)
    for part in _BLOCK.split(body):
        text = " ".join(unescape(_TAG.sub("", part)).split())
        if text:
            yield text


def _said(key: str, part: str, value: Any, where: str) -> Iterator[Said]:
    if not key or value is None or value == "":
        return
    try:
        number = Decimal(str(value).replace(",", ""))
    except InvalidOperation:
        return  # a text such as [c]
    yield Said(key, part, number, where)
