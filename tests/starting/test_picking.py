"""Figures to pick, sentences to take, what a signed edition printed."""

from __future__ import annotations

import datetime
import json

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from evaluation.figures.computation import Computation
from evaluation.figures.key import FigureError, FigureKey
from evaluation.figures.registry import computed
from evaluation.models import Edition, EditionFile, Report
from evaluation.reports.as_at import scope_of_report
from evaluation.writing_aid.picker import find_picks
from evaluation.writing_aid.sentences import (
    BASIS,
    BEFORE,
    LAST_YEAR,
    PRECISION,
    TARGET,
    Suggestion,
    signed_key,
    suggestions_for,
)
from tests.cast import World
from tests.factories import (
    CommitmentFactory,
    EditionFactory,
    FundingSplitFactory,
    ReachTargetFactory,
    ReportFactory,
    ReportSectionFactory,
    UserFactory,
    approved_return,
)
from vru.lib.periods import FinancialYear

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


def year_with_returns() -> Report:
    grant = CommitmentFactory()
    FundingSplitFactory(commitment=grant)
    approved_return(grant, 1, reach={"new": 30}, actual_pence=100_00)
    approved_return(grant, 2, reach={"new": 3}, actual_pence=100_00)
    ReachTargetFactory(commitment=grant, value=50)
    return ReportFactory()


def test_figures_are_found_by_every_word_the_plainest_first() -> None:
    report = year_with_returns()
    keys = [pick.key for pick in find_picks(report, "new people quarter=2020-21Q1")]
    assert keys[0] == "reach.new quarter=2020-21Q1"
    found = find_picks(report, "NEW people supported")
    assert (found[0].key, found[0].display, found[0].basis) == ("reach.new", "33", "from 2 of 2 returns")
    assert find_picks(report, "nothing like it") == []


def test_a_pick_says_how_else_it_may_be_written_and_when_it_is_small() -> None:
    report = year_with_returns()
    small = next(pick for pick in find_picks(report, "") if pick.key == "reach.new quarter=2020-21Q2")
    assert small.is_small
    assert ("In words", "{{reach.new quarter=2020-21Q2 | words}}", "three") in small.ways
    large = next(pick for pick in find_picks(report, "") if pick.key == "reach.new")
    assert not large.is_small
    assert large.ways[-1] == ("What it rests on", "{{reach.new | basis}}", "from 2 of 2 returns")


def by_what(suggestions: list[Suggestion], key: str) -> dict[str, str]:
    return {each.what: each.preview for each in suggestions if each.key == key}


def test_sentences_state_a_figure_with_its_basis_and_beside_what_it_is_compared_with() -> None:
    report = year_with_returns()
    text = "{{reach.new}} and {{reach.new quarter=2020-21Q2}}"
    section = ReportSectionFactory(report=report, text=text)
    made = suggestions_for(report, section)
    year = by_what(made, "reach.new")
    assert year[BASIS].endswith(": 33, from 2 of 2 returns.")
    assert year[TARGET].endswith(": 33, against a target of 50.")
    assert LAST_YEAR not in year
    assert by_what(made, "reach.new quarter=2020-21Q2")[BEFORE].endswith(": 3, after 30 in the quarter before.")
    assert PRECISION not in year


def test_every_number_of_a_suggested_sentence_is_a_token() -> None:
    report = year_with_returns()
    for each in suggestions_for(report, None):
        without = each.text.partition(": ")[2]
        bare = "".join(part.partition("}}")[2] if "}}" in part else part for part in without.split("{{"))
        assert not any(character.isdigit() for character in bare.replace(str(report.financial_year.previous()), ""))


def signed_edition(year: int, figures: dict[str, object]) -> Edition:
    edition = EditionFactory(
        report=ReportFactory(year=year), number=3, status="signed_off", built_at="2020-05-01T12:00Z",
        snapshot_hash="0" * 64, imprint_hash="1" * 64, signed_by=UserFactory(), signed_name="A Director",
        signed_role="Director", signed_at=datetime.datetime(2020, 5, 2, 12, tzinfo=datetime.UTC),
    )  # fmt: skip
    stored = EditionFile(edition=edition, kind="snapshot", sha256="0" * 64, size=1)
    stored.file.save("facts.json", ContentFile(json.dumps({"figures": figures}).encode()), save=True)
    return edition


