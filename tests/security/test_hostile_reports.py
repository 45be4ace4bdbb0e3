"""Attacks on reports: by writers, by other people's staff, by the public, and by whoever is in a hurry to sign."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse

from evaluation.actions import publishing
from evaluation.actions.publishing import publish_edition
from evaluation.models import CaseStudy, Edition
from evaluation.numbers.find import find_numbers
from evaluation.numbers.found import Standing
from evaluation.numbers.index import Index
from evaluation.numbers.scanning import MOST_JUDGED, TOO_MANY, SectionText, scan
from evaluation.reports import gather as gathering
from evaluation.reports.errors import ReportRefused
from evaluation.reports.markup import parse_blocks
from evaluation.rules.found import ERROR, Found
from evaluation.writing.differences import differences, merge
from evaluation.writing.words import length_of
from grants.models import Commitment
from tests.factories import CaseStudyFactory, StaffRoleFactory
from tests.reading.editions import signed_edition
from tests.report import unit_year as year
from vru.accounts.models import Role, User

pytestmark = pytest.mark.django_db
LONG = 40_000
HUGE = 99999999999999999999999
# Seconds of the processor. Several times what each takes; unbounded, the texts below took minutes at full length.
PATIENCE = 8.0


@pytest.fixture
def store(settings, tmp_path):
    options = {"location": str(tmp_path / "files"), "base_url": None}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}
    return tmp_path / "files"


@pytest.fixture
def unaudited(monkeypatch) -> None:
    """What the numbers tell has its own tests; the stand-in of a PDF could not be audited."""
    monkeypatch.setattr(publishing, "audit_edition", lambda edition: [])


@pytest.fixture
def director(db) -> User:
    return StaffRoleFactory(role=Role.DIRECTOR, user__name="Ama Director").user


def long(text: str) -> str:
    return (text * (LONG // len(text) + 1))[:LONG]


def seconds(act: Callable[..., Any], *arguments: Any) -> float:
    begun = time.process_time()
    act(*arguments)
    return time.process_time() - begun


@pytest.mark.parametrize("text", ["a", "1", ".", "[](", "<!--", "one ", "1 in 2 ", "section 1,", " "])
def test_numbers_are_found_in_a_text_meant_to_stop_the_search(text: str) -> None:
    assert seconds(find_numbers, f"aged {long(text)},.5") < PATIENCE


@pytest.mark.parametrize("text", ["[", "[](", "[a](", ":::table a\n", ":::\n"])
def test_the_words_of_a_text_of_nothing_but_openings_are_counted(text: str) -> None:
    assert seconds(length_of, long(text)) < PATIENCE
    assert seconds(parse_blocks, long(text)) < PATIENCE


@pytest.mark.parametrize("text", ["one ", "\n", "one.\n", "- ", "one. two "])
def test_two_texts_of_the_same_word_are_compared_and_put_together(text: str) -> None:
    base = long(text)
    mine = f"{base[: LONG // 2]} mine {base[LONG // 2 :]}"
    assert seconds(differences, base, mine) < PATIENCE
    assert seconds(differences, base, long("one two ")) < PATIENCE
    assert " mine " in merge(base, mine, f"{base}theirs").text


def test_a_number_of_a_text_without_stops_does_not_carry_all_of_it() -> None:
    found = find_numbers(long("12 people, "))
    assert len(found) > 3_000
    assert max(len(each.sentence) for each in found) <= 2_001


@pytest.mark.parametrize("text", ["one in 0 people", "one out of every 00", "one in \u0660", "0 in 0", "one in zero"])
def test_a_share_of_nothing_breaks_no_page(text: str) -> None:
    assert all(each.value is not None for each in find_numbers(text))


def told(scope: str, **more: Any) -> Edition:
    """A signed and finished edition that tells a case study with this consent."""
    year.unit_year()
    study = CaseStudyFactory(ref="cs-1", scope=scope, commitment=Commitment.objects.first(), **more)
    year.outline(
        {"slug": "story", "title": "Story", "blocks": [{"kind": "case_study", "ref": study.ref}]},
    )
    return signed_edition()


def test_a_story_that_may_be_told_to_the_funder_is_not_published(store, unaudited, director) -> None:
    edition = told(CaseStudy.Scope.FUNDER)
    with pytest.raises(ReportRefused, match="Consent does not reach as far as publishing for: cs-1"):
        publish_edition(edition=edition, by=director)
    assert not Edition.objects.published().exists()


def test_a_story_whose_consent_was_withdrawn_after_the_signature_is_not_published(store, unaudited, director) -> None:
    edition = told(CaseStudy.Scope.PUBLIC)
    CaseStudy.objects.update(withdrawn_at="2021-06-01T09:00Z", withdrawn_by=director, withdrawn_because="Asked.")
    with pytest.raises(ReportRefused, match="cs-1"):
        publish_edition(edition=edition, by=director)


def test_a_story_that_may_be_published_is(store, unaudited, director) -> None:
    assert publish_edition(edition=told(CaseStudy.Scope.PUBLIC), by=director).published_at is not None


@pytest.mark.parametrize("name", ["section", "section-preview", "section-history", "section-change", "section-remove"])
def test_a_report_number_that_no_row_can_have_is_not_found(client, director, name: str) -> None:
    client.force_login(director)
    assert client.get(reverse(f"evaluation:{name}", args=[HUGE, "summary"])).status_code == 404


def test_an_edition_number_that_no_row_can_have_has_no_file_for_anybody(client, director) -> None:
    assert client.get(reverse("evaluation:published-file", args=[HUGE, "pdf"])).status_code == 404
    client.force_login(director)
    assert client.get(reverse("evaluation:report-file", args=[HUGE, "pdf"])).status_code == 404


def test_a_pasted_spreadsheet_holds_nobody_up_and_none_of_its_numbers_is_passed_over() -> None:
    rows = SectionText("rows", "Rows", "| 12 | 17 |\n" * 4_000)
    found = scan([rows, SectionText("more", "More", "It reached 4,321 people.")], Index({}))
    assert len(found) == 8_001
    assert {each.standing for each in found} == {Standing.UNKNOWN}
    assert [each.why == TOO_MANY for each in found].count(False) == MOST_JUDGED


@pytest.mark.parametrize("rule", ["breakdown-misses-headline", "funnel-widens", "prose-contradicts"])
def test_an_accepted_difference_prints_no_count_of_one_return(store, monkeypatch, rule: str) -> None:
    year.unit_year()
    year.outline({"slug": "d", "title": "D", "blocks": [{"kind": "table", "table": "data_issues", "params": {}}]})
    stands = {"stated": "9,871", "computed": "9,873", "difference": "9,872", "explanation": "It has 9,873 people."}
    issue = replace(Found(severity=ERROR, where="G-1", basis=("1",), **stands), rule=rule)
    monkeypatch.setattr(gathering, "find_issues_of", lambda computation: [issue])
    printed = year.facts().content.decode()
    assert "G-1" in printed
    assert "9,873" not in printed
    assert "9,872" not in printed
