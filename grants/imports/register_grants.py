"""A register's grants beside those that are here, and whether the money adds up and is there to be promised."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from grants.imports.register_columns import labelled
from grants.imports.register_reading import Record, Register, splits_in_pence
from grants.imports.register_steps import Step, shown
from grants.imports.register_values import Values, shares_in_pence
from grants.models import Commitment
from grants.money.headroom import Headroom, headrooms
from grants.money.plan_rules import term_problem
from vru.lib.money import Money
from vru.lib.periods import FinancialYear

_PLAIN = ("title", "description", "kind", "category", "award_pence", "starts_on", "ends_on", "awarded_on", "decision")
# What a register may change of a grant that was offered: nothing that was promised.
_HARMLESS = {"title", "description", "decision", "manager"}
_NEEDED = ("title", "category", "award_pence", "starts_on", "ends_on")
_BATCH = 500


def grant_steps(register: Register, values: Values, items: dict[int, Any]) -> list[Step]:
    """``items`` maps the id of a programme's or organisation's record to its row. Problems go to the register."""
    here = _here([record.said["ref"] for record in register.grants.values()])
    steps = []
    for record in register.grants.values():
        row = here.get(record.said["ref"])
        if row is not None and row.programme.layer != values.layer:
            register.problem(record.row, "grant.ref", row.ref, "This grant belongs to another layer of records.")
            continue
        said = _said(record, items)
        step = Step(record, row or Commitment(ref=record.said["ref"]), is_new=row is None)
        if row is None:
            _new(register, step, said)
        elif row.status == Commitment.Status.DRAFT:
            _draft(register, step, said)
        else:
            _promised(register, step, said)
        steps.append(step)
    _check_room(register, values.layer, steps)
    return steps


def _here(refs: list[str]) -> dict[str, Commitment]:
    links = Commitment.objects.select_related("programme", "organisation", "category", "decision", "manager")
    found = {}
    for start in range(0, len(refs), _BATCH):
        rows = links.filter(ref__in=refs[start : start + _BATCH])
        found.update({row.ref: row for row in rows.prefetch_related("splits__source", "area_shares__area")})
    return found


def _said(record: Record, items: dict[int, Any]) -> dict[str, Any]:
    said = {name: record.said[name] for name in (*_PLAIN, "manager") if name in record.said}
    for side in ("programme", "organisation"):
        other = getattr(record, side)
        if other is not None and id(other) in items:
            said[side] = items[id(other)]
    return said


def _new(register: Register, step: Step, said: dict[str, Any]) -> None:
    record = step.record
    missing = [name for name in _NEEDED if name not in said]
    for name in missing:
        if (record.row, f"grant.{name}") in register.unread:
            continue
        register.problem(
            record.row, f"grant.{name}", "", f"{labelled(f'grant.{name}')} is needed: this grant is new here."
        )
    for side, name in (("programme", "programme.ref"), ("organisation", "organisation.name")):
        if side not in said and getattr(record, side) is None:
            register.problem(record.row, name, "", f"Say which {side} the grant belongs to: it is new here.")
    step.item.status = record.said.get("status", Commitment.Status.DRAFT)
    step.take(said)
    if missing:
        return
    _check_dates(register, step)
    _money(register, step)


def _draft(register: Register, step: Step, said: dict[str, Any]) -> None:
    _check_status(register, step)
    splits, shares = current_splits(step.item), current_shares(step.item)
    step.take(said)
    _check_dates(register, step)
    _money(register, step, splits, shares)


def _promised(register: Register, step: Step, said: dict[str, Any]) -> None:
    """Past the draft: what was promised is compared and refused where it differs, the rest is taken."""
    record, item = step.record, step.item
    _check_status(register, step)
    free = _HARMLESS | ({"awarded_on"} if item.awarded_on is None else set())
    for name, value in said.items():
        if name not in free and getattr(item, name) != value:
            column = {"programme": "programme.ref", "organisation": "organisation.name"}.get(name, f"grant.{name}")
            _refuse_change(register, step, column, name, getattr(item, name), value)
    splits = splits_in_pence(register, record, item.award_pence, item.starts_on, item.ends_on)
    if splits and (before := current_splits(item)) != splits:
        _refuse_change(register, step, "grant.source", "splits", before, splits)
    if "shares" in record.said:
        shares, before = shares_in_pence(record.said["shares"], item.award_pence), current_shares(item)
        if before != {area: pence for area, pence in shares.items() if pence}:
            _refuse_change(register, step, "grant.shares", "shares", before, shares)
    step.take({name: value for name, value in said.items() if name in free})


def _refuse_change(register: Register, step: Step, column: str, name: str, before: Any, after: Any) -> None:
    by_variation = name in {"award_pence", "starts_on", "ends_on", "splits", "shares"}
    way = "Propose a variation on the grant's page." if by_variation else "Change it on the grant's page."
    place = step.record.places.get(name, (step.record.row, column))
    register.problem(
        place[0],
        column,
        shown(name, after, step.item),
        f"{step.item.ref} is past its draft and has {shown(name, before, step.item)} here, which a register cannot "
        f"change. {way}",
    )


def _check_status(register: Register, step: Step) -> None:
    status = step.record.said.get("status")
    if status is not None and status != step.item.status:
        now = step.item.get_status_display().casefold()
        register.problem(
            step.record.row, "grant.status", status, f"The grant is {now} here. Change its status on its page."
        )


def _check_dates(register: Register, step: Step) -> None:
    starts, ends = step.item.starts_on, step.item.ends_on
    if starts and ends and ends < starts:
        register.problem(step.record.row, "grant.ends_on", str(ends), "The grant ends before it starts.")
    elif starts and ends and (problem := term_problem(starts, ends)):
        register.problem(step.record.row, "grant.ends_on", str(ends), problem)


def _money(
    register: Register,
    step: Step,
    splits_before: dict[tuple[Any, int], int] | None = None,
    shares_before: dict[Any, int] | None = None,
) -> None:
    """The splits, and the shares if any, must come to the award to the penny, as said or as they stand."""
    record, award = step.record, step.item.award_pence
    said = splits_in_pence(register, record, award, step.item.starts_on, step.item.ends_on)
    if said:
        step.splits = {spot: pence for spot, pence in said.items() if pence}
    if "shares" in record.said:
        shares = shares_in_pence(record.said["shares"], award)
        step.shares = {area: pence for area, pence in shares.items() if pence}
    splits = step.splits if step.splits is not None else splits_before
    shares_now = step.shares if step.shares is not None else shares_before
    unread = any((number, "grant.split") in register.unread for number, *_ in record.splits)
    if splits and not unread:
        _must_sum(register, record, "grant.split", splits.values(), award, "The amounts from sources")
    elif step.item.status != Commitment.Status.DRAFT and not record.splits:
        register.problem(record.row, "grant.source", "", "Say which source pays: only a draft can go without.")
    if shares_now:
        _must_sum(register, record, "grant.shares", shares_now.values(), award, "The shares of areas")
    if not step.is_new:
        _note("splits", step, splits_before, step.splits)
        _note("shares", step, shares_before, step.shares)


def _note(name: str, step: Step, before: Any, after: Any) -> None:
    if after is not None and after != before:
        step.before[name], step.after[name] = before, after


def _must_sum(register: Register, record: Record, column: str, parts: Any, award: int, what: str) -> None:
    total = sum(parts)
    if total != award:
        side = "short of" if total < award else "above"
        register.problem(
            record.row,
            column,
            str(Money(total)),
            f"{what} come to {Money(total)}, which is {Money(abs(award - total))} {side} the award of {Money(award)}.",
        )


def current_splits(commitment: Commitment) -> dict[tuple[Any, int], int]:
    return {(row.source, row.year): row.amount_pence for row in commitment.splits.all()}


def current_shares(commitment: Commitment) -> dict[Any, int]:
    return {row.area: row.amount_pence for row in commitment.area_shares.all()}


def _check_room(register: Register, layer: str, steps: list[Step]) -> None:
    """New grants past the draft take money: together no more than is left of each source and year."""
    wanted: dict[tuple[Any, int], int] = defaultdict(int)
    first: dict[tuple[Any, int], int] = {}
    for step in steps:
        if step.is_new and step.splits and step.item.status != Commitment.Status.DRAFT:
            for spot, pence in step.splits.items():
                wanted[spot] += pence
                first.setdefault(spot, step.record.row)
    rooms = headrooms(layer) if wanted else {}
    for (source, year), pence in sorted(wanted.items(), key=lambda each: (each[0][1], each[0][0].pk)):
        left = max(rooms.get((source.pk, year), Headroom()).left, 0)
        if pence > left:
            register.problem(
                first[source, year],
                "grant.source",
                str(source),
                f"The new grants take {Money(pence)} from {source} in {FinancialYear(year)}, of which {Money(left)} is "
                "left to promise. Record the allocation first, or ask finance for an overcommitment.",
            )
