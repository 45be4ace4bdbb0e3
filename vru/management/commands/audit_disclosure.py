"""Work out what an edition, with all that was signed before it, tells about few people."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evaluation.disclosure_audit import audit_edition
from evaluation.models import Edition


class Command(BaseCommand):
    help = "Attacks the stored files of an edition: can a small count of people be told from everything published?"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("edition", type=int, help="The edition's number in the database.")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        edition = Edition.objects.select_related("report__outline").filter(pk=options["edition"]).first()
        if edition is None or edition.built_at is None:
            known = ", ".join(
                str(pk) for pk in Edition.objects.built().order_by("pk").values_list("pk", flat=True)[:20]
            )
            raise CommandError(f"There is no built edition {options['edition']}. Built are: {known or 'none'}.")
        exposures = audit_edition(edition)
        if options["format"] == "json":
            found = {
                "edition": edition.pk,
                "snapshot_sha256": edition.snapshot_hash,
                "ok": not exposures,
                "exposures": [each.as_json() for each in exposures],
            }
            self.stdout.write(json.dumps(found, indent=2, ensure_ascii=False))
        elif not exposures:
            self.stdout.write(f"{edition}: no small count of people can be told from what is published.")
        if exposures:
            raise CommandError("\n".join(each.sentence for each in exposures))
