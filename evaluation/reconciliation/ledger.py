"""The finance system's ledger against our payments."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Sum

from evaluation.reconciliation.books import Books
from evaluation.reconciliation.registry import Pair, Subject, check
from grants.imports.ledger_position import missing_payments
from grants.models import LedgerImport, LedgerLine

LEDGER = Subject.LEDGER


def _live(books: Books) -> LedgerImport | None:
    found = LedgerImport.objects.filter(layer=books.layer, year=books.year, superseded_at__isnull=True)
    return found.first()


@check(
    "ledger-file",
    LEDGER,
    title="The ledger file and its lines",
    left="what the file came to when it was read",
    right="its lines: matched, different and unmatched",
)
def file(books: Books) -> Iterator[Pair]:
    """The lines kept of the year's ledger come to what its file came to."""
    ledger = _live(books)
    if ledger is not None:
        summed = ledger.lines.aggregate(Sum("amount_pence"))["amount_pence__sum"] or 0
        yield Pair(f"Ledger of {books.scope.year}, {ledger.name}", ledger.total_pence, summed)


@check(
    "ledger-payments",
    LEDGER,
    title="The ledger and our payments",
    left="lines of the ledger that nobody has explained",
    right="the payments they are matched to; payments that the ledger should hold by its last day",
)
def payments(books: Books) -> Iterator[Pair]:
    """Every line of the year's ledger is a payment of ours with the same amount, and every payment made by the
    ledger's last day is in it. A line that differs or matches nothing is left once somebody has said why.
    """
    ledger = _live(books)
    if ledger is None:
        return
    lines = ledger.lines.filter(explanation="").select_related("payment__commitment").order_by("row")
    for line in lines:
        ours = line.payment.amount_pence if line.payment else 0
        yield Pair(f"Row {line.row}, {line.reference}", line.amount_pence, ours, _page(line))
    for payment in missing_payments(ledger):
        ref = payment.commitment.ref
        yield Pair(
            f"{ref}, payment {payment.number}, not in the ledger", 0, payment.amount_pence, ("grants:detail", ref)
        )


@check(
    "ledger-differences",
    LEDGER,
    title="Differences kept with the ledger's lines",
    left="the difference kept with each line",
    right="the line's amount less the payment's",
)
def differences(books: Books) -> Iterator[Pair]:
    """The difference kept with a line, explained or not, is still the one between the line and its payment; a line
    without a payment has none.
    """
    ledger = _live(books)
    if ledger is None:
        return
    for line in ledger.lines.select_related("payment__commitment").order_by("row"):
        apart = line.amount_pence - line.payment.amount_pence if line.payment else 0
        yield Pair(f"Row {line.row}, {line.reference}", line.difference_pence, apart, _page(line))


def _page(line: LedgerLine) -> tuple[str, str] | None:
    return ("grants:detail", line.payment.commitment.ref) if line.payment else None
