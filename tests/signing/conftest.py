"""A report of an invented unit that can be signed: its sections approved, its contradiction accepted."""

from __future__ import annotations

import pytest
from django.utils import timezone

from evaluation.actions.building import build_edition
from evaluation.actions.explaining import explain
from evaluation.actions.issues import accept_issue, refresh_issues
from evaluation.actions.reports import begin_report, edition_of
from evaluation.actions.signing import send_to_review
from evaluation.models import DataIssue, Edition, Report, ReportSection
from evaluation.reports import build as building
from evaluation.signing.run import check_before_signing
from tests.factories import StaffRoleFactory
from tests.report import unit_year as year
from tests.report.quick_pdf import QuickPdf
from vru.accounts.models import Role, User


@pytest.fixture
def director(db) -> User:
    return StaffRoleFactory(role=Role.DIRECTOR, user__name="Ama Director").user


@pytest.fixture
def other_director(db) -> User:
    return StaffRoleFactory(role=Role.DIRECTOR, user__name="Ben Director").user


@pytest.fixture
def analyst(db) -> User:
    return StaffRoleFactory(role=Role.ANALYST, user__name="Cy Analyst").user


@pytest.fixture
def store(settings, tmp_path):
    options = {"location": str(tmp_path / "files"), "base_url": None}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}
    return tmp_path / "files"


@pytest.fixture
def quick_pdf(monkeypatch):
    monkeypatch.setattr(building, "PdfProcess", QuickPdf)


@pytest.fixture
def report(db, store, quick_pdf, analyst) -> Report:
    year.unit_year()
    year.outline(
        {
            "slug": "summary",
            "title": "Summary",
            "blocks": [{"kind": "prose", "text": "It reached {{reach.new}} people for {{funding.total}}."}],
        },
        {"slug": "money", "title": "Money", "blocks": [{"kind": "prose", "text": "Awards: {{award.total}}."}]},
    )
    return begin_report(kind=year.KIND, year=year.YEAR, layer=year.LAYER, by=analyst)


def approve_sections(report: Report, by: User) -> None:
    report.sections.update(status=ReportSection.Status.APPROVED, approved_by=by, approved_at=timezone.now())


def accept_issues(by: User) -> None:
    refresh_issues(year=year.YEAR, layer=year.LAYER)
    for issue in DataIssue.objects.filter(status=DataIssue.Status.OPEN):
        accept_issue(issue=issue, note="The document adds up wrongly.", by=by)


def build(report: Report, by: User, **more) -> Edition:
    edition = edition_of(report=report, by=by, **{"as_at": year.AFTER} | more)
    build_edition(edition=edition, by=by)
    return Edition.objects.select_related("report__outline").get(pk=edition.pk)


@pytest.fixture
def built(report, analyst) -> Edition:
    """A draft as it comes from the worker: sections in writing, a contradiction open."""
    return build(report, analyst)


@pytest.fixture
def clear(report, analyst, director) -> Edition:
    """In review, everything mended and explained."""
    approve_sections(report, director)
    accept_issues(analyst)
    edition = build(report, analyst)
    answer(edition, analyst, "It is a small test.")
    return send_to_review(edition=edition, by=analyst)


def answer(edition: Edition, by: User, sentence: str, *, without: str = "") -> None:
    """The same sentence for everything that still asks for one, but for one check."""
    for result in check_before_signing(edition).results:
        sentences = {each.finding.subject: sentence for each in result.unexplained}
        if sentences and result.check.slug != without:
            explain(edition=edition, check_slug=result.check.slug, sentences=sentences, by=by)
