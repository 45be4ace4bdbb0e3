"""manage.py export_360giving: the awarded grants as open data, checked before anything is written."""

from __future__ import annotations

import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from evaluation.figures.snapshot import read_snapshot
from grants.exports.threesixty import Publisher, grants_json
from grants.exports.threesixty_checks import ERROR, findings
from grants.exports.threesixty_files import csv_lines, json_lines
from programmes.layers import default_layer
from vru.lib.layers import Layer


class Command(BaseCommand):
    help = "Writes the awarded grants in the 360Giving data standard 1.4, as .json or .csv by the file's ending."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", required=True, type=Path, help="The file to write: .json or .csv.")
        parser.add_argument("--layer", choices=Layer.values, help="Without it, the unit's own records.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1, with nothing written, when a grant breaks the standard. Warnings go to stderr and do not."""
        output: Path = options["output"]
        if output.suffix not in (".json", ".csv"):
            raise CommandError(f"{output.name} must end in .json or .csv.")
        today = timezone.localdate()
        with read_snapshot():
            try:
                publisher = Publisher(options["layer"] or default_layer())
            except ImproperlyConfigured as error:
                raise CommandError(str(error)) from error
            found = list(findings(grants_json(publisher), today))
            for finding in found:
                self.stderr.write(str(finding))
            if any(finding.level == ERROR for finding in found):
                raise CommandError("Nothing was written: put the errors above right first.")
            lines = json_lines(publisher, today) if output.suffix == ".json" else csv_lines(publisher)
            self._write(output, lines)
        warnings = len(found)
        self.stderr.write(f"Wrote {output}. {warnings} {'warning' if warnings == 1 else 'warnings'}.")

    def _write(self, output: Path, lines: Any) -> None:
        """Write beside the target and rename, so that a stopped command leaves no half file."""
        output.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="", dir=output.parent, prefix=f".{output.name}.", delete=False
        ) as file:
            temporary = Path(file.name)
            try:
                file.writelines(lines)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
        temporary.chmod(0o644)
        temporary.replace(output)
