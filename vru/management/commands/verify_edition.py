"""Check that an edition's stored files are still the ones that were made, and its imprint the one that was signed."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from evaluation.models import Edition
from evaluation.reports.verify import IMPRINT, Checked, check_edition


class Command(BaseCommand):
    help = (
        "Re-hashes the stored files of an edition, reads its snapshot and, once it is signed, its imprint and final "
        "files. Nothing is rendered again."
    )

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
                "imprint_sha256": edition.imprint_hash,
                "status": edition.status,
                "signed": _signature(edition),
                "ok": not problems,
                "files": [each.as_json() for each in checked],
            }
            self.stdout.write(json.dumps(found, indent=2, ensure_ascii=False))
        elif not problems:
            self.stdout.write(f"{edition}: {_said(checked)}")
            self.stdout.write(_about_signature(edition))
        if problems:
            raise CommandError("\n".join(problems))


def _signature(edition: Edition) -> dict[str, Any] | None:
    if edition.signed_at is None:
        return None
    return {
        "name": edition.signed_name,
        "role": edition.signed_role,
        "at": timezone.localtime(edition.signed_at).isoformat(),
        "restated": edition.is_restated,
        "finished": edition.finished_at is not None,
    }


def _said(checked: list[Checked]) -> str:
    files = [each for each in checked if each.kind != IMPRINT]
    said = f"all {len(files)} files are as they were made"
    return f"{said}, and the imprint is as it was signed." if len(files) < len(checked) else f"{said}."


def _about_signature(edition: Edition) -> str:
    if edition.signed_at is None:
        return "It is not signed."
    moment = timezone.localtime(edition.signed_at)
    said = f"Signed by {edition.signed_name}, {edition.signed_role}, on {moment:%d/%m/%Y at %H:%M}."
    return said if edition.finished_at else f"{said} Its final files are not made yet."
