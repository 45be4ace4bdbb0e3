"""manage.py load_demo: the demonstration's strategy, published facts and illustrative year."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from programmes.loading.problems import LoadError
from vru.demo.fingerprint import fingerprint_of, is_loaded
from vru.demo.load import load_demo
from vru.demo.unit_files import Loaded


class Command(BaseCommand):
    help = "Load the demonstration. Loading it again changes nothing and destroys nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--layer", choices=["published", "illustrative", "all"], default="all")
        parser.add_argument(
            "--folder",
            type=Path,
            default=settings.BASE_DIR / "demo" / "london",
            help="A unit's folder, with its strategy.yaml and published*.yaml.",
        )
        parser.add_argument(
            "--if-changed",
            action="store_true",
            help="Do nothing when the last load was of the same files by the same code.",
        )
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        folder, layer = options["folder"], options["layer"]
        if options["if_changed"] and is_loaded(fingerprint_of(folder, layer=layer)):
            as_json = json.dumps(Loaded({}).as_json(), indent=2)
            self.stdout.write(as_json if options["format"] == "json" else "Loaded already; nothing has changed.")
            return
        try:
            loaded = load_demo(folder, layer=layer)
        except LoadError as error:
            raise CommandError(str(error)) from error
        if options["format"] == "json":
            self.stdout.write(json.dumps(loaded.as_json(), indent=2))
        else:
            self.stdout.write(loaded.sentence())
