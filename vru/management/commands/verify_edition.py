"""Check that an edition's stored files are still the ones that were made."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evaluation.models import Edition
from evaluation.reports.verify import check_edition


class Command(BaseCommand):
    help = "Re-hashes the stored files of an edition and reads its snapshot. Nothing is rendered again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("edition", type=int, help="The edition's number in the database.")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        edition = Edition.objects.select_related("report__outline").filter(pk=options["edition"]).first()
        if edition is None:
            known = ", ".join(
                str(pk) for pk in Edition.objects.built().order_by("pk").values_list("pk", flat=True)[:20]
            )
            raise CommandError(f"There is no edition {options['edition']}. Built are: {known or 'none'}.")
        if edition.built_at is None:
            raise CommandError(f"{edition} has not been built, so there is nothing to verify.")
        checked = check_edition(edition)
        problems = [each.problem for each in checked if each.problem]
        if options["format"] == "json":
            found = {
                "edition": edition.pk,
                "snapshot_sha256": edition.snapshot_hash,
                "ok": not problems,
                "files": [each.as_json() for each in checked],
            }
            self.stdout.write(json.dumps(found, indent=2, ensure_ascii=False))
        elif not problems:
            self.stdout.write(f"{edition}: all {len(checked)} files are as they were made.")
        if problems:
            raise CommandError("\n".join(problems))
