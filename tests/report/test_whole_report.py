"""The whole report, built once with the real renderer and asked many questions."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import outloud
import pdfua
import pikepdf
import pymupdf
import pytest
from django.db import transaction

from evaluation.reports.build import NAMES, Built, build_from
from evaluation.reports.facts import Facts
from evaluation.reports.imprint import WORKING
from tests.report import unit_year as year

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Whole:
    built: Built
    again: Built
    text: str

    @property
    def pdf(self) -> str:
        return str(self.built.files[0].path)


@pytest.fixture(scope="module")
def whole(tmp_path_factory, django_db_setup, django_db_blocker) -> Whole:
    folder = tmp_path_factory.mktemp("whole")
    with django_db_blocker.unblock():
        facts = _facts_without_traces()
    built, again = (build_from(facts, WORKING, folder / name) for name in ("one", "two"))
    with pymupdf.open(built.files[0].path) as document:
        text = " ".join(" ".join(page.get_text() for page in document).split())
    return Whole(built, again, text)


class _Undo(Exception):
    """Takes the year back out of the database."""


def _facts_without_traces() -> Facts:
    try:
        with transaction.atomic():
            year.unit_year()
            year.outline()
            facts = year.facts()
            raise _Undo
    except _Undo:
        return facts


def test_every_figure_is_in_the_pdf_as_text(whole):
    for key, figure in whole.built.facts.data["figures"].items():
        assert figure["display"] in whole.text, key


def test_the_same_facts_give_the_same_files(whole):
    assert [file.sha256 for file in whole.built.files] == [file.sha256 for file in whole.again.files]
    assert [file.path.name for file in whole.built.files] == list(NAMES.values())


def test_the_pdf_is_tagged_titled_british_and_bookmarked(whole):
    with pikepdf.open(whole.pdf) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en-GB"
        assert pdf.docinfo["/Title"] == "Annual report 2020-21"
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20210630")
        with pdf.open_outline() as outline:
            titles = [item.title for item in outline.root]
    assert any("Tables" in title for title in titles)


def test_neither_checker_finds_an_error(whole):
    first = outloud.check(whole.pdf)
    assert [finding.message for finding in first.findings if finding.severity == "error"] == []
    assert [str(finding) for finding in pdfua.validate(whole.pdf).findings] == []


def test_the_web_page_needs_nothing_from_elsewhere(whole):
    html = whole.built.files[1].path.read_text(encoding="utf-8")
    # Beside itself and what it holds it only names its own edition and the traces of its figures.
    assert re.findall(r"""(?:src|href)=["'](?!#|data:|\.\./\.\./["']|\.\./\.\./figures/\?key=)([^"']+)""", html) == []
    assert "@import" not in html


def test_the_snapshot_file_is_the_facts(whole):
    snapshot = whole.built.files[-1]
    assert Facts.read(snapshot.path.read_bytes(), whole.built.facts.sha256).data == whole.built.facts.data
    assert json.loads(snapshot.path.read_bytes())["layer"] == year.LAYER


def test_seconds_are_told_for_every_stage(whole):
    assert set(whole.built.seconds) == {"pages", "pdf", "annex", "storing", "render", "repair"}
    assert whole.built.pages > 5
