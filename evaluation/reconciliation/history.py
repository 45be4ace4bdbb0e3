"""Rows against their own history: every save writes what it made of a field, so a row changed past the site shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from evaluation.reconciliation.books import Books
from evaluation.reconciliation.registry import Pair, Subject, check
from grants.models import Commitment, ConsortiumPartner, GrantClosing, Payment, RecoveryDebt, Variation, Virement
from programmes.models import (
    AgreementChange,
    Allocation,
    BudgetLine,
    Claim,
    FunderAgreement,
    Overcommitment,
    Receipt,
    YearEndStatement,
)

OF_AWARD = "commitment"
OF_AGREEMENT = "agreement"
OF_YEAR = "year"


@dataclass(frozen=True, slots=True)
class Kept:
    """A model whose history is kept, the amounts looked at, and what places a row in a year and layer."""

    model: type[Model]
    columns: tuple[str, ...]
    belongs: str

    @property
    def noun(self) -> str:
        return str(self.model._meta.verbose_name).capitalize()

    def rows(self, books: Books) -> QuerySet[Any]:
        everything = self.model._default_manager.order_by("pk")
        if self.model is Commitment:
            return everything.filter(pk__in=books.touching.values("pk"))
        if self.belongs == OF_AWARD:
            return everything.filter(commitment__in=books.touching.values("pk"))
        if self.belongs == OF_AGREEMENT:
            return everything.filter(agreement__layer=books.layer, agreement__year=books.year)
        return everything.filter(layer=books.layer, year=books.year)


KEPT = (
    Kept(Commitment, ("award_pence",), OF_AWARD),
    Kept(Variation, ("before_pence", "after_pence"), OF_AWARD),
    Kept(Payment, ("amount_pence",), OF_AWARD),
    Kept(RecoveryDebt, ("amount_pence",), OF_AWARD),
    Kept(ConsortiumPartner, ("share_pence",), OF_AWARD),
    Kept(GrantClosing, ("award_pence", "paid_pence", "spent_pence", "unspent_pence"), OF_AWARD),
    Kept(Virement, ("amount_pence",), OF_YEAR),
    Kept(Allocation, ("amount_pence",), OF_YEAR),
    Kept(Overcommitment, ("amount_pence",), OF_YEAR),
    Kept(BudgetLine, ("amount_pence",), OF_YEAR),
    Kept(FunderAgreement, ("offer_pence",), OF_YEAR),
    Kept(AgreementChange, ("amount_pence",), OF_AGREEMENT),
    Kept(Claim, ("amount_pence",), OF_AGREEMENT),
    Kept(Receipt, ("amount_pence",), OF_AGREEMENT),
    Kept(YearEndStatement, ("spent_pence", "returned_pence"), OF_AGREEMENT),
)
_ACTION = LogEntry.Action


@check(
    "history",
    Subject.HISTORY,
    title="Rows and their history",
    left="the last amount in each row's history",
    right="the row of today; nothing where the row is gone and nobody took it away",
)
def history(books: Books) -> Iterator[Pair]:
    """Awards, variations, payments, debts, closings, allocations, agreements, claims, receipts, virements and budget
    lines are what their history says they were last made, and none is gone that nobody took away. A row without a
    history is left.
    """
    for kept in KEPT:
        yield from _changed(books, kept)
        yield from _gone(books, kept)


def _changed(books: Books, kept: Kept) -> Iterator[Pair]:
    rows = kept.rows(books)
    entries = _entries(kept).filter(object_id__in=rows.order_by().values("pk"))
    said: dict[tuple[int, str], int | None] = {}
    for pk, changes in entries.values_list("object_id", "changes"):
        for column in kept.columns:
            if column in (changes or {}):
                said[pk, column] = _pence(changes[column][1])
    agreed = 0
    for row in rows.values("pk", *kept.columns):
        for column in kept.columns:
            if (row["pk"], column) not in said:
                continue
            left, right = said[row["pk"], column] or 0, row[column] or 0
            if left == right:
                agreed += left
            else:
                yield Pair(f"{kept.noun} {_named(kept, row['pk'])}, {_words(column)}", left, right)
    yield Pair(f"{kept.noun}: all others", agreed, agreed)


def _gone(books: Books, kept: Kept) -> Iterator[Pair]:
    """Rows that were made and are no longer there, although nobody took them away."""
    mine = LogEntry.objects.filter(content_type=OuterRef("content_type"), object_id=OuterRef("object_id"))
    lost = (
        _entries(kept)
        .filter(action=_ACTION.CREATE)
        .filter(~Exists(kept.model._default_manager.filter(pk=OuterRef("object_id"))))
        .filter(~Exists(mine.filter(action=_ACTION.DELETE)))
    )
    for representation, changes in lost.values_list("object_repr", "changes"):
        if not _belongs(books, kept, changes or {}):
            continue
        for column in kept.columns:
            if column in changes:
                yield Pair(f"{kept.noun} {representation}, gone", _pence(changes[column][1]) or 0, 0)


def _belongs(books: Books, kept: Kept, changes: dict[str, Any]) -> bool:
    def made(column: str) -> str:
        return str(changes.get(column, ["", ""])[1])

    if kept.belongs == OF_YEAR:
        return made("layer") == books.layer and made("year") == str(books.year)
    if kept.belongs == OF_AGREEMENT:
        return (
            made("agreement").isdecimal()
            and FunderAgreement.objects.filter(pk=int(made("agreement")), layer=books.layer, year=books.year).exists()
        )
    if kept.model is Commitment:
        return True
    return made("commitment").isdecimal() and int(made("commitment")) in books.awards


def _entries(kept: Kept) -> QuerySet[LogEntry]:
    names = Q()
    for column in kept.columns:
        names |= Q(changes__has_key=column)
    kind = ContentType.objects.get_for_model(kept.model)
    made = LogEntry.objects.filter(content_type=kind, action__in=(_ACTION.CREATE, _ACTION.UPDATE))
    return made.filter(names).order_by("timestamp", "pk")


def _pence(text: object) -> int | None:
    return int(str(text)) if str(text).lstrip("-").isdecimal() else None


def _words(column: str) -> str:
    return column.removesuffix("_pence").replace("_", " ")


def _named(kept: Kept, pk: int) -> str:
    return str(kept.model._default_manager.get(pk=pk))
