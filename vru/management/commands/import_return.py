"""manage.py import_return: a filled-in workbook, checked, and saved when it has no errors."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from grants.actions.workbook import import_workbook
from grants.errors import ActionRefused
from grants.models import MonitoringReturn
from grants.workbook.findings import Finding, refused
from grants.workbook.reading import read_file
from grants.workbook.refusals import FileRefused
from grants.workbook.shape import Limits
from grants.workbook.understand import Understood, understand
from vru.accounts.models import User
from vru.management.commands.one_return import find_return


class Command(BaseCommand):
    help = "Reads a return's workbook with the site's own rules. Without errors its answers are saved as drafts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--grant", required=True, help="The grant's reference.")
        parser.add_argument("--quarter", required=True, help="Such as 2020-21Q3.")
        parser.add_argument("--dry-run", action="store_true", help="Check only; save nothing.")
        parser.add_argument("--by", default="", help="Email of the person it is saved for; without it, the system.")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        item = find_return(options["grant"], options["quarter"])
        by = _person(options["by"])
        found, understood = self._read(item, options["file"])
        errors = [finding for finding in found if finding.is_error]
        changed = 0
        if understood is not None and not errors and not options["dry_run"]:
            try:
                changed = import_workbook(monitoring_return=item, understood=understood, by=by)
            except ActionRefused as error:
                raise CommandError(str(error)) from error
        if options["format"] == "json":
            document = {
                "ok": not errors,
                "errors": [finding.for_command() for finding in errors],
                "warnings": [finding.for_command() for finding in found if not finding.is_error],
                "saved": not errors and not options["dry_run"],
                "answers_changed": changed,
            }
            self.stdout.write(json.dumps(document, indent=2, ensure_ascii=False))
        else:
            for finding in found:
                self.stdout.write(_line(finding))
        if errors:
            count = len(errors)
            raise CommandError(f"{count} thing{'' if count == 1 else 's'} to put right. Nothing was saved.")
        self.stderr.write("No errors." if options["dry_run"] else f"Saved. Answers changed: {changed}.")

    def _read(self, item: MonitoringReturn, path: Path) -> tuple[list[Finding], Understood | None]:
        try:
            # One byte more than is taken, so that a larger file is refused without being read whole.
            with path.open("rb") as file:
                data = file.read(Limits().file_bytes + 1)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        try:
            understood = understand(item, read_file(data))
        except FileRefused as refusal:
            return [refused(refusal)], None
        return understood.findings, understood


def _person(email: str) -> User | None:
    if not email:
        return None
    person = User.objects.filter(email__iexact=email).first()
    if person is None:
        raise CommandError(f"Nobody here has the email address {email}.")
    return person


def _line(finding: Finding) -> str:
    kind = "error" if finding.is_error else "warning"
    place = f"{finding.sheet}, row {finding.row}, column {finding.column}: " if finding.row else ""
    found = f" Found: {finding.value}" if finding.value else ""
    return f"{kind} {finding.rule} {place}{finding.message}{found}"
