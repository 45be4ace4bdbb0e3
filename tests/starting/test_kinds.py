"""Several kinds of report, each a file: loaded together, begun with what they are about."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management.base import CommandError

from evaluation.actions.reports import begin_report
from evaluation.loading.outline import FORMAT, load_outline
from evaluation.models import ReportOutline
from evaluation.position import position_of
from programmes.models import Programme
from tests.factories import ProgrammeFactory, ReportOutlineFactory, StatedValueFactory, UserFactory
from tests.factories.evaluation import OutlineSectionFactory
from vru.accounts.models import Role
from vru.demo.unit_files import _other_outlines
from vru.lib.periods import FinancialYear
from vru.management.commands.make_reports import _only_kind

pytestmark = pytest.mark.django_db
LONDON = settings.BASE_DIR / "demo" / "london"


def test_every_file_that_says_it_is_an_outline_is_one(tmp_path: Path) -> None:
    (tmp_path / "outline.yaml").write_text(f"format: {FORMAT}\n")
    (tmp_path / "briefing.yaml").write_text(f"# A briefing.\n\nformat: '{FORMAT}'\n")
    (tmp_path / "strategy.yaml").write_text("format: vru-strategy/1\n")
    (tmp_path / "notes.yaml").write_text(f"text: format\nformat: {FORMAT}\n")
    assert [path.name for path in _other_outlines(tmp_path, tmp_path / "outline.yaml")] == ["briefing.yaml"]


def test_the_kinds_that_come_with_the_demonstration_load_with_guidance() -> None:
    for name in ("director-briefing", "programme-page"):
        load_outline(LONDON / f"{name}.yaml")
        outline = ReportOutline.objects.get(kind=name)
        assert all(section.guidance for section in outline.sections.all())
    assert ReportOutline.objects.get(kind="director-briefing").every == "quarter"
    assert ReportOutline.objects.get(kind="programme-page").about == "programme"


def test_a_page_about_a_programme_begins_with_its_own_words_and_figures() -> None:
    load_outline(LONDON / "programme-page.yaml")
    programme: Programme = ProgrammeFactory(layer="recorded", title="Open doors", summary="Youth clubs open late.")
    report = begin_report(
        kind="programme-page", year=FinancialYear(2020), layer="recorded", subject=programme.ref,
        by=UserFactory(role=Role.ANALYST),
    )  # fmt: skip
    said = "\n".join(report.sections.values_list("text", flat=True))
    assert "**Open doors.** Youth clubs open late." in said
    assert f"award.total programme={programme.ref}" in said
    assert "@" not in said


def test_of_several_kinds_the_one_for_a_whole_year_and_unit_is_the_annual_report() -> None:
    ReportOutlineFactory(kind="briefing", every="quarter")
    ReportOutlineFactory(kind="page", about="programme")
    with pytest.raises(CommandError, match="--kind"):
        _only_kind()
    ReportOutlineFactory(kind="year-book")
    assert _only_kind() == "year-book"
    ReportOutlineFactory(kind="another")
    with pytest.raises(CommandError, match="another, briefing, page, year-book"):
        _only_kind()


def test_the_position_quotes_what_the_annual_report_opens_with() -> None:
    value = StatedValueFactory(statement__layer="published", value=140)
    key = f"stated.value ref={value.statement.ref}.{value.key}"
    OutlineSectionFactory(outline=ReportOutlineFactory(kind="a-briefing", every="quarter"), slug="snapshot", order=1)
    OutlineSectionFactory(
        outline=ReportOutlineFactory(kind="year-book"), slug="snapshot", order=1,
        blocks=[{"kind": "figures", "keys": [key]}],
    )  # fmt: skip
    numbers = position_of(year=FinancialYear(2020), layer="published")["numbers"]
    assert [number["value"] for number in numbers] == ["140"]
