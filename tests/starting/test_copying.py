"""A report begun from last year's."""

from __future__ import annotations

import pytest

from evaluation.actions.copying import copy_report, go_over_section
from evaluation.models import Report, ReportSection
from evaluation.reports.errors import NothingToReport, ReportRefused
from evaluation.writing_aid.moving import Move
from evaluation.writing_aid.outdated import LOST, RELATIVE, STATED, YEAR, outdated_in
from tests.factories import EditionFactory, ReportFactory, ReportOutlineFactory, ReportSectionFactory, UserFactory
from vru.accounts.models import AuditEvent, Role
from vru.lib.periods import FinancialYear

NEXT_YEAR = Move(years=1, quarters=4, months=12)
NEXT_QUARTER = Move(years=0, quarters=1, months=3)


@pytest.mark.parametrize(
    ("move", "before", "after"),
    [
        (NEXT_YEAR, "{{reach.new objective=5 quarter=2020-21Q4}}", "{{reach.new objective=5 quarter=2021-22Q4}}"),
        (NEXT_YEAR, "{{series.change from=2019 series=x to=2020 | exact}}",
         "{{series.change from=2020 series=x to=2021 | exact}}"),
        (NEXT_YEAR, "{{series.value period=2099-00 series=x}}", "{{series.value period=2100-01 series=x}}"),
        (NEXT_YEAR, "In 2020 it was quarter=2020-21Q1.", "In 2020 it was quarter=2020-21Q1."),
        (NEXT_YEAR, "{{stated.value ref=S2-2020-21.x}}", "{{stated.value ref=S2-2020-21.x}}"),
        (NEXT_QUARTER, "{{reach.new quarter=2020-21Q4}} {{x.y}}", "{{reach.new quarter=2021-22Q1}} {{x.y}}"),
        (NEXT_QUARTER, "{{spend.total month=2020-21M11}}", "{{spend.total month=2021-22M02}}"),
        (NEXT_YEAR, ":::figures\nkeys: reach.new quarter=2020-21Q1, award.total\n:::\nfrom: 2019",
         ":::figures\nkeys: reach.new quarter=2021-22Q1, award.total\n:::\nfrom: 2019"),
        (NEXT_YEAR, ":::chart series\nseries: a, b\nfrom: 2012\nto: 2020\n:::",
         ":::chart series\nseries: a, b\nfrom: 2013\nto: 2021\n:::"),
        (NEXT_YEAR, "{{reach.new quarter=soon}} {{reach.new from=}}", "{{reach.new quarter=soon}} {{reach.new from=}}"),
    ],
)  # fmt: skip
def test_only_times_inside_tokens_and_blocks_move(move: Move, before: str, after: str) -> None:
    assert move.text(before) == after


def quarterly(period: str, **fields: object) -> Report:
    outline = ReportOutlineFactory(kind="quarterly", every="quarter")
    return ReportFactory(outline=outline, period=period, **fields)


def test_a_move_between_quarters_may_cross_the_year() -> None:
    report = Report(year=2020, period="Q4")
    assert Move.between(report, FinancialYear(2021), "Q1") == Move(years=1, quarters=1, months=3)
    monthly = Report(year=2020, period="M02")
    assert Move.between(monthly, FinancialYear(2021), "M01") == Move(years=1, quarters=4, months=11)


pytestmark = pytest.mark.django_db


def test_a_copy_has_the_words_and_owners_but_no_approval_and_no_due_day() -> None:
    analyst, owner = UserFactory(role=Role.ANALYST), UserFactory(role=Role.PROGRAMME_MANAGER)
    source = ReportFactory()
    ReportSectionFactory(
        report=source, slug="needs", text="We met {{reach.new quarter=2020-21Q1}}.", key_points=["{{reach.new}}"],
        owner=owner, due_on="2021-04-01", word_limit=300, guidance="Say who.", version=7,
    )  # fmt: skip
    copy = copy_report(source=source, year=FinancialYear(2021), by=analyst)
    section = copy.sections.get()
    assert section.text == "We met {{reach.new quarter=2021-22Q1}}."
    assert (section.carried, section.status, section.version) == (True, "writing", 1)
    assert (section.owner, section.due_on, section.word_limit, section.guidance) == (owner, None, 300, "Say who.")
    assert section.versions.get().note == "Copied from 2020-21"
    assert copy.copied_from == source
    assert copy.own_since is not None
    assert AuditEvent.objects.about(copy).filter(action="report.copied").get().actor == analyst


