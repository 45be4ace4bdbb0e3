"""Add up the money of a year twice, from independent tables, and print what does not agree."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from evaluation.figures.asking import scope_of
from evaluation.figures.snapshot import read_snapshot
from evaluation.reconciliation import Compared, Reconciliation, pounds, reconcile
from evaluation.reconciliation.describe import page

NAME_WIDTH, MONEY_WIDTH = 24, 18


class Command(BaseCommand):
    help = (
        "Lays totals of a year beside the same totals from other tables. Ends with 1 when anything differs. "
        "The checks are described in docs/reconciliation.md."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", default="", help="Financial year, such as 2020-21.")
        parser.add_argument(
            "--layer",
            default="",
            help="published, illustrative or recorded. Without it, the layer that the figures command shows.",
        )
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument(
            "--write-docs", action="store_true", help="Write docs/reconciliation.md again, and no more."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["write_docs"]:
            (settings.BASE_DIR / "docs" / "reconciliation.md").write_text(page(), encoding="utf-8")
            return
        if not options["year"]:
            raise CommandError("Say which year, such as --year 2020-21.")
        try:
            with read_snapshot():
                scope = scope_of(year=options["year"], layer=options["layer"], as_at="", today=timezone.localdate())
                found = reconcile(scope)
        except ValueError as error:
            raise CommandError(str(error)) from error
        if options["format"] == "json":
            self.stdout.write(json.dumps(found.as_json(), indent=2, ensure_ascii=False))
        else:
            self._text(found)
        if not found.agrees:
            sys.exit(1)

    def _text(self, found: Reconciliation) -> None:
        count = found.differences
        said = "everything agrees" if found.agrees else f"{count} {'difference' if count == 1 else 'differences'}"
        self.stdout.write(f"{found.scope.year}, {found.scope.layer} layer: {said}")
        for compared in found.compared:
            self.stdout.write(_line(compared))
            for pair in compared.differing:
                amounts = f"{pounds(pair.left)} against {pounds(pair.right)}"
                self.stdout.write(f"    {pair.where}: {amounts}, {pounds(pair.difference)} apart")


def _line(compared: Compared) -> str:
    amounts = f"{pounds(compared.left):>{MONEY_WIDTH}} {pounds(compared.right):>{MONEY_WIDTH}}"
    verdict = "agrees" if compared.agrees else f"{len(compared.differing)} differ"
    return f"{compared.check.name:<{NAME_WIDTH}} {amounts}  {compared.pairs:>5} compared, {verdict}"
