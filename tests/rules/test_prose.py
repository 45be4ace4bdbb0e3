"""What a section says about the report it stands in: references and typed sums."""

from __future__ import annotations

import datetime

import pytest

from evaluation.rules import Found, find_in, find_issues
from evaluation.rules.evidence import Evidence, Passage
from tests.factories.evaluation import NumberDecisionFactory, ReportFactory, ReportSectionFactory, StatedValueFactory
from tests.rules.test_property import YEAR
from vru.lib.periods import FinancialYear

NUMBERS = frozenset({"", "1", "1A", "2B", "Appendix 1"})


def found_in(text: str) -> list[Found]:
    passage = Passage(1, "Annual report 2030-31", "2B", "results", text, NUMBERS)
    return find_in(Evidence(year=YEAR, layer="recorded", passages=(passage,)))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Section 1A gives the reasons, and section 2 the results.", []),
        ("Appendix 1 lists them.", []),
        ("Section 3C and Appendix 2 list them.", ["appendix 2", "section 3C"]),
        ("Section 9 of the annual report of another unit says so.", []),
        ("The model (see page 78) shows it.", ["page 78"]),
        ("On page 4 of the strategy it stands.", []),
    ],
)
def test_a_reference_that_leads_nowhere_is_found(text: str, names: list[str]) -> None:
    found = found_in(text)
    assert sorted(each.stated for each in found) == names
    assert {each.rule for each in found} <= {"reference-missing"}


TABLE = """
| Where | People | Cost | Change |
| --- | ---: | ---: | ---: |
| North | 1,200 | £1.50 | {{reach.new}} |
| South | 300 | £2.50 | 4 |
| Total | %s | £4.00 | 5 |
"""


def test_a_typed_table_whose_column_misses_its_total_is_found() -> None:
    (found,) = found_in(TABLE % "1,600")
    assert found.rule == "typed-table-misses-total"
    assert found.where == "Annual report 2030-31: section 2B, typed table 1, column People"
    assert found.explanation == "The rows come to 1,500; the row of totals has 1,600."


def test_a_typed_table_that_adds_up_is_left() -> None:
    assert found_in(TABLE % "1,500") == []


def test_a_table_without_a_row_of_totals_is_left() -> None:
    assert found_in(TABLE.replace("| Total |", "| West |") % "9") == []


@pytest.mark.django_db
def test_the_sections_of_the_years_reports_are_read() -> None:
    report = ReportFactory(year=2030, layer="recorded")
    ReportSectionFactory(report=report, number="1", slug="one", text="See section 4B for more.")
    ReportSectionFactory(report=ReportFactory(year=2031, layer="recorded"), number="1", text="See section 7.")
    (found,) = find_issues(year=FinancialYear(2030), layer="recorded")
    assert found.explanation == "The report has no section 4B. Name one that it has."


@pytest.mark.django_db
def test_a_typed_number_that_contradicts_a_statement_is_found_until_it_is_decided_about() -> None:
    StatedValueFactory(
        statement__layer="published",
        statement__subject="young people supported by mentors",
        value=3884,
        population="young people supported by mentors",
        measure="mentored",
        period_start=datetime.date(2030, 4, 1),
        period_end=datetime.date(2031, 3, 31),
    )
    section = ReportSectionFactory(
        report=ReportFactory(year=2030, layer="published"),
        slug="reach",
        text="Mentors supported 4,210 young people in 2030-31.",
    )
    (found,) = [each for each in find_issues(year=FinancialYear(2030), layer="published") if each.severity == "error"]
    assert (found.rule, found.stated) == ("prose-contradicts", "4,210")
    NumberDecisionFactory(report=section.report, fingerprint=found.basis[1])
    assert find_issues(year=FinancialYear(2030), layer="published") == []