def test_an_owner_who_left_is_not_carried_over() -> None:
    source = ReportFactory()
    ReportSectionFactory(report=source, owner=UserFactory(role=Role.ANALYST, is_active=False))
    copy = copy_report(source=source, year=FinancialYear(2021), by=UserFactory(role=Role.ANALYST))
    assert copy.sections.get().owner is None


def test_a_report_that_is_worked_on_is_never_replaced_by_a_copy() -> None:
    analyst, source = UserFactory(role=Role.ANALYST), ReportFactory()
    ReportSectionFactory(report=source, slug="needs")
    copy_report(source=source, year=FinancialYear(2021), by=analyst)
    with pytest.raises(ReportRefused, match="being written already"):
        copy_report(source=source, year=FinancialYear(2021), by=analyst)
    made = EditionFactory(report=ReportFactory(year=2022)).report
    with pytest.raises(ReportRefused, match="Editions of 2022-23"):
        copy_report(source=source, year=FinancialYear(made.year), by=analyst)


def test_a_copy_goes_to_another_time_of_its_kind_and_is_made_by_those_who_may() -> None:
    source = quarterly("Q4")
    analyst = UserFactory(role=Role.ANALYST)
    with pytest.raises(ReportRefused, match="its own time"):
        copy_report(source=source, year=FinancialYear(2020), period="Q4", by=analyst)
    with pytest.raises(NothingToReport, match="not a period"):
        copy_report(source=source, year=FinancialYear(2021), by=analyst)
    with pytest.raises(ReportRefused, match="director or an analyst"):
        copy_report(source=source, year=FinancialYear(2021), period="Q1", by=UserFactory(role=Role.FINANCE_OFFICER))
    assert copy_report(source=source, year=FinancialYear(2021), period="Q1", by=analyst).period == "Q1"


def copied(text: str, **fields: object) -> tuple[ReportSection, Report]:
    report = ReportFactory(year=2021, copied_from=ReportFactory(year=2020))
    return ReportSectionFactory(report=report, text=text, carried=True, **fields), report


def test_what_meant_another_time_is_found_with_its_sentence() -> None:
    section, report = copied("In 2020/21 we began. History began in 2018. Next year we go on, as in 2021-22.")
    found = outdated_in(section, report, {})
    assert [(each.kind, each.words) for each in found] == [(YEAR, "2020/21"), (RELATIVE, "Next year")]
    assert found[0].sentence == "In 2020/21 we began."


def test_statements_of_one_time_and_lost_figures_are_found() -> None:
    section, report = copied("It cost {{stated.value ref=A.b}}. We met {{reach.new objective=9}} people in 2020.")
    found = outdated_in(section, report, {"reach.new objective=9": "There is no objective 9."})
    assert [each.kind for each in found] == [STATED, YEAR, LOST]
    assert found[2].why == "There is no objective 9."


def test_a_report_that_was_not_copied_has_nothing_out_of_date() -> None:
    section = ReportSectionFactory(text="In 2020-21, last year.")
    assert outdated_in(section, section.report, {}) == []


def test_a_section_is_gone_over_by_its_owner_or_an_analyst_once() -> None:
    owner = UserFactory(role=Role.FINANCE_OFFICER)
    section, _ = copied("Words.", owner=owner)
    with pytest.raises(ReportRefused, match="owner"):
        go_over_section(section=section, by=UserFactory(role=Role.PROGRAMME_MANAGER))
    assert not go_over_section(section=section, by=owner).carried
    go_over_section(section=section, by=UserFactory(role=Role.ANALYST))
    assert AuditEvent.objects.about(section).filter(action="report.section_gone_over").count() == 1
