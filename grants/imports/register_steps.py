"""One programme, organisation or grant of a register beside what is here: new, changed or unchanged."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from grants.imports.register_columns import labelled
from grants.imports.register_reading import Record
from vru.lib.money import Money
from vru.lib.periods import FinancialYear, long_date

Splits = Mapping[tuple[Any, int], int]


@dataclass
class Step:
    """``item`` is the row as it would be saved; ``before`` holds what stood in the fields that change.

    ``splits`` and ``shares`` are None where the file says nothing about them.
    """

    record: Record
    item: Any
    is_new: bool
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    splits: dict[tuple[Any, int], int] | None = None
    shares: dict[Any, int] | None = None

    @property
    def key(self) -> str:
        return str(self.item.ref or self.record.said.get("name", ""))

    @property
    def is_changed(self) -> bool:
        return not self.is_new and bool(self.after)

    def take(self, said: Mapping[str, Any]) -> None:
        """Put the values into the row, remembering what they replace."""
        for name, value in said.items():
            old = getattr(self.item, name) if not self.is_new or not _is_link(self.item, name) else None
            if self.is_new or old != value:
                if not self.is_new:
                    self.before[name], self.after[name] = old, value
                setattr(self.item, name, value)

    def lines(self) -> list[list[str]]:
        """[label, before, after] of each field that changes, as a person reads them."""
        kind = self.record.kind
        return [
            [_label(kind, name), shown(name, self.before.get(name), self.item), shown(name, value, self.item)]
            for name, value in self.after.items()
        ]


def _is_link(item: models.Model, name: str) -> bool:
    return bool(item._meta.get_field(name).is_relation)


def _label(kind: str, name: str) -> str:
    special = {"splits": "Funding sources", "shares": "Areas", "programme": "Programme", "organisation": "Organisation"}
    return special.get(name) or labelled(f"{kind}.{name}")


def shown(name: str, value: Any, item: Any = None) -> str:
    """A value as a person reads it."""
    if value is None or value in ("", {}):
        return "nothing"
    if name.endswith("_pence"):
        return str(Money(value))
    if name == "splits":
        parts = sorted(value.items(), key=lambda each: (each[0][1], str(each[0][0])))
        return "; ".join(f"{source} {FinancialYear(year)} {Money(pence)}" for (source, year), pence in parts)
    if name == "shares":
        parts = sorted(value.items(), key=lambda each: (each[0].order, each[0].code))
        return "; ".join(f"{area} {Money(pence)}" for area, pence in parts)
    if isinstance(value, datetime.date):
        return long_date(value)
    if item is not None and name in {"kind", "level", "status"}:
        return str(dict(item._meta.get_field(name).choices).get(value, value))
    return str(value)
