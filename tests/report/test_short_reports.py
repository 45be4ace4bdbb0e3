"""Reports about a quarter or a programme: what they are called, and what they leave to the others."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from evaluation.reports.context import report_context, report_html, title_of
from evaluation.reports.setting import places, unbroken
from programmes.models import Programme
from tests.report import unit_year as year

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    year.unit_year()
    year.outline()
    return Programme.objects.filter(layer=year.LAYER).order_by("ref").first()


def test_a_report_about_a_programme_is_called_by_its_name(programme):
    facts = year.facts(subject=programme.ref)
    html, _missing = report_html(facts)
    assert title_of(facts.data) == f"{programme.title}: annual report"
    assert f"<h1>{programme.title}</h1>" in html
    assert f"<title>{programme.title}: annual report 2020-21:" in html
    assert '<p class="cover-place">Annual report</p>' in html


def test_a_report_about_a_quarter_names_it_on_its_cover_and_runs_on(programme):
    html, _missing = report_html(year.facts(period="Q3"))
    assert '<p class="cover-year">2020-21 Q3</p>' in html
    assert "short-report" in html
    assert "short-report" not in report_html(year.facts())[0].partition("<body")[2]


def test_the_page_of_big_figures_has_the_title_of_its_section(programme):
    html, _missing = report_html(year.facts())
    assert 'data-running="Snapshot">Snapshot</h2>' in html


def test_a_report_about_a_programme_lists_the_differences_that_name_it(programme):
    facts = year.facts(subject=programme.ref)
    row = {
        "header": "Document, place",
        "cells": [{"text": "5"}, {"text": f"{programme.title} has 6"}],
        "emphasis": False,
    }
    other = {"header": "Document, elsewhere", "cells": [{"text": "7"}, {"text": "8 of them"}], "emphasis": False}
    columns = [{"label": each, "kind": "text", "unit": ""} for each in ("Where", "As stated", "What is known")]
    facts.data["issues"] = facts.data["issues"] | {"rows": [row, other], "columns": columns}
    methods = report_context(facts)[0]["methods"]
    assert [each["header"] for each in methods["issues"]["rows"]] == ["Document, place"]
    assert methods["issues_elsewhere"]
    assert "Only differences that name the programme are listed here." in report_html(facts)[0]


def test_a_section_without_a_number_is_named_in_the_list_of_figures():
    assert places(["What it did", "Section 1E", "Table 4"]) == "What it did, 1E, T4"


def test_a_minus_sign_stays_with_its_number():
    assert unbroken("It was −£50,379 less.") == 'It was <span class="whole">−£50,379</span> less.'


def test_the_command_refuses_a_period_or_programme_that_the_kind_does_not_have(programme, tmp_path):
    asked = {"kind": year.KIND, "year": "2020-21", "layer": year.LAYER, "output": tmp_path / "out"}
    with pytest.raises(CommandError, match="it is for a whole year"):
        call_command("build_report", **asked, period="Q3")
    with pytest.raises(CommandError, match="it takes no programme"):
        call_command("build_report", **asked, subject=programme.ref)
