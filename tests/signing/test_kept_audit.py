"""The audit kept for pages: the same until something it looks at changes, and never the one that a signature trusts."""

from __future__ import annotations

import pytest
from django.urls import reverse

from evaluation.actions import auditing
from evaluation.actions.auditing import keep_audit
from evaluation.actions.signing import sign_edition
from evaluation.disclosure_audit import Exposure
from evaluation.disclosure_audit.kept import basis_of, kept_audit
from evaluation.models import DisclosureAudit, EditionFile
from evaluation.reports.errors import ReportRefused
from evaluation.signing import evidence
from tests.signing.conftest import build
from tests.signing.test_signing import seen

pytestmark = pytest.mark.django_db
FOUND = [Exposure("printed", "reach.new", "New people", "3 is printed.", ("annex, reach.csv",), 3, 3)]


@pytest.fixture
def runs(monkeypatch) -> list[int]:
    """The editions audited, one after another; each is found to print a small count."""
    done: list[int] = []

    def audited(edition):
        done.append(edition.pk)
        return FOUND

    monkeypatch.setattr(auditing, "audit_edition", audited)
    return done


def test_an_audit_is_run_once_and_read_as_it_was_found(built, runs):
    assert keep_audit(edition=built) == FOUND
    assert keep_audit(edition=built) == FOUND
    assert runs == [built.pk]


def test_the_page_of_the_checks_runs_the_audit_once(client, built, analyst, runs):
    client.force_login(analyst)
    pages = [client.get(reverse("evaluation:sign-off", args=[built.pk])).content.decode() for _ in range(2)]
    assert runs == [built.pk]
    assert all("3 is printed." in page for page in pages)


@pytest.mark.parametrize(("setting", "value"), [("THRESHOLD", 8), ("WIDTH", 7), ("ROUNDING", 5)])
def test_another_setting_of_disclosure_asks_for_another_audit(built, settings, setting, value):
    before = basis_of(built)
    setattr(settings, f"DISCLOSURE_{setting}", value)
    assert basis_of(built) != before


def test_other_files_another_imprint_and_other_facts_ask_for_another_audit(built):
    seen_before = {basis_of(built)}
    built.imprint = {"changes": []}
    seen_before.add(basis_of(built))
    built.snapshot_hash = "0" * 64
    seen_before.add(basis_of(built))
    EditionFile.objects.filter(edition=built, kind="html").update(sha256="1" * 64)
    seen_before.add(basis_of(built))
    EditionFile.objects.filter(edition=built, kind="pdf").update(made_from="2" * 64)
    seen_before.add(basis_of(built))
    assert len(seen_before) == 5


def test_an_edition_signed_meanwhile_asks_for_another_audit(report, clear, analyst, other_director, runs):
    later = build(report, analyst)
    keep_audit(edition=later)
    before = basis_of(later)
    sign_edition(edition=clear, by=other_director, seen=seen(clear))
    assert kept_audit(later, basis_of(later)) is None
    assert basis_of(later) != before
    keep_audit(edition=later)
    assert runs.count(later.pk) == 2
    assert DisclosureAudit.objects.filter(edition=later).count() == 1


def test_a_signature_runs_the_audit_itself_whatever_is_kept(clear, other_director, monkeypatch):
    shown = seen(clear)
    assert DisclosureAudit.objects.get(edition=clear).exposures == []
    monkeypatch.setattr(evidence, "audit_edition", lambda edition: FOUND)
    with pytest.raises(ReportRefused, match="To mend: 1"):
        sign_edition(edition=clear, by=other_director, seen=shown)


def test_a_pdf_that_was_not_made_from_the_web_page_is_an_exposure(built):
    assert keep_audit(edition=built) == []
    EditionFile.objects.filter(edition=built, kind="pdf").update(made_from="")
    (found,) = keep_audit(edition=built)
    assert found.kind == "unreadable"
    assert "was not made from its web page" in found.sentence
