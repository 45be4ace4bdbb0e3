"""manage.py load_population FILE: how many people live in each area, by year and ages."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from programmes.loading.population import COLUMNS, load_population
from programmes.loading.problems import LoadError
from vru.lib.layers import Layer


class Command(BaseCommand):
    help = (
        "Load estimates of population from a CSV, Excel or OpenDocument file. Its columns are "
        f"{', '.join(COLUMNS)}: the area's code, the year of the estimate, the youngest and oldest age counted, how "
        "many people, and who published it. All rows are stored, or none. Running it again changes what is different."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--layer", choices=Layer.values, default=Layer.RECORDED.value)
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counts = load_population(options["file"], layer=options["layer"])
        except LoadError as error:
            raise CommandError(str(error)) from error
        if options["format"] == "json":
            self.stdout.write(json.dumps(counts, indent=2))
        else:
            said = ", ".join(f"{many} {what}" for what, many in counts.items())
            self.stdout.write(f"Population loaded from {options['file'].name}: {said}.")
