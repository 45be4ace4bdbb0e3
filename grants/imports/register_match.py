"""Which organisation a row of a register means: by number, else reference, else name or former name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils.text import slugify

from vru.accounts.actions.organisations import LONGEST_REF, RESERVED
from vru.accounts.models import FormerName, Organisation

NUMBERS = ("charity_number", "company_number")


class OrganisationIndex:
    """The organisations of a layer, read once. One that was merged leads to the one it was merged into."""

    def __init__(self, layer: str) -> None:
        rows = {row.pk: row for row in Organisation.objects.in_layer(layer).order_by("pk")}
        self.by_number: dict[tuple[str, str], Organisation] = {}
        self.by_ref: dict[str, Organisation] = {}
        self._named: dict[str, set[int]] = defaultdict(set)
        self._names: dict[int, set[str]] = defaultdict(set)
        self._rows = rows
        self._taken = set(Organisation.objects.values_list("ref", flat=True)) | RESERVED
        for row in rows.values():
            stands = rows[row.merged_into_id] if row.merged_into_id else row
            self.by_ref[row.ref] = stands
            for name in NUMBERS:
                # A number of its own goes before one that came with a merger.
                if getattr(row, name) and (row is stands or (name, getattr(row, name)) not in self.by_number):
                    self.by_number[name, getattr(row, name)] = stands
            self._call(stands, row.name)
        for pk, name in FormerName.objects.filter(organisation__layer=layer).values_list("organisation_id", "name"):
            row = rows[pk]
            self._call(rows[row.merged_into_id] if row.merged_into_id else row, name)

    def _call(self, row: Organisation, name: str) -> None:
        self._named[name.casefold()].add(row.pk)
        self._names[row.pk].add(name.casefold())

    def find(self, said: Mapping[str, Any]) -> Organisation | None:
        """None for one that is not here, or whose name alone may mean several."""
        for name in NUMBERS:
            if said.get(name) and (found := self.by_number.get((name, said[name]))):
                return found
        if said.get("ref"):
            return self.by_ref.get(said["ref"])
        named = self._named.get(str(said.get("name", "")).casefold(), set())
        return self._rows[next(iter(named))] if len(named) == 1 else None

    def means_several(self, said: Mapping[str, Any]) -> list[str]:
        """Names of the organisations that a name alone may mean; [] when it means one or none."""
        if any(said.get(name) for name in (*NUMBERS, "ref")):
            return []
        named = self._named.get(str(said.get("name", "")).casefold(), set())
        return [f"{self._rows[pk].name} ({self._rows[pk].ref})" for pk in sorted(named)] if len(named) > 1 else []

    def is_own_name(self, row: Organisation, name: str) -> bool:
        """A name it has or used to have, whatever its capitals, other than exactly the one it has now."""
        return name != row.name and name.casefold() in self._names[row.pk]

    def new_ref(self, wanted: str, name: str) -> str:
        """The reference wanted, or one made of the name, not taken here nor by an earlier row."""
        base = slugify(wanted or name)[: LONGEST_REF - 4].strip("-") or "organisation"
        ref, number = base, 1
        while ref in self._taken:
            number += 1
            ref = f"{base}-{number}"
        self._taken.add(ref)
        return ref
