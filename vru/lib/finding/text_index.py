"""The index of a table's words, for PostgreSQL; other databases look through the rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import migrations

from vru.lib.finding.full_text import CONFIG


def text_index(model: str, fields: Sequence[str]) -> migrations.RunPython:
    """A step of a migration: the index that ``matching`` finds rows of this model and these fields by.

    ``model`` is its label, such as "grants.Commitment". The expression is the one that SearchVector writes, to the
    letter: another one would never be used.
    """

    def make(apps: Any, editor: Any) -> None:
        if editor.connection.vendor == "postgresql":
            table, name, said = _parts(apps, editor, model, fields)
            editor.execute(f"CREATE INDEX {name} ON {table} USING gin (to_tsvector('{CONFIG}'::regconfig, {said}))")

    def drop(apps: Any, editor: Any) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP INDEX {_parts(apps, editor, model, fields)[1]}")

    return migrations.RunPython(make, drop)


def _parts(apps: Any, editor: Any, model: str, fields: Sequence[str]) -> tuple[str, str, str]:
    """The table, the index's name, and the text of a row."""
    options, quote = apps.get_model(model)._meta, editor.quote_name
    table = options.db_table
    said = " || ' ' || ".join(f"COALESCE({quote(options.get_field(name).column)}, '')" for name in fields)
    return quote(table), quote(f"{table}_words"), said
