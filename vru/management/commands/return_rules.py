"""Print docs/return-rules.md, the rules of the quarterly return; write it, or check that it is current."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from grants.validation.document import rules_document

PLACE = settings.BASE_DIR / "docs" / "return-rules.md"


class Command(BaseCommand):
    help = "Prints how a return is checked: every rule with its code, meaning and threshold, as Markdown."

    def add_arguments(self, parser: ArgumentParser) -> None:
        group = parser.add_mutually_exclusive_group()
        group.add_argument("--write", action="store_true", help="Write docs/return-rules.md instead of printing.")
        group.add_argument("--check", action="store_true", help="Print nothing; fail when the document is out of date.")

    def handle(self, *args: Any, **options: Any) -> None:
        text = rules_document()
        if options["write"]:
            PLACE.write_text(text, encoding="utf-8")
            self.stderr.write(f"Wrote {PLACE}")
        elif not options["check"]:
            self.stdout.write(text, ending="")
        elif not PLACE.exists() or PLACE.read_text(encoding="utf-8") != text:
            raise CommandError("docs/return-rules.md is out of date. Run: manage.py return_rules --write")
