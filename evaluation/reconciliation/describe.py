"""The document of the checks, written from their registry."""

from __future__ import annotations

from evaluation.reconciliation.registry import Check, Subject
from evaluation.reconciliation.run import checks

HEAD = """# Reconciliation

Written by `manage.py reconcile --write-docs` from the functions that compare; do not edit it here. A test fails when it
is out of date.

`manage.py reconcile --year 2020-21 [--layer published|illustrative|recorded] [--format json]` adds the money of a year
up twice, from independent tables or by independent code, and ends with 0 when everything agrees and with 1 when
anything differs. Everything is read as of one moment. The page *Reconciliation* under *Money* shows the same.

```json
{"year": "2020-21", "layer": "recorded",
 "checks": [{"name", "title", "left", "right", "difference", "left_from", "right_from", "compared", "differing"}],
 "differences": [{"name", "where", "left", "right", "difference"}]}
```

Amounts are pounds and pence as text. `checks` lists every check with the totals of both sides; `differences` every pair
that is not the same, also where two of them cancel out in the totals.

- Looked at are commitments past draft that touch the year, each whole. A draft may be half planned, and is left.
- An amount that has no second record is left and not called right: a version without noted totals, a row without a
  history, a line without changes.
- A check of a limit lays what is beyond the limit beside nothing.
- A line of the ledger that differs, or matches no payment, is left once somebody has said why on its page.
"""


def page() -> str:
    parts = [HEAD]
    for subject in Subject:
        of_subject = [each for each in checks() if each.subject is subject]
        if of_subject:
            parts += [f"## {subject.value}", "", *map(_section, of_subject)]
    return "\n".join(parts)


def _section(check: Check) -> str:
    meaning = " ".join(check.description.split())
    return "\n".join(
        [
            f"### {check.name}: {check.title}",
            "",
            meaning,
            "",
            f"- **Left:** {check.left}",
            f"- **Right:** {check.right}",
            "",
        ]
    )
