"""An uploaded register on its way: kept, its columns named, checked, and taken over or put aside."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from grants.errors import ActionRefused
from grants.imports.ledger import take_file
from grants.imports.register import apply_register, check_register
from grants.imports.register_columns import BY_FIELD
from grants.imports.register_reading import sheet_of
from grants.models import RegisterImport
from vru.accounts.models import AuditEvent, ColumnMapping, User
from vru.accounts.permissions import can_edit_programmes
from vru.lib.files.storing import undone_on_failure
from vru.lib.layers import Layer
from vru.lib.tables import Row, Table, TableRefused, headings_hash, read_table

Status = RegisterImport.Status
_WAITING = (Status.UPLOADED, Status.CHECKED, Status.REFUSED)


def read_file(name: str, data: bytes) -> Table:
    """Raises ``ActionRefused`` for a file that is no table."""
    try:
        return read_table(data, name)
    except TableRefused as refused:
        raise ActionRefused(str(refused)) from refused


def table_of(item: RegisterImport) -> Table:
    with item.file.open("rb") as kept:
        return read_file(item.name, kept.read())


def headings_of(table: Table) -> tuple[Row, tuple[Row, ...], dict[str, int]]:
    """The headings, the rows below them, and what the columns seem to mean."""
    _, headings, rows, suggested = sheet_of(table)
    return headings, rows, suggested


def upload_register(*, name: str, data: bytes, layer: str, by: User) -> RegisterImport:
    """Keep a file. Columns that somebody named for the same headings before are taken again, and the file is checked at
    once; otherwise they are suggested and wait to be named. Raises ``ActionRefused``.
    """
    _check_importer(by)
    if layer == Layer.PUBLISHED:
        raise ActionRefused("Published records are read from documents, so no register is taken over into them.")
    # The table's own limits and sentences come first; only a readable file is kept.
    table = read_file(name, data)
    taken = take_file(name, data)
    headings, _, suggested = headings_of(table)
    known = ColumnMapping.objects.filter(
        purpose=ColumnMapping.Purpose.REGISTER, headings_hash=headings_hash(headings.cells)
    ).first()
    columns = known.columns if known else {field: headings.cells[at] for field, at in suggested.items()}
    with undone_on_failure() as stored, transaction.atomic():
        item = RegisterImport(**taken.columns, layer=layer, columns=columns, uploaded_by=by, uploaded_at=timezone.now())
        taken.store(item.file, stored)
        item.save()
        AuditEvent.record("register uploaded", item, by=by, sha256=item.sha256)
    return check_upload(item=item, by=by, table=table) if known else item


@transaction.atomic
def name_columns(*, item: RegisterImport, columns: Mapping[str, str], by: User) -> RegisterImport:
    """Say which heading is which field, for this file and every later one with the same headings; then check the file.

    Raises ``ActionRefused`` for a field or a heading that does not exist.
    """
    _check_importer(by)
    locked = _locked(item)
    table = table_of(locked)
    headings, _, _ = headings_of(table)
    for field, heading in columns.items():
        if field not in BY_FIELD or heading not in headings.cells:
            raise ActionRefused(f"The file has no column “{heading[:40]}” for that. Choose the columns again.")
    locked.columns = dict(columns)
    locked.save(update_fields=["columns"])
    ColumnMapping.objects.update_or_create(
        purpose=ColumnMapping.Purpose.REGISTER,
        headings_hash=headings_hash(headings.cells),
        defaults={"columns": dict(columns), "saved_by": by, "saved_at": timezone.now()},
    )
    return check_upload(item=locked, by=by, table=table)


@transaction.atomic
def check_upload(*, item: RegisterImport, by: User, table: Table | None = None) -> RegisterImport:
    """Check the file against what is here now; nothing of it is written but what was found."""
    _check_importer(by)
    locked = _locked(item)
    plan = check_register(table or table_of(locked), layer=locked.layer, columns=locked.columns)
    locked.problems = [problem.as_json() for problem in plan.register.problems]
    locked.summary = plan.summary()
    locked.status = Status.CHECKED
    locked.save(update_fields=["problems", "summary", "status"])
    return locked


@transaction.atomic
def apply_upload(*, item: RegisterImport, by: User, today: datetime.date) -> RegisterImport:
    """Take the file over, exactly as it was shown. Raises ``ActionRefused``; a second press does nothing more."""
    _check_importer(by)
    locked = RegisterImport.objects.select_for_update().get(pk=item.pk)
    if locked.status == Status.APPLIED:
        return locked
    if locked.status != Status.CHECKED or locked.problems:
        raise ActionRefused("The file has problems or was not checked, so it cannot be taken over.")
    plan = apply_register(
        table_of(locked),
        layer=locked.layer,
        columns=locked.columns,
        by=by,
        today=today,
        agreed=locked.summary.get("digest", ""),
    )
    _decide(locked, Status.APPLIED, by)
    AuditEvent.record("register taken over", locked, by=by, sha256=locked.sha256, counts=plan.counts())
    return locked


@transaction.atomic
def discard_upload(*, item: RegisterImport, by: User) -> RegisterImport:
    _check_importer(by)
    locked = _locked(item)
    _decide(locked, Status.DISCARDED, by)
    AuditEvent.record("register put aside", locked, by=by, sha256=locked.sha256)
    return locked


def _decide(item: RegisterImport, status: RegisterImport.Status, by: User) -> None:
    item.status, item.decided_by, item.decided_at = status, by, timezone.now()
    item.save(update_fields=["status", "decided_by", "decided_at"])


def _locked(item: RegisterImport) -> RegisterImport:
    locked = RegisterImport.objects.select_for_update().get(pk=item.pk)
    if locked.status not in _WAITING:
        raise ActionRefused("This upload was decided already. Upload the file again.")
    return locked


def _check_importer(by: User) -> None:
    if not can_edit_programmes(by):
        raise ActionRefused("Only programme managers and the director import a register.")