def printed(value: str | None, **more: object) -> dict[str, object]:
    return {"label": "New people", "value": value, "low": value, "high": value, "unit": "people",
            "precision": "exact", "hidden": value is None, **more}  # fmt: skip


def test_last_years_signed_edition_is_quoted_by_a_token() -> None:
    report = year_with_returns()
    signed_edition(2019, {"reach.new": printed("28"), "reach.new objective=5": printed(None)})
    sentence = by_what(suggestions_for(report, None, ["reach.new"]), "reach.new")[LAST_YEAR]
    assert sentence.endswith(": 33. The signed report of 2019-20 gave 28.")
    key = signed_key(FigureKey.parse("reach.new"), FinancialYear(2019), "annual")
    assert key == "signed.value of=reach.new report=annual year=2019-20"
    figure = computed(Computation(scope_of_report(report)), [key])[key]
    assert figure.shown("basis") == "stated in Annual report 2019-20, edition 3, signed 2 May 2020"


@pytest.mark.parametrize(
    "slice_", ["of=reach.new report=annual year=2018-19", "of=reach.new report=other year=2019-20",
               "of=award.total report=annual year=2019-20", "of=reach.new report=annual year=soon",
               "objective=5 of=reach.new report=annual year=2019-20"],
)  # fmt: skip
def test_what_no_signed_edition_printed_is_no_figure(slice_: str) -> None:
    report = year_with_returns()
    signed_edition(2019, {"reach.new": printed("28"), "reach.new objective=5": printed(None)})
    with pytest.raises(FigureError):
        computed(Computation(scope_of_report(report)), [f"signed.value {slice_}"])


def client_of(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.cast.named(role))
    return client


def test_the_picker_is_a_page_and_a_list_for_htmx(world: World) -> None:
    report = year_with_returns()
    address = reverse("evaluation:report-figures", args=[report.pk])
    client = client_of(world, "analyst")
    page = client.get(address, {"text": "people supported"}).content.decode()
    assert "{{reach.new}}" in page
    assert "<html" in page
    part = client.get(address, {"text": "people supported"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "No figure has all of these words" in client.get(address, {"text": "zebra"}).content.decode()


def test_what_is_picked_goes_to_the_end_of_the_section_without_a_script(world: World) -> None:
    report = year_with_returns()
    section = ReportSectionFactory(report=report, slug="needs", text="Ours.")
    client = client_of(world, "finance_officer")
    page = client.get(reverse("evaluation:report-figures", args=[report.pk]), {"section": "needs"}).content.decode()
    assert 'data-insert="{{reach.new}}"' in page
    address = reverse("evaluation:report-insert", args=[report.pk])
    answer = client.post(address, {"section": "needs", "text": "{{reach.new}}"})
    assert answer.headers["Location"] == reverse("evaluation:section", args=[report.pk, "needs"])
    section.refresh_from_db()
    assert section.text == "Ours.\n\n{{reach.new}}\n"
    assert section.version == 2
    client.post(address, {"section": "needs", "text": " "})
    section.refresh_from_db()
    assert section.version == 2


def test_whoever_only_reads_gets_no_button_to_insert(world: World) -> None:
    report = year_with_returns()
    ReportSectionFactory(report=report, slug="needs")
    client = client_of(world, "auditor")
    for name in ("report-figures", "report-suggestions"):
        page = client.get(reverse(f"evaluation:{name}", args=[report.pk]), {"section": "needs"}).content.decode()
        assert "data-insert" not in page


def test_sentences_about_one_figure_are_a_page_that_says_when_there_is_none(world: World) -> None:
    report = year_with_returns()
    client, address = client_of(world, "analyst"), reverse("evaluation:report-suggestions", args=[report.pk])
    assert "against a target of 50" in client.get(address, {"key": "reach.new"}).content.decode()
    assert "There is no figure" in client.get(address, {"key": "no.such"}).content.decode()
    empty = reverse("evaluation:report-suggestions", args=[ReportFactory(year=2025).pk])
    assert "nothing to say" in client.get(empty).content.decode()
