"""Run the rules over a year and layer, keep what they find, and print it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from evaluation.actions.issues import refresh_issues
from evaluation.figures.asking import scope_of
from evaluation.figures.scope import Scope
from evaluation.models import DataIssue
from evaluation.rules import years_held
from evaluation.rules.describe import page
from evaluation.rules.found import GRAVEST_FIRST
from vru.lib.periods import FinancialYear

RULE_WIDTH, NUMBER_WIDTH = 27, 24


class Command(BaseCommand):
    help = "Prints the contradictions in the data of a year and layer. The rules are described in docs/data-issues.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", default="", help="Financial year, such as 2020-21.")
        parser.add_argument(
            "--layer",
            default="",
            help="published, illustrative or recorded. Without it, the layer that the figures command shows.",
        )
        parser.add_argument("--as-at", default="", help="Returns approved by the end of this day, such as 2021-03-31.")
        parser.add_argument("--format", choices=["table", "json"], default="table")
        parser.add_argument("--write-docs", action="store_true", help="Write docs/data-issues.md again, and no more.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["write_docs"]:
            (settings.BASE_DIR / "docs" / "data-issues.md").write_text(page(), encoding="utf-8")
            return
        if not options["year"]:
            raise CommandError("Say which year, such as --year 2020-21.")
        try:
            scope = scope_of(
                year=options["year"], layer=options["layer"], as_at=options["as_at"], today=timezone.localdate()
            )
            _check_year(scope)
            refresh_issues(year=scope.year, layer=scope.layer, as_at=scope.as_at if options["as_at"] else None)
        except ValueError as error:
            raise CommandError(str(error)) from error
        issues = sorted(
            DataIssue.objects.filter(year=scope.year.start, layer=scope.layer).unresolved(),
            key=lambda issue: (GRAVEST_FIRST.index(issue.severity), issue.rule, issue.where, issue.pk),
        )
        if options["format"] == "json":
            self.stdout.write(json.dumps([_as_json(issue) for issue in issues], indent=2, ensure_ascii=False))
        else:
            self._table(scope, issues)

    def _table(self, scope: Scope, issues: list[DataIssue]) -> None:
        counts = Counter(issue.severity for issue in issues)
        said = ", ".join(_counted(counts[severity], severity) for severity in GRAVEST_FIRST)
        self.stdout.write(f"{scope.year}, {scope.layer} layer: {said}")
        for issue in issues:
            head = f"{issue.severity:<8} {issue.rule:<{RULE_WIDTH}} {issue.stated:>{NUMBER_WIDTH}} | {issue.computed}"
            self.stdout.write(f"{head}  [{issue.get_status_display().lower()}]")
            self.stdout.write(f"    {issue.where}")
            self.stdout.write(f"    {issue.explanation}")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _check_year(scope: Scope) -> None:
    """Raises ValueError for a year of which the layer holds nothing: an empty list would look like a clean one."""
    held = years_held(scope.layer)
    if scope.year.start not in held:
        known = ", ".join(str(FinancialYear(year)) for year in held)
        raise ValueError(
            f"Nothing is held for {scope.year} in the {scope.layer} layer. "
            + (f"Years held: {known}." if known else "The layer is empty: load or record something first.")
        )


def _as_json(issue: DataIssue) -> dict[str, str]:
    return {
        "rule": issue.rule,
        "severity": issue.severity,
        "where": issue.where,
        "stated": issue.stated,
        "computed": issue.computed,
        "difference": issue.difference,
        "source": "; ".join(issue.sources),
        "status": issue.status,
    }
