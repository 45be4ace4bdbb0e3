"""manage.py import_register: a register of programmes, organisations and grants, checked, and taken over as a whole."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from grants.errors import ActionRefused
from grants.imports.register import apply_register, check_register
from grants.imports.register_plan import Plan
from grants.imports.register_uploads import read_file
from vru.accounts.models import User
from vru.lib.layers import Layer
from vru.lib.tables import ReadingLimits, TableRefused


class Command(BaseCommand):
    help = "Reads a register (CSV, XLSX or ODS) with the site's own rules; without problems all of it is written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="Check only; write nothing.")
        parser.add_argument("--layer", choices=Layer.values, default=Layer.RECORDED.value)
        parser.add_argument("--by", default="", help="Email of the person it is imported for; without it, the system.")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        by = _person(options["by"])
        try:
            table = read_file(options["file"].name, _bytes(options["file"]))
            plan = check_register(table, layer=options["layer"])
            written = plan.ok and not options["dry_run"]
            if written:
                apply_register(
                    table, layer=options["layer"], columns=None, by=by, today=timezone.localdate(), agreed=plan.digest
                )
        except (ActionRefused, TableRefused) as refused:
            raise CommandError(str(refused)) from refused
        if options["format"] == "json":
            self.stdout.write(json.dumps(_document(plan, written), indent=2, ensure_ascii=False))
        else:
            self._tell(plan)
        if not plan.ok:
            raise CommandError(f"{len(plan.register.problems)} to put right. Nothing was written.")
        self.stderr.write("Written." if written else "Nothing was written: dry run.")

    def _tell(self, plan: Plan) -> None:
        for problem in plan.register.problems:
            place = f"{problem.sheet}, row {problem.row}, column {problem.column or '–'}: " if problem.row else ""
            self.stdout.write(f"{place}{problem.message}{f' Found: {problem.value}' if problem.value else ''}")
        for kind, counts in plan.counts().items():
            self.stdout.write(f"{kind}: " + ", ".join(f"{count} {what}" for what, count in counts.items()))


def _document(plan: Plan, written: bool) -> dict[str, Any]:
    return {
        "ok": plan.ok,
        "written": written,
        "problems": [problem.as_json() for problem in plan.register.problems],
        **plan.summary(),
    }


def _bytes(path: Path) -> bytes:
    try:
        # One byte more than is taken, so that a larger file is refused without being read whole.
        with path.open("rb") as file:
            return file.read(ReadingLimits().file_bytes + 1)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error


def _person(email: str) -> User | None:
    if not email:
        return None
    person = User.objects.filter(email__iexact=email).first()
    if person is None:
        raise CommandError(f"Nobody here has the email address {email}.")
    return person
