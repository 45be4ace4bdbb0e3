"""Taking a register over: every programme, organisation and grant of the file, or nothing at all."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from grants.actions.impartial import check_impartial
from grants.errors import ActionRefused
from grants.imports.register_plan import Plan, plan_register
from grants.imports.register_reading import read_register
from grants.imports.register_steps import Step
from grants.imports.register_values import Values
from grants.models import AreaShare, Commitment, FundingSplit
from programmes.models import FundingSource, StrategyVersion
from vru.accounts.actions.organisations import keep_former_name
from vru.accounts.history import create_with_history
from vru.accounts.models import AuditEvent, Organisation, User
from vru.accounts.permissions import can_edit_programmes
from vru.lib.tables import Table

_DRAFT = Commitment.Status.DRAFT
_BATCH = 500
_SET_APART = {"splits", "shares"}


def check_register(table: Table, *, layer: str, columns: Mapping[str, str] | None = None) -> Plan:
    """What taking the table over would do; nothing is written. A fixed number of queries for any number of rows.

    ``columns`` maps fields to headings; without it they are found by name. Raises TableRefused for an empty table.
    """
    values = Values(layer, StrategyVersion.objects.order_by("pk").last())
    return plan_register(read_register(table, values, columns), values)


@transaction.atomic
def apply_register(
    table: Table,
    *,
    layer: str,
    columns: Mapping[str, str] | None,
    by: User | None,
    today: datetime.date,
    agreed: str = "",
) -> Plan:
    """Write everything that ``check_register`` shows, with its history and audit trail, or nothing.

    ``agreed`` is the digest of the plan that a person said yes to. Raises ``ActionRefused`` for a person who may not,
    for a file with problems, and when what would be written is no longer what was agreed.
    """
    if by is not None and not can_edit_programmes(by):
        raise ActionRefused("Only programme managers and the director import a register.")
    # Of two imports at once, and of an import and an award, the second waits and is checked against the first.
    list(FundingSource.objects.select_for_update().order_by("pk"))
    plan = check_register(table, layer=layer, columns=columns)
    if not plan.ok:
        count = len(plan.register.problems)
        raise ActionRefused(f"The file has {count} {'problem' if count == 1 else 'problems'}, so nothing was written.")
    if agreed and plan.digest != agreed:
        raise ActionRefused(
            "Something here has changed since the file was checked, so nothing was written. Check the file again and "
            "look at what it would do now."
        )
    if by is not None:
        awarded = [step.item for step in plan.steps["grants"] if step.is_new and step.item.status != _DRAFT]
        theirs = {grant.organisation_id for grant in awarded if grant.organisation_id is not None}
        check_impartial(by, theirs, "take its awards over")
    _write(plan, "programmes", by)
    _write_organisations(plan, by, today)
    _write(plan, "grants", by)
    _write_parts(plan)
    return plan


def _write(plan: Plan, kind: str, by: User | None, before: Callable[[Step], None] | None = None) -> None:
    """Insert what is new and save what changes, each with an audit event."""
    steps = plan.steps[kind]
    new = [step for step in steps if step.is_new]
    create_with_history([step.item for step in new], by=by)
    events = [_event("imported", step.item, by, {"row": step.record.row}) for step in new]
    for step in steps:
        if not step.is_changed:
            continue
        if before is not None:
            before(step)
        fields = [name for name in step.after if name not in _SET_APART]
        if fields:
            step.item.save(update_fields=fields)
        changes = {label: [old, now] for label, old, now in step.lines()}
        events.append(_event("changed by import", step.item, by, {"row": step.record.row, "changes": changes}))
    AuditEvent.objects.bulk_create(events, batch_size=_BATCH)


def _write_organisations(plan: Plan, by: User | None, today: datetime.date) -> None:
    def keep_name(step: Step) -> None:
        if "name" in step.after:
            keep_former_name(step.item, step.before["name"], today)
            step.item.former_names.filter(name__iexact=step.after["name"]).delete()

    held = [step.item.pk for step in plan.steps["organisations"] if step.is_changed]
    for start in range(0, len(held), _BATCH):
        list(Organisation.objects.select_for_update().filter(pk__in=held[start : start + _BATCH]).order_by("pk"))
    _write(plan, "organisations", by, keep_name)


def _write_parts(plan: Plan) -> None:
    """Splits and shares: of new grants, and of drafts where the file says something else."""
    splits: list[FundingSplit] = []
    shares: list[AreaShare] = []
    for step in plan.steps["grants"]:
        grant: Commitment = step.item
        if step.splits is not None and (step.is_new or "splits" in step.after):
            if not step.is_new:
                grant.splits.all().delete()
            splits += [
                FundingSplit(commitment=grant, source=source, year=year, amount_pence=pence)
                for (source, year), pence in step.splits.items()
            ]
        if step.shares is not None and (step.is_new or "shares" in step.after):
            if not step.is_new:
                grant.area_shares.all().delete()
            shares += [
                AreaShare(commitment=grant, area=area, amount_pence=pence) for area, pence in step.shares.items()
            ]
    FundingSplit.objects.bulk_create(splits, batch_size=_BATCH)
    AreaShare.objects.bulk_create(shares, batch_size=_BATCH)


def _event(action: str, item: Any, by: User | None, details: dict[str, Any]) -> AuditEvent:
    return AuditEvent(
        actor=by,
        action=action,
        subject_type=item._meta.label_lower,
        subject_id=str(item.pk),
        subject_label=str(item)[:300],
        details=details,
    )
