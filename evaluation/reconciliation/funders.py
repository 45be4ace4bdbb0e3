"""The unit as a grantee: what funders offered, what they paid, and what was certified."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet, Sum

from evaluation.reconciliation.books import Books
from evaluation.reconciliation.registry import Pair, Subject, check
from programmes.models import AgreementChange, Claim, FunderAgreement, Receipt

FUNDERS = Subject.FUNDERS


def _agreements(books: Books) -> QuerySet[FunderAgreement]:
    return FunderAgreement.objects.filter(layer=books.layer, year=books.year).order_by("ref")


@check(
    "funder-offer",
    FUNDERS,
    title="Offers and the changes funders approved",
    left="offer of each agreement",
    right="the last amount its funder approved",
)
def offers(books: Books) -> Iterator[Pair]:
    """An offer whose funder approved another amount is that amount."""
    changes = AgreementChange.objects.filter(
        agreement__in=_agreements(books), status=AgreementChange.Status.APPROVED, amount_pence__isnull=False
    )
    last = dict(changes.order_by("decided_on", "number").values_list("agreement_id", "amount_pence"))
    for pk, ref, offer in _agreements(books).values_list("pk", "ref", "offer_pence"):
        approved = last.get(pk)
        if approved is not None:
            yield Pair(f"Agreement {ref}", offer, approved)


@check(
    "funder-received",
    FUNDERS,
    title="Money received above the offer",
    left="claims agreed and money received beyond the offer",
    right="nothing",
)
def received(books: Books) -> Iterator[Pair]:
    """No funder was asked for more, nor paid more, than it offered."""
    within = {"agreement__in": _agreements(books)}
    receipts = dict(
        Receipt.objects.filter(**within).order_by().values_list("agreement_id").annotate(Sum("amount_pence"))
    )
    agreed = Claim.objects.filter(**within, status=Claim.Status.AGREED)
    claims = dict(agreed.order_by().values_list("agreement_id").annotate(Sum("amount_pence")))
    for pk, ref, offer in _agreements(books).values_list("pk", "ref", "offer_pence"):
        yield Pair(f"Agreement {ref}, received", max(receipts.get(pk, 0) - offer, 0), 0)
        yield Pair(f"Agreement {ref}, claimed", max(claims.get(pk, 0) - offer, 0), 0)
