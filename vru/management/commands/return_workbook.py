"""manage.py return_workbook: one return as a workbook to fill in."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from grants.workbook.make import return_workbook
from vru.management.commands.one_return import find_return


class Command(BaseCommand):
    help = "Writes the workbook of one return, filled in with what is saved. `returns --status open` lists them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--grant", required=True, help="The grant's reference.")
        parser.add_argument("--quarter", required=True, help="Such as 2020-21Q3.")
        parser.add_argument("--output", required=True, type=Path, help="The .xlsx file to write.")

    def handle(self, *args: Any, **options: Any) -> None:
        item = find_return(options["grant"], options["quarter"])
        data = return_workbook(item)
        try:
            options["output"].write_bytes(data)
        except OSError as error:
            raise CommandError(f"{options['output']} cannot be written: {error.strerror}.") from error
        self.stderr.write(f"{options['output']}: the return of {item}, {len(data):,} bytes.")
