"""Print the published figures of a year and layer, for people and for scripts."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from evaluation.figures.asking import figures_json, scope_of
from evaluation.figures.figure import Figure
from evaluation.figures.registry import compute
from evaluation.figures.scope import Scope
from evaluation.figures.snapshot import read_snapshot

KEY_WIDTH, VALUE_WIDTH = 62, 18


class Command(BaseCommand):
    help = "Prints the figures of a year and layer. Definitions are in docs/figures.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", required=True, help="Financial year, such as 2020-21.")
        parser.add_argument(
            "--layer",
            default="",
            help="published, illustrative or recorded. Without it: published in a demonstration or where the unit has "
            "recorded nothing yet, otherwise recorded.",
        )
        parser.add_argument("--as-at", default="", help="Position at the end of this day, such as 2021-03-31.")
        parser.add_argument(
            "--key",
            action="append",
            default=None,
            help='One figure, such as "reach.new objective=5"; may be given several times. Without it: all figures.',
        )
        parser.add_argument("--format", choices=["table", "json"], default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with read_snapshot():
                scope = scope_of(
                    year=options["year"],
                    layer=options["layer"],
                    as_at=options["as_at"],
                    today=timezone.localdate(),
                )
                figures = list(compute(scope, options["key"]).values())
        except ValueError as error:
            raise CommandError(str(error)) from error
        if options["format"] == "json":
            self.stdout.write(json.dumps(figures_json(scope, figures), indent=2, ensure_ascii=False))
        else:
            self._table(scope, figures)

    def _table(self, scope: Scope, figures: list[Figure]) -> None:
        self.stdout.write(f"{scope.year}, {scope.layer} layer, as at {scope.as_at}")
        for figure in figures:
            self.stdout.write(f"{figure.key:<{KEY_WIDTH}} {figure.display:>{VALUE_WIDTH}}  {_basis(figure)}".rstrip())
        if not figures:
            self.stderr.write("There are no figures for this year and layer.")


def _basis(figure: Figure) -> str:
    if figure.returns_expected is not None:
        return f"from {figure.returns_received} of {figure.returns_expected} returns"
    return f"{figure.basis}: {'; '.join(figure.sources)}" if figure.sources else figure.basis
