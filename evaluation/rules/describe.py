"""The page docs/data-issues.md, made of the rules' own docstrings."""

from __future__ import annotations

from evaluation.models import DataIssue
from evaluation.rules.find import all_rules
from evaluation.rules.registry import Rule

_HEAD = """\
# Data issues

Made from the rules' docstrings by `python manage.py data_issues --write-docs`; a test keeps it true.

`python manage.py data_issues --year 2020-21` runs every rule over one year of one layer, keeps what is found, and
prints it. No rule names a source, a year or a value: contradictions follow from stated values with their bounds, from
the relations between them, from series, from what is said in words (names, dates, headings, references), from the
sections of the year's reports as they are being written, and from what the unit's own records come to. Nothing is
corrected.

- **error**: no numbers within the printed rounding could all be true.
- **warning**: something may explain it, and somebody has to say what.
- **note**: true as printed, but a reader may be misled.

An issue keeps its decision for as long as its numbers stay as they were. An accepted issue whose numbers change is
open again; one that is no longer found is marked so, and opens if it comes back.

What a rule cannot see: an argument that does not follow, and a number or a wording that is related to no other. Relate
two values in the published file, or give two wordings one `fact`, and the rules test them.

| Rule | Gravity | What it finds |
| --- | --- | --- |
"""


def page() -> str:
    """Markdown, one row for each rule, by name."""
    return _HEAD + "\n".join(_row(rule) for rule in all_rules()) + "\n"


def _row(rule: Rule) -> str:
    order = [str(each.value) for each in DataIssue.Severity]
    gravity = " or ".join(sorted(rule.severities, key=order.index))
    text = " ".join(rule.description.split())
    return f"| `{rule.slug}`<br>{rule.title} | {gravity} | {text} |"
