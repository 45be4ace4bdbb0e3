"""The illustrative year's ledger, as a finance system would give it, and the history of the money the generator made.

Every difference is invented with its explanation, so that reconciliation of the illustrative year is empty and a row
changed afterwards shows.
"""

from __future__ import annotations

import datetime
from random import Random
from typing import Any

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, Model, OuterRef

from grants.imports.ledger import explain_line, import_ledger
from grants.imports.ledger_matching import our_reference
from grants.models import Commitment, LedgerLine, Payment, Variation
from programmes.models import BudgetLine
from vru.accounts.models import User
from vru.demo.illustrative.plan import SEED, YEAR
from vru.demo.illustrative.world import at
from vru.lib.layers import Layer
from vru.lib.money import Money
from vru.lib.periods import FinancialYear
from vru.lib.sheets import Value, csv_bytes

HEADINGS = ("Posting date", "Document number", "Vendor", "Narrative", "Amount GBP")
COLUMNS = dict(zip(("posted_on", "reference", "supplier_reference", "description", "amount"), HEADINGS, strict=True))
# One line in so many is known by its supplier only, or differs from our payment.
BY_SUPPLIER, DIFFERENT = 9, 60
WITHHELD = 2_500
NOT_OURS = (
    ("BANK CHARGES", 4_150, "Bank charges of the quarter: the authority's own, not the unit's (illustrative)."),
    ("VENUE HIRE RECHARGE", 36_000, "Recharged by the authority's events team; no commitment here (illustrative)."),
    ("JOURNAL CORRECTION", -4_150, "Turns back the bank charges that were posted to the unit (illustrative)."),
)
WITHHELD_BECAUSE = "Posted net of £25.00 that the finance system withheld and paid a week later (illustrative)."
# What the generator writes many rows at a time, past the history that every other write has.
MADE_AT_ONCE: tuple[tuple[type[Model], tuple[str, ...], str], ...] = (
    (Commitment, ("award_pence",), "programme__layer"),
    (Variation, ("before_pence", "after_pence"), "commitment__programme__layer"),
    (Payment, ("amount_pence",), "commitment__programme__layer"),
    (BudgetLine, ("amount_pence",), "layer"),
)


def put_ledger(finance_officer: User) -> None:
    """To be called last: the ledger is made from the payments as they stand."""
    put_history_of_money()
    chance = Random(SEED + 19)
    rows = _lines(chance)
    if not rows:
        return
    ledger = import_ledger(
        data=csv_bytes(HEADINGS, rows),
        name=f"ledger-{FinancialYear(YEAR)}-illustrative.csv",
        year=YEAR,
        layer=Layer.ILLUSTRATIVE,
        columns=COLUMNS,
        by=finance_officer,
    )
    because = {narrative: words for narrative, _, words in NOT_OURS}
    for line in ledger.lines.exclude(outcome=LedgerLine.Outcome.MATCHED).order_by("row"):
        words = because.get(line.description, WITHHELD_BECAUSE)
        explain_line(line=line, explanation=words, by=finance_officer)


def _lines(chance: Random) -> list[tuple[Value, ...]]:
    year = FinancialYear(YEAR)
    payments = Payment.objects.filter(
        commitment__programme__layer=Layer.ILLUSTRATIVE,
        status=Payment.Status.PAID,
        paid_on__range=(year.starts_on, year.ends_on),
    ).select_related("commitment__organisation")
    last = payments.order_by("-paid_on").values_list("paid_on", flat=True).first()
    if last is None:
        return []
    # The file was exported ten days before the newest payment: what was paid since will be in the next one.
    until = last - datetime.timedelta(days=10)
    rows: list[tuple[datetime.date, str, str, str, int]] = []
    for number, payment in enumerate(
        payments.filter(paid_on__lte=until).order_by("paid_on", "commitment__ref", "number")
    ):
        supplier = payment.commitment.organisation.supplier_reference
        reference = our_reference(payment.commitment.ref, payment.number)
        pence = payment.amount_pence
        if number % DIFFERENT == DIFFERENT - 1 and pence > WITHHELD:
            pence -= WITHHELD
        elif number % BY_SUPPLIER == 0 and supplier:
            reference = f"FIN{100_000 + number}"
        assert payment.paid_on is not None  # Made: the query asks for nothing else.
        posted = min(payment.paid_on + datetime.timedelta(days=chance.randrange(4)), until)
        rows.append((posted, reference, supplier, payment.commitment.title[:60], pence))
    rows += [(until, f"JNL{900 + at}", "", narrative, pence) for at, (narrative, pence, _) in enumerate(NOT_OURS)]
    return [
        (f"{day:%d/%m/%Y}", reference, supplier, text, Money(pence).pounds)
        for day, reference, supplier, text, pence in sorted(rows)
    ]


def put_history_of_money() -> None:
    """The first entry of the history of each award, payment, variation and budget line that was made many at once."""
    entries = []
    for model, columns, layer in MADE_AT_ONCE:
        kind = ContentType.objects.get_for_model(model)
        known = LogEntry.objects.filter(content_type=kind, object_id=OuterRef("pk"), changes__has_key=columns[0])
        rows: Any = model._default_manager.filter(**{layer: Layer.ILLUSTRATIVE}).filter(~Exists(known)).order_by("pk")
        for row in rows:
            entries.append(
                LogEntry(
                    content_type=kind,
                    object_pk=str(row.pk),
                    object_id=row.pk,
                    object_repr=str(row)[:200],
                    action=LogEntry.Action.CREATE,
                    changes={column: ["None", str(getattr(row, column))] for column in _kept(row, columns)},
                    timestamp=at(FinancialYear(YEAR).starts_on),
                )
            )
    LogEntry.objects.bulk_create(entries, batch_size=500)


def _kept(row: Model, columns: tuple[str, ...]) -> list[str]:
    """The amounts, and what places the row in a year, a layer and an award."""
    names = {field.name for field in row._meta.concrete_fields}
    return [*columns, *(name for name in ("layer", "year") if name in names)]
