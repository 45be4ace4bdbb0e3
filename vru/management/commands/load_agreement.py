"""Load a template of agreements: manage.py load_agreement FILE."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grants.agreements.loading import load_template
from grants.errors import ActionRefused


class Command(BaseCommand):
    help = "Load the template of an award's agreement from a Markdown file; other words make a new version."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="e.g. demo/agreements/grant-agreement.md")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            template = load_template(options["file"])
        except (OSError, UnicodeDecodeError, ActionRefused) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{template} is current.")
