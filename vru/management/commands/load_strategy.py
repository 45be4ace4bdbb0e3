"""manage.py load_strategy FILE: a unit's strategy, and the report outline beside it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from programmes.loading.problems import LoadError
from vru.demo.unit_files import load_unit


class Command(BaseCommand):
    help = "Load a unit's strategy, areas, dimensions and indicators from a file, with its report outline."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_unit(options["file"])
        except LoadError as error:
            raise CommandError(str(error)) from error
        if loaded.missing_programmes:
            self.stderr.write(
                f"The workplan names programmes that are not loaded: {', '.join(loaded.missing_programmes)}."
            )
        document = loaded.as_json()
        if options["format"] == "json":
            self.stdout.write(json.dumps(document, indent=2))
        else:
            self.stdout.write(loaded.sentence())
