"""Taking the ledger of a year in, and settling its lines: matched, unmatched, explained."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from grants.actions.texts import check_reason
from grants.errors import ActionRefused
from grants.imports.ledger_matching import Match, candidates, match
from grants.imports.ledger_position import LineKey, live_ledger
from grants.imports.ledger_reading import LedgerRows, headings_of, read_rows
from grants.models import LedgerImport, LedgerLine, Payment
from vru.accounts.models import AuditEvent, ColumnMapping, Role, User
from vru.lib.files.kinds import ODS, XLSX, FileKind, kind_of
from vru.lib.files.names import safe_name
from vru.lib.files.scanning import ScannerUnavailable, Verdict, scan
from vru.lib.files.stored import StoredFile
from vru.lib.files.storing import undone_on_failure
from vru.lib.files.taking import TakenFile
from vru.lib.periods import FinancialYear
from vru.lib.tables import TableRefused, headings_hash, read_table

CSV = FileKind("text/csv", "csv")
Outcome, On = LedgerLine.Outcome, LedgerLine.MatchedOn


@dataclass(frozen=True, slots=True)
class DryRun:
    """What taking a file in would do. ``matches`` is empty while the file has a problem."""

    rows: LedgerRows
    matches: tuple[Match, ...] = ()

    def count(self, outcome: str) -> int:
        return sum(each.outcome == outcome for each in self.matches)

    def pence(self, outcome: str) -> int:
        return sum(each.line.amount_pence for each in self.matches if each.outcome == outcome)

    @property
    def may_be_taken(self) -> bool:
        return bool(self.rows.lines) and not self.rows.problems and not self.rows.missing


def _check_keeper(by: User | None) -> None:
    """``by`` None is the site itself: demonstrations."""
    if by is not None and not by.has_role(Role.FINANCE_OFFICER):
        raise ActionRefused("Only a finance officer can keep the ledger.")


def dry_run(*, data: bytes, name: str, year: int, layer: str, columns: Mapping[str, str] | None = None) -> DryRun:
    """Read and match a file without keeping anything of it. ``columns`` maps fields to headings; left out, they are
    those said before for the same headings, or guessed. Raises ``ActionRefused`` for a file that is no table.
    """
    try:
        sheet = read_table(data, name).first
        headings = tuple(cell.strip() for cell in headings_of(sheet)[0].cells)
        rows = read_rows(sheet, FinancialYear(year), columns if columns is not None else remembered(headings))
    except TableRefused as refused:
        raise ActionRefused(str(refused)) from refused
    if rows.problems or rows.missing or not rows.lines:
        return DryRun(rows)
    live = live_ledger(year, layer)
    return DryRun(rows, tuple(match(rows.lines, candidates(year, layer, leaving=live.pk if live else None))))


def remembered(headings: tuple[str, ...]) -> dict[str, str] | None:
    """The columns that somebody chose for a file with exactly these headings."""
    kept = ColumnMapping.objects.filter(purpose=ColumnMapping.Purpose.LEDGER, headings_hash=headings_hash(headings))
    found: dict[str, str] | None = kept.values_list("columns", flat=True).first()
    return found


def take_file(name: str, data: bytes) -> TakenFile:
    """The uploaded file as it is kept: its kind by content, scanned. Raises ``ActionRefused``."""
    kind = CSV
    if data.startswith(b"PK"):
        try:
            kind = kind_of(data)
        except ValueError as refused:
            raise ActionRefused(str(refused)) from refused
        if kind not in (XLSX, ODS):
            raise ActionRefused("Upload a CSV file, an Excel workbook (.xlsx) or an OpenDocument spreadsheet (.ods).")
    try:
        verdict = scan(data, settings.CLAMAV_ADDRESS)
    except ScannerUnavailable as error:
        raise ActionRefused("Files cannot be checked for viruses at the moment. Try again in an hour.") from error
    if verdict is Verdict.INFECTED:
        raise ActionRefused("The file holds a virus and was not kept. Check the device that it came from.")
    checked = StoredFile.Scan.CLEAN if verdict is Verdict.CLEAN else StoredFile.Scan.NOT_SCANNED
    return TakenFile(safe_name(name, kind.extension), data, kind, checked, hashlib.sha256(data).hexdigest())


def import_ledger(
    *, data: bytes, name: str, year: int, layer: str, columns: Mapping[str, str], by: User
) -> LedgerImport:
    """Keep the file and its lines, and replace the year's earlier ledger; all or nothing.

    What somebody settled on a line that both files hold goes with it. The same file again gives the ledger that is
    there. Raises ``ActionRefused`` when any row has a problem.
    """
    _check_keeper(by)
    taken = take_file(name, data)
    with undone_on_failure() as stored:
        try:
            return _import(taken, year, layer, columns, by, stored)
        except IntegrityError as error:
            raise ActionRefused(
                "Somebody else took a ledger in at the same moment. Look at it, then try again."
            ) from error


@transaction.atomic
def _import(
    taken: TakenFile, year: int, layer: str, columns: Mapping[str, str], by: User, stored: list[FieldFile]
) -> LedgerImport:
    _lock(layer)
    earlier = live_ledger(year, layer)
    if earlier is not None and earlier.sha256 == taken.sha256 and earlier.columns == dict(columns):
        return earlier
    found = dry_run(data=taken.data, name=taken.name, year=year, layer=layer, columns=columns)
    if not found.may_be_taken:
        raise ActionRefused("The file cannot be taken in: mend the rows that are listed, then upload it again.")
    now = timezone.now()
    if earlier is not None:
        earlier.superseded_at = now
        earlier.save(update_fields=["superseded_at"])
    ledger = LedgerImport(
        **taken.columns,
        year=year,
        layer=layer,
        columns=found.rows.columns,
        total_pence=found.rows.total_pence,
        uploaded_by=by,
        uploaded_at=now,
    )
    taken.store(ledger.file, stored)
    ledger.save()
    LedgerLine.objects.bulk_create(
        _settled_before(earlier, [_line(ledger, each) for each in found.matches]), batch_size=500
    )
    ColumnMapping.objects.update_or_create(
        purpose=ColumnMapping.Purpose.LEDGER,
        headings_hash=headings_hash(found.rows.headings),
        defaults={"columns": found.rows.columns, "saved_by": by, "saved_at": now},
    )
    AuditEvent.record(
        "ledger taken in", ledger, by=by, lines=len(found.rows.lines), total=found.rows.total_pence, sha256=taken.sha256
    )
    return ledger


def _lock(layer: str) -> list[LedgerImport]:
    """The ledgers that count in the layer: whoever matches holds them all, so that no payment is matched twice."""
    live = LedgerImport.objects.select_for_update().filter(layer=layer, superseded_at__isnull=True)
    return list(live.order_by("pk"))


def _line(ledger: LedgerImport, found: Match) -> LedgerLine:
    line = found.line
    return LedgerLine(
        ledger=ledger,
        row=line.row,
        posted_on=line.posted_on,
        reference=line.reference,
        supplier_reference=line.supplier_reference,
        description=line.description,
        amount_pence=line.amount_pence,
        outcome=found.outcome,
        payment_id=found.payment.pk if found.payment else None,
        matched_on=found.on,
        difference_pence=found.difference_pence,
    )


def _settled_before(earlier: LedgerImport | None, lines: list[LedgerLine]) -> list[LedgerLine]:
    """The new lines with what people settled on the same lines of the earlier file: matches by hand, explanations."""
    if earlier is None:
        return lines
    settled: dict[LineKey, list[LedgerLine]] = defaultdict(list)
    for old in earlier.lines.select_related("payment").order_by("-row"):
        if old.explanation or old.matched_on == On.PERSON:
            settled[_key(old)].append(old)
    taken = {line.payment_id for line in lines if line.payment_id}
    for line in lines:
        if not settled[_key(line)]:
            continue
        old = settled[_key(line)].pop()
        by_hand = old.payment if old.matched_on == On.PERSON else None
        if by_hand is not None and line.outcome == Outcome.UNMATCHED and by_hand.pk not in taken:
            _put(line, by_hand)
            taken.add(by_hand.pk)
        if line.payment_id == old.payment_id and line.outcome != Outcome.MATCHED:
            line.explanation, line.explained_by_id = old.explanation, old.explained_by_id
    return lines


def _key(line: LedgerLine) -> LineKey:
    return LineKey(line.reference, line.supplier_reference, line.posted_on.isoformat(), line.amount_pence)


def _put(line: LedgerLine, payment: Payment) -> None:
    line.payment, line.matched_on = payment, On.PERSON
    line.difference_pence = line.amount_pence - payment.amount_pence
    line.outcome = Outcome.DIFFERENT if line.difference_pence else Outcome.MATCHED


def _locked_line(line: LedgerLine) -> LedgerLine:
    _lock(line.ledger.layer)
    locked = LedgerLine.objects.select_for_update(of=("self",)).select_related("ledger", "payment").get(pk=line.pk)
    if locked.ledger.superseded_at is not None:
        raise ActionRefused("A later file replaced this ledger. Look at the line in the new one.")
    return locked


@transaction.atomic
def match_line(*, line: LedgerLine, payment: Payment, by: User) -> LedgerLine:
    """Say which payment a line is. Raises ``ActionRefused`` for one that another line has, or that was not made."""
    _check_keeper(by)
    locked = _locked_line(line)
    if locked.payment_id is not None:
        raise ActionRefused("This line is matched already. Take the match off first.")
    ours = Payment.objects.select_related("commitment__programme").get(pk=payment.pk)
    if ours.status != Payment.Status.PAID or ours.commitment.programme.layer != locked.ledger.layer:
        raise ActionRefused("Only a payment that was made can be in the ledger.")
    held = LedgerLine.objects.filter(payment=ours, ledger__superseded_at__isnull=True).select_related("ledger").first()
    if held is not None:
        raise ActionRefused(f"This payment is matched to row {held.row} of “{held.ledger.name}” already.")
    _put(locked, ours)
    locked.explanation, locked.explained_by = "", None
    locked.save()
    AuditEvent.record("ledger line matched", locked, by=by, payment=ours.pk, difference=locked.difference_pence)
    return locked


@transaction.atomic
def unmatch_line(*, line: LedgerLine, by: User) -> LedgerLine:
    """Take a match off: the line then matches nothing, and what was explained about it is gone with it."""
    _check_keeper(by)
    locked = _locked_line(line)
    if locked.payment_id is None:
        return locked
    was = locked.payment_id
    locked.payment, locked.matched_on, locked.difference_pence = None, "", 0
    locked.outcome, locked.explanation, locked.explained_by = Outcome.UNMATCHED, "", None
    locked.save()
    AuditEvent.record("ledger line unmatched", locked, by=by, payment=was)
    return locked


@transaction.atomic
def explain_line(*, line: LedgerLine, explanation: str, by: User) -> LedgerLine:
    """Say in words why a line differs or matches nothing. A line that agrees needs no words."""
    _check_keeper(by)
    words = check_reason(explanation, "Say why the line differs: what you write is kept with it.")
    locked = _locked_line(line)
    if locked.outcome == Outcome.MATCHED:
        raise ActionRefused("This line agrees with its payment, so there is nothing to explain.")
    before, locked.explanation, locked.explained_by = locked.explanation, words, by
    locked.save(update_fields=["explanation", "explained_by"])
    AuditEvent.record("ledger line explained", locked, by=by, reason=words, before=before)
    return locked
