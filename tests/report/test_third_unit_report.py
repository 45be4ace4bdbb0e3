"""The third unit builds its whole report from its own data: another outline, another funder, districts, no London."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import call_command

from evaluation.reports.build import NAMES, build_files
from evaluation.reports.facts import Request
from tests.loading.helpers import FENMOOR
from vru.lib.periods import FinancialYear

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FIRST_UNIT = re.compile(r"\b(London|borough|Mayor)", re.IGNORECASE)


def test_report_of_the_third_unit_is_whole_and_never_names_the_first(tmp_path: Path) -> None:
    call_command("load_demo", "--folder", str(FENMOOR), "--layer", "published")
    year = FinancialYear(2020)
    built = build_files(Request("annual-report", year, "published", year.ends_on), tmp_path)
    assert {file.path.name for file in built.files} == set(NAMES.values())
    assert built.missing == []
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    shown = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    assert not FIRST_UNIT.search(shown), FIRST_UNIT.search(shown)
    assert "district" in shown
    objectives = re.findall(r"Objective (\d+)", shown)
    assert set(objectives) == {"1", "2", "3", "4", "5"}
