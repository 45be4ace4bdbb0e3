"""The agreement on paper: whole, tagged, safe whatever was typed, and made once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pdfua
import pymupdf
import pytest

from grants import tasks as _tasks  # noqa: F401 - registers the job
from grants.agreements.loading import load_template
from grants.agreements.queue import job_of, retry_agreement
from grants.agreements.render import render_agreement
from grants.agreements.terms import escaped
from grants.agreements.words import body_html
from grants.errors import ActionRefused
from grants.models import AgreementTemplate
from tests.cast import Cast
from tests.factories import OrganisationFactory, UnitFactory
from tests.grants.award_world import whole_draft, with_agreement
from vru.jobs.runner import run_job
from vru.lib.narrative import to_html

DEMO = Path(__file__).resolve().parents[2] / "demo" / "agreements" / "grant-agreement.md"


@pytest.fixture(autouse=True)
def own_storage(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    }


@pytest.mark.parametrize(
    "typed", ["# Big", "- item", "1. one", "[a](http://b)", "<b>x</b>", "a | b", "{{unit.name}}", "*"]
)
def test_what_people_type_never_becomes_a_mark(typed: str) -> None:
    shown = to_html(escaped(typed), lambda token: "FILLED")
    assert shown.startswith("<p>")
    assert not any(mark in shown for mark in ("<h", "<ul", "<ol", "<a", "<b>", "FILLED"))


@pytest.mark.slow
def test_the_file_is_made_once_whole_and_passes_the_checker(cast: Cast, tmp_path: Path) -> None:
    UnitFactory()
    draft = whole_draft(OrganisationFactory(name="Hope <b>& Co</b>"), cast.programme_manager)
    agreement = with_agreement(draft, cast.programme_manager, load_template(DEMO).body)
    job = job_of(agreement)
    assert job is not None
    assert run_job(job.pk).status == "done"
    agreement.refresh_from_db()
    assert (agreement.file.read()[:5], len(agreement.sha256)) == (b"%PDF-", 64)
    assert retry_agreement(agreement=agreement, by=cast.programme_manager) is None
    output = tmp_path / "agreement.pdf"
    render_agreement(agreement, output)
    with pymupdf.open(output) as document:
        text = " ".join(" ".join(page.get_text() for page in document).split())
    for wanted in (f"{draft.ref} agreement 1", "£100,000.00", "Hope <b>& Co</b>", "1 April 2026 to 31 March 2027"):
        assert wanted in text
    assert [str(finding) for finding in pdfua.validate(str(output)).findings] == []


def test_a_template_is_loaded_once_and_other_words_make_a_version(cast: Cast, tmp_path: Path) -> None:
    first = load_template(DEMO)
    assert load_template(DEMO) == first
    file = tmp_path / "template.md"
    file.write_text(f"---\nslug: {first.slug}\ntitle: Grant agreement\n---\nOther words.\n")
    assert (load_template(file).version, AgreementTemplate.objects.get(is_current=True).body) == (2, "Other words.")
    file.write_text("---\nslug: x\ntitle: X\n---\n{{award.colour}}\n")
    with pytest.raises(ActionRefused, match=r"template\.md: nobody knows \{\{award\.colour\}\}"):
        load_template(file)
    file.write_text("No head.")
    with pytest.raises(ActionRefused, match="begin with a line"):
        load_template(file)


def test_the_page_shows_the_words_with_headings_below_its_own(cast: Cast) -> None:
    UnitFactory()
    draft = whole_draft(OrganisationFactory(), cast.programme_manager)
    agreement = with_agreement(draft, cast.programme_manager, "# The award\n\n{{award.amount}}")
    assert body_html(agreement, top_heading=3) == "<h3>The award</h3>\n<p>£100,000.00</p>"
