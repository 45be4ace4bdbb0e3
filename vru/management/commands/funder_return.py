"""A funder's return as JSON, workbook or PDF: of a quarter, month or year as things stand, or of an edition."""

from __future__ import annotations

import datetime
import json
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evaluation.actions.reports import check_layer
from evaluation.models import Edition, EditionFile, ReportOutline
from evaluation.reports.annex import annex_xlsx
from evaluation.reports.as_at import check_as_at, default_as_at
from evaluation.reports.build import NAMES, build_from
from evaluation.reports.errors import ReportError
from evaluation.reports.facts import Facts, Request, read_facts
from evaluation.reports.forms.export import return_json
from evaluation.reports.imprint import WORKING, Imprint
from evaluation.reports.outlines import find_outline
from evaluation.reports.verify import read_imprint
from evaluation.tracing.stored import facts_of
from vru.lib.layers import Layer
from vru.lib.pdf import PdfFailed, RepairError
from vru.lib.periods import FinancialYear, Month, PeriodError, Quarter


class Command(BaseCommand):
    help = "Writes a funder's return as JSON, XLSX or PDF."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kind", default="", help="Kind of report, such as home-office-quarterly.")
        parser.add_argument("--quarter", default="", help="Such as 2020-21Q3.")
        parser.add_argument("--month", default="", help="Such as 2020-21M07, which is October 2020.")
        parser.add_argument("--year", default="", help="Such as 2020-21, for a kind that is made once a year.")
        parser.add_argument("--edition", type=int, help="Number of a built edition, instead of kind and time.")
        parser.add_argument(
            "--layer", default=Layer.RECORDED.value, help="recorded (default), published or illustrative."
        )
        parser.add_argument("--as-at", default="", help="Position at the end of this day, such as 2021-02-15.")
        parser.add_argument("--format", choices=["json", "xlsx", "pdf"], default="json")
        parser.add_argument("--output", type=Path, default=None, help="File to write; JSON is printed without it.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["format"] != "json" and options["output"] is None:
            raise CommandError("Say which file to write with --output.")
        try:
            facts, imprint = _edition(options["edition"]) if options["edition"] else _as_things_stand(options)
            content = _content(facts, imprint, options["format"])
        except (ReportError, PeriodError, PdfFailed, RepairError) as error:
            raise CommandError(str(error)) from error
        if options["output"] is None:
            self.stdout.write(content.decode())
            return
        try:
            options["output"].write_bytes(content)
        except OSError as error:
            raise CommandError(f"{options['output']} cannot be written: {error.strerror or error}.") from error
        self.stdout.write(str(options["output"]))


def _as_things_stand(options: dict[str, Any]) -> tuple[Facts, Imprint]:
    if not options["kind"]:
        raise CommandError("Say which kind of report with --kind, or name an edition with --edition.")
    outline = find_outline(options["kind"])
    check_layer(options["layer"])
    year, period = _time(outline, options)
    as_at = check_as_at(
        year, _day(options["as_at"]) if options["as_at"] else default_as_at(year, options["layer"], period)
    )
    return read_facts(Request(outline.kind, year, options["layer"], as_at, period)), WORKING


def _time(outline: ReportOutline, options: dict[str, Any]) -> tuple[FinancialYear, str]:
    """The year and the period of it that the kind is made for."""
    every = ReportOutline.Every(outline.every)
    named = options[every.value]
    if not named:
        raise CommandError(f'The report "{outline.kind}" is made for {every.label.lower()}. Say which with --{every}.')
    if every == ReportOutline.Every.QUARTER:
        quarter = Quarter.parse(named)
        return quarter.financial_year, f"Q{quarter.number}"
    if every == ReportOutline.Every.MONTH:
        month = Month.parse(named)
        return FinancialYear(month.year), f"M{month.number:02d}"
    return FinancialYear.parse(named), ""


def _edition(pk: int) -> tuple[Facts, Imprint]:
    """From what is stored alone, so that a signed return stays what it was."""
    edition = Edition.objects.built().filter(pk=pk).first()
    if edition is None:
        raise CommandError(f"There is no built edition {pk}.")
    imprint = read_imprint(edition) if edition.imprint else Imprint(edition.number, edition.status)
    return facts_of(edition), imprint


def _content(facts: Facts, imprint: Imprint, shape: str) -> bytes:
    if shape == "json":
        return json.dumps(return_json(facts, imprint), indent=2, ensure_ascii=False).encode()
    if shape == "xlsx":
        return annex_xlsx(facts, imprint)
    with tempfile.TemporaryDirectory(prefix="return-") as folder:
        build_from(facts, imprint, Path(folder))
        return (Path(folder) / NAMES[EditionFile.Kind.PDF]).read_bytes()


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise CommandError(f'"{text}" is not a day. Write it like 2021-02-15.') from None
