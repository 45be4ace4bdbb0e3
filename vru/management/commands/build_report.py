"""Make one report's files in a folder, here and now, without a worker and without keeping an edition."""

from __future__ import annotations

import datetime
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from evaluation.actions.reports import check_layer, check_time_and_subject
from evaluation.reports.as_at import check_as_at, default_as_at
from evaluation.reports.build import build_files
from evaluation.reports.errors import ReportError
from evaluation.reports.facts import Request
from evaluation.reports.outlines import find_outline
from vru.lib.layers import Layer
from vru.lib.pdf import PdfFailed, RepairError
from vru.lib.periods import FinancialYear, PeriodError


class Command(BaseCommand):
    help = "Makes a report's PDF, web page, data annex and snapshot in a folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kind", required=True, help="Kind of report, such as home-office-annual.")
        parser.add_argument("--year", required=True, help="Financial year, such as 2020-21.")
        parser.add_argument(
            "--layer", default=Layer.PUBLISHED.value, help="published (default), illustrative or recorded."
        )
        parser.add_argument("--as-at", default="", help="Position at the end of this day, such as 2021-03-31.")
        parser.add_argument("--period", default="", help="Quarter or month of the year, such as Q3 or M07.")
        parser.add_argument("--subject", default="", help="Reference of the programme that the report is about.")
        parser.add_argument("--output", required=True, type=Path, help="Folder that the files go to.")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            built = build_files(_request(options), options["output"], self._progress)
        except (ReportError, PeriodError, RepairError, PdfFailed, ImproperlyConfigured) as error:
            raise CommandError(str(error)) from error
        for key in built.missing:
            self.stderr.write(f"The narrative asks for {key}, which has no figure in this layer.")
        if options["format"] == "json":
            self.stdout.write(json.dumps(built.as_json(), indent=2, ensure_ascii=False))
        else:
            for file in built.files:
                self.stdout.write(f"{file.sha256}  {file.path}")

    def _progress(self, stage: str, percent: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"{percent:3d}% {stage}")


def _request(options: dict[str, Any]) -> Request:
    year = FinancialYear.parse(options["year"])
    check_layer(options["layer"])
    period, subject = options["period"], options["subject"]
    check_time_and_subject(find_outline(options["kind"]), options["layer"], period, subject)
    day = check_as_at(
        year, _day(options["as_at"]) if options["as_at"] else default_as_at(year, options["layer"], period)
    )
    return Request(
        kind=options["kind"],
        year=year,
        layer=options["layer"],
        as_at=day,
        period=period,
        subject=subject,
    )


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise CommandError(f'"{text}" is not a day. Write it like 2021-03-31.') from None
