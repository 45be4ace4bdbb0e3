"""Write docs/figures.md from the registry, or check that it is current."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from evaluation.figures import families
from evaluation.figures.family import Family

PLACE = settings.BASE_DIR / "docs" / "figures.md"
HEAD = """# Figures

Written by `manage.py figures_document` from the functions that compute the figures; do not edit it here. A test
fails when it is out of date.

A figure is asked for by its key, the same in narrative (`{{reach.new objective=5}}`), on the command line
(`manage.py figures --year 2020-21 --key "reach.new objective=5"`) and from the API
(`/api/v1/figures?year=2020-21&key=reach.new+objective=5`). Parameters stand in the order of their names.

- Every figure is of one year and one layer, as at the end of one day in London. No figure mixes layers. Without a
  layer the command line and the API use `published` in a demonstration, or where the unit has recorded nothing of
  its own yet, and `recorded` otherwise.
- Figures from returns count approved revisions only, as they stood on the day. `returns_received` is the number of
  approved returns that the figure rests on, `returns_expected` the number that should be in. Where none is approved
  there is no value: missing is not nought. An approved nil return says nought.
- `objective` is a programme's primary objective, so that totals by objective re-add; a project without one takes
  its programme's. `outcome` follows the strategy's links, and a programme may count towards several. `programme`
  counts its projects too. `none` stands for what has no theme, objective and so on.
- Counts of people over several grants are gross: a person may be counted by more than one grant.
- `until=2020-21Q3` (or a month, `until=2020-21M09`) gives a figure as the year had come to by then: quarters that had
  ended, payments that had been made. Values joined by a plus, `category=10-14+15-17`, are asked for together, and a row
  that belongs to both is counted once.
- `source` of a count of people means everybody supported by a grant that the source pays for, wholly or in part; the
  same people stand under each source of their grant. Money is divided between sources, people are not.
- A number that a document states and nothing computes appears under its own key with the basis `stated`.
- `contributions(scope, key)` gives the rows that a figure adds up, each with its return and who approved it.
"""


class Command(BaseCommand):
    help = "Writes docs/figures.md: what every figure means and which parameters it takes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="Change nothing; fail when the document is out of date."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        text = document()
        if options["check"]:
            if not PLACE.exists() or PLACE.read_text() != text:
                raise CommandError("docs/figures.md is out of date. Run: manage.py figures_document")
        else:
            PLACE.write_text(text)
            self.stdout.write(f"Wrote {PLACE}")


def document() -> str:
    """The whole document, one section a family in the order of the registry."""
    return "\n".join([HEAD, *map(_section, families())])


def _section(family: Family) -> str:
    meaning = family.definition
    named = [f"`{name}`{' (needed)' if name in family.required else ''}" for name in family.parameters]
    return "\n".join(
        [
            f"## {family.name}",
            "",
            meaning.summary,
            "",
            f"- **Numerator:** {meaning.numerator}",
            f"- **Denominator:** {meaning.denominator}",
            f"- **Exclusions:** {meaning.exclusions}",
            f"- **Unit:** {meaning.unit}",
            f"- **Source:** {meaning.source}",
            f"- **Parameters:** {', '.join(named) or 'none'}",
            "",
        ]
    )
