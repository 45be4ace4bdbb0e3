"""manage.py load_demo: the demonstration's strategy, published facts and illustrative year."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from programmes.loading.problems import LoadError
from vru.demo.load import load_demo


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
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_demo(options["folder"], layer=options["layer"])
        except LoadError as error:
            raise CommandError(str(error)) from error
        if options["format"] == "json":
            self.stdout.write(json.dumps(loaded.as_json(), indent=2))
        else:
            self.stdout.write(loaded.sentence())
