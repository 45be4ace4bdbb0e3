"""What taking a register over would do: what is new, what changes (from what to what), and what stands in the way."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from grants.imports.register_columns import labelled
from grants.imports.register_grants import grant_steps
from grants.imports.register_match import NUMBERS, OrganisationIndex
from grants.imports.register_reading import Record, Register
from grants.imports.register_steps import Step
from grants.imports.register_values import Values
from programmes.models import Programme
from vru.accounts.models import Organisation

KINDS = ("programmes", "organisations", "grants")
_ORGANISATION = ("name", "kind", "charity_number", "company_number", "postcode")
_PROGRAMME = ("title", "theme", "primary_objective", "level")


@dataclass
class Plan:
    """Steps by kind, in the order of the file. ``digest`` marks what was shown: another one was not agreed to."""

    register: Register
    steps: dict[str, list[Step]] = field(default_factory=lambda: {kind: [] for kind in KINDS})

    @property
    def ok(self) -> bool:
        return not self.register.problems

    @property
    def digest(self) -> str:
        said = [[kind, step.key, step.is_new, step.lines()] for kind in KINDS for step in self.steps[kind]]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()

    def counts(self) -> dict[str, dict[str, int]]:
        return {
            kind: {
                "new": sum(step.is_new for step in steps),
                "changed": sum(step.is_changed for step in steps),
                "unchanged": sum(not step.is_new and not step.is_changed for step in steps),
            }
            for kind, steps in self.steps.items()
        }

    def summary(self) -> dict[str, Any]:
        """What is kept with the upload and shown before anything is written."""
        changes = [
            {"kind": kind, "key": step.key, "row": step.record.row, "lines": step.lines()}
            for kind in KINDS
            for step in self.steps[kind]
            if step.is_changed
        ]
        notes = [{"row": row, "text": text, "note": note} for row, text, note in self.register.notes]
        return {
            "rows": self.register.rows,
            "counts": self.counts(),
            "changes": changes,
            "notes": notes,
            "digest": self.digest,
        }


def plan_register(register: Register, values: Values) -> Plan:
    """Compare with what is here. Fixed in queries, whatever the rows. Problems are added to the register's."""
    plan = Plan(register)
    plan.steps["programmes"] = _programmes(register, values)
    plan.steps["organisations"] = _organisations(register, values)
    items = {id(step.record): step.item for kind in KINDS for step in plan.steps[kind]}
    plan.steps["grants"] = grant_steps(register, values, items)
    register.problems.sort(key=lambda problem: (problem.row, len(problem.column), problem.column))
    return plan


def _programmes(register: Register, values: Values) -> list[Step]:
    refs = [record.said["ref"] for record in register.programmes.values()]
    here = _by_ref(Programme.objects.select_related("theme", "primary_objective"), refs)
    steps = []
    for record in register.programmes.values():
        row = here.get(record.said["ref"])
        if row is not None and row.layer != values.layer:
            register.problem(
                record.row, "programme.ref", row.ref, "This programme belongs to another layer of records."
            )
            continue
        step = Step(record, row or Programme(ref=record.said["ref"], layer=values.layer), is_new=row is None)
        if row is None:
            _need(register, record, "programme", ("title", "level"))
            step.item.status = record.said.get("status", Programme.Status.DRAFT)
        step.take({name: record.said[name] for name in _PROGRAMME if name in record.said})
        steps.append(step)
    return steps


def _organisations(register: Register, values: Values) -> list[Step]:
    index = OrganisationIndex(values.layer)
    steps: list[Step] = []
    taken: dict[int, Record] = {}
    for record in register.organisations.values():
        row = index.find(record.said)
        if row is not None and row.pk in taken:
            register.problem(
                record.row,
                "organisation.name",
                str(record.said.get("name", "")),
                f"Row {taken[row.pk].row} is about the same organisation, {row.name}. Give both rows the same number "
                "and name.",
            )
            continue
        if row is not None:
            taken[row.pk] = record
        steps.append(_organisation(register, record, row, values, index))
    return steps


def _organisation(
    register: Register, record: Record, row: Organisation | None, values: Values, index: OrganisationIndex
) -> Step:
    said = {name: record.said[name] for name in _ORGANISATION if name in record.said}
    step = Step(record, row or Organisation(layer=values.layer), is_new=row is None)
    if row is None:
        if "kind" not in said and (kind := _kind_by_number(said)):
            said["kind"] = kind
        _need(register, record, "organisation", ("name",))
        several = index.means_several(record.said)
        if several:
            register.problem(
                record.row,
                "organisation.name",
                str(said.get("name", "")),
                f"This name may mean {' or '.join(several)}. Give the number or the reference of the one you mean.",
            )
        if "kind" not in said:
            register.problem(
                record.row, "organisation.kind", "", "Say what kind of organisation this is: it is new here."
            )
        step.item.ref = index.new_ref(record.said.get("ref", ""), str(said.get("name", "")))
    elif "name" in said and index.is_own_name(row, said["name"]):
        # A former name finds the organisation; it does not bring the old name back.
        del said["name"]
    for name in NUMBERS:
        holder = index.by_number.get((name, said.get(name, "")))
        if holder is not None and (row is None or holder.pk != row.pk):
            register.problem(record.row, f"organisation.{name}", said[name], f"{holder.name} has this number already.")
    step.take(said)
    return step


def _kind_by_number(said: Mapping[str, Any]) -> str:
    if said.get("charity_number"):
        return Organisation.Kind.CHARITY
    return Organisation.Kind.COMPANY if said.get("company_number") else ""


def _need(register: Register, record: Record, kind: str, names: Iterable[str]) -> None:
    for name in names:
        if not record.said.get(name) and (record.row, f"{kind}.{name}") not in register.unread:
            label = labelled(f"{kind}.{name}")
            register.problem(record.row, f"{kind}.{name}", "", f"{label} is needed: this {kind} is new here.")


def _by_ref(rows: Any, refs: list[str]) -> dict[str, Any]:
    """Rows by reference, a few hundred at a time: databases limit what one question may list."""
    found = {}
    for start in range(0, len(refs), 500):
        found.update({row.ref: row for row in rows.filter(ref__in=refs[start : start + 500])})
    return found
