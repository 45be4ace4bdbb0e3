"""The rules written out as Markdown, from the registry and the catalogue."""

from __future__ import annotations

from django.conf import settings

from grants.validation.catalogue import ITEMS, Item, Kind
from grants.validation.registry import Rule, rules_in_order

HEAD = """# How a return is checked

Written by `manage.py return_rules --write` from the rules themselves; do not edit it here. A test fails when it is out
of date.

One validator, `grants.validation.validate`, checks a return however it comes in: website, workbook or a grantee's own
system. Every finding has a code, a section, a box, a message and what was found. Codes are stable: scripts may rely on
them. `R1xx` stops a submission; `W2xx` lets it pass with a sentence of explanation, which the reviewer reads first.
"""


def rules_document() -> str:
    """The whole document; ends with a newline."""
    rules = rules_in_order()
    return "\n".join(
        [
            HEAD,
            "## Errors",
            "",
            *_table([rule for rule in rules if rule.is_error]),
            "## Warnings",
            "",
            *_table([rule for rule in rules if not rule.is_error]),
            "## Thresholds",
            "",
            "In `settings.RETURN_THRESHOLDS`.",
            "",
            "| setting | value | used by |",
            "| --- | --- | --- |",
            *[f"| `{name}` | {value} | {_users(name, rules)} |" for name, value in settings.RETURN_THRESHOLDS.items()],
            "",
            "## What may go wrong, and where it is dealt with",
            "",
            *[line for kind in Kind for line in _items(kind)],
        ]
    )


def _table(rules: list[Rule]) -> list[str]:
    rows = [f"| {rule.code} | `{rule.name}` | {_cell(rule.meaning)}{_note(rule)} |" for rule in rules]
    return ["| code | name | meaning |", "| --- | --- | --- |", *rows, ""]


def _note(rule: Rule) -> str:
    if rule.staff_only:
        return " *Staff only.*"
    return "" if rule.for_nil else " *Not for a nil return.*"


def _users(name: str, rules: list[Rule]) -> str:
    return ", ".join(rule.code for rule in rules if name in rule.thresholds)


def _items(kind: Kind) -> list[str]:
    rows = [f"| {_cell(item.what)} | {_where(item)} | {_cell(item.how)} |" for item in ITEMS if item.kind is kind]
    return [f"### {kind.value}", "", "| what | rule or place | how |", "| --- | --- | --- |", *rows, ""]


def _where(item: Item) -> str:
    return ", ".join([*item.codes, *(f"`{place.replace(':', '.')}`" for place in item.places)])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
